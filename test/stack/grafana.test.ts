import { Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  Grafana,
  type GrafanaOptions,
  type GrafanaProps,
  ImagePullPolicy,
  type PlacementProps,
  Query,
  ServiceType,
  ThanosDashboards,
} from '../../src/index';
import { find, type Json } from '../render';
import { make, type Made } from '../component/made';
import { objects } from './stacks';
import { everyPropReachesTheManifest } from '../component/prop-cases';

const URL = 'http://thanos-query-frontend.monitoring.svc.cluster.local:10902';
const DIGEST = `sha256:${'a1'.repeat(32)}`;

function grafana(props: Partial<GrafanaProps> = {}): Made<Grafana> {
  return make((scope) => new Grafana(scope, 'Grafana', { datasourceUrl: URL, ...props }));
}

function names(items: Json[]): string[] {
  return items.map((item) => item.name);
}

it('provisions Thanos as its data source, under a uid that dashboards can name', () => {
  const made = grafana();
  const file = find(made.objects, 'ConfigMap', 'grafana-datasources').data['thanos.yaml'];
  expect(parse(file)).toEqual({
    apiVersion: 1,
    datasources: [
      {
        name: 'Thanos',
        uid: 'thanos',
        type: 'prometheus',
        access: 'proxy',
        url: URL,
        isDefault: true,
        jsonData: { prometheusType: 'Thanos', httpMethod: 'POST' },
      },
    ],
  });
  expect(made.container.volumeMounts).toContainEqual({
    name: 'datasources',
    mountPath: '/etc/grafana/provisioning/datasources',
    readOnly: true,
  });
});

it('another URL rolls the pod, since Grafana reads the file when it starts', () => {
  const sum = (datasourceUrl: string) =>
    grafana({ datasourceUrl }).template.metadata.annotations['checksum/datasources'];
  expect(sum(URL)).toMatch(/^[0-9a-f]{64}$/);
  expect(sum(URL)).not.toBe(sum('http://other:10902'));
});

describe('dashboards', () => {
  const shown = (props: Partial<GrafanaProps> = {}) =>
    make((scope) => {
      const of = (instance: string): ThanosDashboards => {
        const query = new Query(scope, `Query-${instance}`, { endpoints: ['a:10901'], instance });
        const folder = instance === 'thanos' ? undefined : 'Far';
        return new ThanosDashboards(scope, `Dashboards-${instance}`, { components: [query], folder });
      };
      return new Grafana(scope, 'Grafana', { datasourceUrl: URL, dashboards: [of('thanos'), of('eu')], ...props });
    });

  it('are read from a folder for each stack', () => {
    const made = shown();
    const { providers } = parse(find(made.objects, 'ConfigMap', 'grafana-dashboards').data['thanos.yaml']);
    expect(providers.map(({ type, folder, options }: Json) => [type, folder, options.path])).toEqual([
      ['file', 'Thanos', '/etc/grafana/dashboards/thanos'],
      ['file', 'Far', '/etc/grafana/dashboards/eu'],
    ]);
    const mounts = made.container.volumeMounts.filter(({ name }: Json) => /dashboard/.test(name));
    expect(mounts.map(({ mountPath, readOnly }: Json) => [mountPath, readOnly])).toEqual([
      ['/etc/grafana/provisioning/dashboards', true],
      ['/etc/grafana/dashboards', true],
    ]);
  });

  it('are mounted by the keys that their ConfigMaps have', () => {
    const made = shown();
    const { sources } = made.pod.volumes.find(({ name }: Json) => name === 'thanos-dashboards').projected;
    expect(sources.map(({ configMap }: Json) => configMap.items[0].path)).toEqual(
      ['thanos', 'eu'].flatMap((stack) => ['overview', 'query'].map((board) => `${stack}/${board}.json`)),
    );
    for (const { configMap } of sources) {
      const { data } = find(made.objects, 'ConfigMap', configMap.name);
      expect(JSON.parse(data[configMap.items[0].key]).title).toMatch(/^Thanos /);
    }
  });

  it('start no pod anew when one changes, but when the list of stacks does', () => {
    const sum = (dashboards?: ThanosDashboards[]) =>
      shown(dashboards ? { dashboards } : {}).template.metadata.annotations['checksum/dashboards'];
    expect(sum()).toMatch(/^[0-9a-f]{64}$/);
    expect(sum([])).toBeUndefined();
  });

  it('of another namespace are refused, and what is no dashboard', () => {
    expect(() => shown({ namespace: 'obs' })).toThrow(
      'test/Grafana: dashboards: are in namespace monitoring, this Grafana in obs: no pod mounts across',
    );
    expect(() => grafana({ dashboards: [{} as never] })).toThrow(
      'test/Grafana: dashboards: [0]: is an object, not ThanosDashboards',
    );
  });

  it('of its stack are shown by a stack', () => {
    const all = objects({ monitoring: { dashboards: {} } });
    const { spec } = find(all, 'Deployment', 'grafana').spec.template;
    const { sources } = spec.volumes.find(({ name }: Json) => name === 'thanos-dashboards').projected;
    const made = all.filter(({ metadata }) => /-dashboard-/.test(metadata.name)).map(({ metadata }) => metadata.name);
    expect(sources.map(({ configMap }: Json) => configMap.name)).toEqual(made);
    expect(() => objects({ grafana: { dashboards: [] } as never })).toThrow(
      'dashboards: comes from the stack; give monitoring: { dashboards: {} } to the stack',
    );
  });
});

it('takes the administrator from the Secret grafana-admin, never from the manifest', () => {
  const { container } = grafana();
  const from = (key: string) => ({ secretKeyRef: { name: 'grafana-admin', key } });
  expect(container.env).toEqual([
    { name: 'GF_SECURITY_ADMIN_USER', valueFrom: from('admin-user') },
    { name: 'GF_SECURITY_ADMIN_PASSWORD', valueFrom: from('admin-password') },
  ]);
});

it('takes the administrator as files where asked, under the names of its keys', () => {
  const { template: pod } = grafana({ admin: { files: true, secretName: 'admins', userKey: 'u', passwordKey: 'p' } });
  const items = [
    { key: 'u', path: 'user' },
    { key: 'p', path: 'password' },
  ];
  expect(pod.spec.volumes).toContainEqual({ name: 'admin', secret: { secretName: 'admins', items } });
  const [{ env, volumeMounts }] = pod.spec.containers;
  expect(env).toEqual([
    { name: 'GF_SECURITY_ADMIN_USER__FILE', value: '/etc/grafana/admin/user' },
    { name: 'GF_SECURITY_ADMIN_PASSWORD__FILE', value: '/etc/grafana/admin/password' },
  ]);
  expect(volumeMounts).toContainEqual({ name: 'admin', mountPath: '/etc/grafana/admin', readOnly: true });
});

it('runs as its own user, and writes into emptyDirs alone', () => {
  const { pod, container } = grafana();
  expect(pod.securityContext).toMatchObject({ runAsUser: 472, fsGroup: 472, runAsNonRoot: true });
  expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
  expect(pod.volumes.filter((v: Json) => v.emptyDir)).toEqual([
    { name: 'data', emptyDir: { sizeLimit: '2Gi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
  ]);
});

it('is restarted when its web server hangs, and gets no traffic while its database does', () => {
  const { container } = grafana();
  expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
  expect(container.readinessProbe.httpGet).toEqual({ path: '/api/health', port: 'http' });
});

it('has a limit of memory, which a higher request lifts', () => {
  const of = (resources: GrafanaOptions['resources']) => grafana({ resources }).container.resources;
  const requests = { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' };
  expect(of(undefined)).toEqual({ requests, limits: { memory: '1Gi' } });
  expect(of({ requests: { memory: Size.gibibytes(3) } })).toEqual({
    requests: { ...requests, memory: '3Gi' },
    limits: { memory: '3Gi' },
  });
});

it('leaves its ids to OpenShift', () => {
  expect(grafana({ security: { openShift: true } }).pod.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

it('is named grafana in the stack thanos, and after its stack in any other', () => {
  expect(grafana().construct.name).toBe('grafana');
  expect(grafana({ instance: 'eu' }).construct.name).toBe('eu-grafana');
});

it('has no way to be given the bucket', () => {
  expect(() => grafana({ objstore: {} } as never)).toThrow('test/Grafana: props: has no field "objstore"');
});

describe('props', () => {
  everyPropReachesTheManifest<GrafanaOptions & PlacementProps, Grafana>(
    {
      name: {
        value: 'dashboards',
        reaches: (made) => {
          expect(made.workload.metadata.name).toBe('dashboards');
          expect(find(made.objects, 'Service', 'dashboards').spec.selector).toEqual(
            made.workload.spec.selector.matchLabels,
          );
          expect(made.pod.volumes[0].configMap.name).toBe('dashboards-datasources');
        },
      },
      image: {
        value: {
          repository: 'registry.example.com/grafana',
          tag: '12.1.0',
          digest: DIGEST,
          pullPolicy: ImagePullPolicy.NEVER,
          pullSecrets: ['pull'],
        },
        reaches: ({ pod, container }) => {
          expect(container.image).toBe(`registry.example.com/grafana:12.1.0@${DIGEST}`);
          expect(container.imagePullPolicy).toBe('Never');
          expect(pod.imagePullSecrets).toEqual([{ name: 'pull' }]);
        },
      },
      admin: {
        value: { secretName: 'admin', userKey: 'u', passwordKey: 'p' },
        reaches: ({ container }) =>
          expect(container.env.slice(0, 2).map((e: Json) => e.valueFrom.secretKeyRef)).toEqual([
            { name: 'admin', key: 'u' },
            { name: 'admin', key: 'p' },
          ]),
      },
      security: {
        value: { user: 10472, group: 10473 },
        reaches: ({ pod }) =>
          expect(pod.securityContext).toEqual({
            runAsNonRoot: true,
            runAsUser: 10472,
            runAsGroup: 10473,
            fsGroup: 472,
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          }),
      },
      resources: {
        value: { limits: { memory: Size.gibibytes(2) } },
        reaches: ({ container }) => expect(container.resources.limits).toEqual({ memory: '2Gi' }),
      },
      nodeSelector: { value: { a: 'b' }, reaches: ({ pod }) => expect(pod.nodeSelector).toEqual({ a: 'b' }) },
      tolerations: {
        value: [{ operator: 'Exists' }],
        reaches: ({ pod }) => expect(pod.tolerations).toEqual([{ operator: 'Exists' }]),
      },
      priorityClassName: { value: 'low', reaches: ({ pod }) => expect(pod.priorityClassName).toBe('low') },
      affinity: {
        value: { nodeAffinity: {} },
        reaches: ({ pod }) => expect(pod.affinity).toEqual({ nodeAffinity: {} }),
      },
      env: {
        value: [{ name: 'GF_SERVER_ROOT_URL', value: 'https://grafana.example.com' }],
        reaches: ({ container }) =>
          expect(container.env).toContainEqual({ name: 'GF_SERVER_ROOT_URL', value: 'https://grafana.example.com' }),
      },
      envFrom: {
        value: [{ secretName: 'oauth' }],
        reaches: ({ container }) => expect(container.envFrom).toEqual([{ secretRef: { name: 'oauth' } }]),
      },
      volumes: {
        value: [{ name: 'dashboards', configMap: { name: 'dashboards' } }],
        reaches: ({ pod }) => expect(names(pod.volumes)).toContain('dashboards'),
      },
      volumeMounts: {
        value: [{ name: 'dashboards', mountPath: '/var/lib/dashboards', readOnly: true }],
        beside: { volumes: [{ name: 'dashboards', emptyDir: {} }] },
        reaches: ({ container }) => expect(names(container.volumeMounts)).toContain('dashboards'),
      },
      initContainers: {
        value: [{ name: 'plugins', image: 'plugins:1' }],
        reaches: ({ pod }) => expect(names(pod.initContainers)).toEqual(['plugins']),
      },
      sidecars: {
        value: [{ name: 'renderer', image: 'renderer:1' }],
        reaches: ({ pod }) => expect(names(pod.containers)).toEqual(['grafana', 'renderer']),
      },
      podLabels: {
        value: { team: 'a', 'app.kubernetes.io/name': 'other' },
        reaches: ({ template }) =>
          expect(template.metadata.labels).toMatchObject({ team: 'a', 'app.kubernetes.io/name': 'grafana' }),
      },
      podAnnotations: {
        value: { a: 'b' },
        reaches: ({ template }) => expect(template.metadata.annotations).toMatchObject({ a: 'b' }),
      },
      annotations: {
        value: { c: 'd' },
        reaches: ({ workload }) => expect(workload.metadata.annotations).toEqual({ c: 'd' }),
      },
      serviceAnnotations: {
        value: { e: 'f' },
        reaches: (made) => expect(find(made.objects, 'Service').metadata.annotations).toMatchObject({ e: 'f' }),
      },
      service: {
        value: { type: ServiceType.NODE_PORT, annotations: { g: 'h' }, nodePorts: { http: 30300 } },
        reaches: (made) => {
          const { metadata, spec } = find(made.objects, 'Service');
          expect(metadata.annotations).toMatchObject({ g: 'h' });
          expect(spec.type).toBe('NodePort');
          expect(spec.ports[0].nodePort).toBe(30300);
        },
      },
      runtimeClassName: { value: 'gvisor', reaches: ({ pod }) => expect(pod.runtimeClassName).toBe('gvisor') },
      hostAliases: {
        value: [{ ip: '10.0.0.7', hostnames: ['ldap'] }],
        reaches: ({ pod }) => expect(pod.hostAliases).toEqual([{ ip: '10.0.0.7', hostnames: ['ldap'] }]),
      },
      dns: {
        value: { searches: ['example.com'] },
        reaches: ({ pod }) => expect(pod.dnsConfig).toEqual({ searches: ['example.com'] }),
      },
      lifecycle: {
        value: { preStop: { exec: { command: ['true'] } } },
        reaches: ({ container }) => expect(container.lifecycle).toEqual({ preStop: { exec: { command: ['true'] } } }),
      },
      instance: {
        value: 'eu',
        reaches: ({ workload }) => expect(workload.spec.selector.matchLabels['app.kubernetes.io/instance']).toBe('eu'),
      },
      namespace: {
        value: 'obs',
        reaches: (made) => expect(new Set(made.objects.map((o) => o.metadata.namespace))).toEqual(new Set(['obs'])),
      },
      clusterDomain: {
        value: 'k8s.example.com',
        reaches: ({ construct }) => expect(construct.url).toBe('http://grafana.monitoring.svc.k8s.example.com:3000'),
        // with everything set the name is another
        overruledBy: 'name',
      },
    },
    grafana,
  );
});

describe('errors', () => {
  const noUrl = 'is not a URL with scheme; give datasource, or such as "http://thanos-query.';
  it.each<[string, object, string]>([
    [
      'no data source',
      { datasourceUrl: undefined },
      'datasourceUrl: is missing. Give datasource, a Query of this app, or the URL of another: "http://',
    ],
    ['a data source without scheme', { datasourceUrl: 'query:10902' }, `datasourceUrl: "query:10902" ${noUrl}`],
    ['a name', { name: 'My Grafana' }, 'name: "My Grafana" is not a DNS label'],
    ['an instance', { instance: 'A B' }, 'instance: "A B" is not a DNS label'],
    ['a Secret name', { admin: { secretName: 'A' } }, 'admin: secretName: "A" is not an object name'],
    ['a Secret key', { admin: { userKey: 'a/b' } }, 'admin: userKey: "a/b" is not a key of a Secret or ConfigMap'],
    ['a misspelt admin field', { admin: { secret: 'a' } }, 'admin: has no field "secret"'],
    ['a tag', { image: { tag: ':' } }, 'image: tag: ":" is not a tag'],
    ['a cluster domain', { clusterDomain: 'a b' }, 'clusterDomain: "a b" is not a DNS domain'],
    [
      'a sidecar of the same name',
      { sidecars: [{ name: 'grafana', image: 'a:1' }] },
      'props: sidecars: the name "grafana" is taken; choose another',
    ],
  ])('%s', (_, props, message) => {
    expect(() => grafana(props)).toThrow(`cdk8s-thanos: test/Grafana: ${message}`);
  });
});
