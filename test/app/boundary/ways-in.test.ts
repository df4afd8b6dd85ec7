import { ApiObject, type App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Grafana, Query, QueryFrontend, S3Ca, S3Credentials, SecretDelivery, ObjstoreConfig } from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA, SECOND_CA } from '../../fixtures/certificates';
import { deployment, pod, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';
import { guardedChart, problems, writtenToStderr } from './boundary';

const CA = 'thanos-s3-ca-cert';
const CA_VOLUME = { volumes: [{ name: 'x', secret: { secretName: CA } }] };

const warned = writtenToStderr();

/** Any object of namespace monitoring. */
function object(scope: Chart, apiVersion: string, kind: string, body: Json, id = kind): ApiObject {
  const metadata = { name: id.toLowerCase(), namespace: 'monitoring' };
  return new ApiObject(scope, id, { apiVersion, kind, metadata, ...body });
}

describe('verdicts are of the objects as they stand', () => {
  test('an object in another place of the same count is judged anew', () => {
    const { scope } = guardedChart();
    pod(scope);
    expect(problems(scope)).toEqual([]);
    scope.node.tryRemoveChild('Pod');
    pod(scope, podSpec(CA_VOLUME));
    expect(problems(scope)).toEqual([expect.stringContaining('uses the CA (Secret thanos-s3-ca-cert)')]);
  });

  test.each<[string, (scope: Chart) => unknown]>([
    ['Testing.synth', (scope) => Testing.synth(scope)],
    ['toJson', (scope) => scope.toJson()],
    ['synthYaml', (scope) => (scope.node.root as App).synthYaml()],
    ['validate', (scope) => scope.node.root.node.validate()],
  ])('what an L2 adds after %s is seen', (_, before) => {
    const { scope } = guardedChart();
    const l2 = new kplus.Deployment(scope, 'Web', {
      metadata: { namespace: 'monitoring' },
      containers: [{ image: 'web:1' }],
    });
    before(scope);
    const secret = kplus.Secret.fromSecretName(scope, 'Ca', CA);
    l2.containers[0].mount('/certs', kplus.Volume.fromSecret(scope, 'Volume', secret));
    expect(() => (scope.node.root as App).synthYaml()).toThrow('uses the CA (Secret thanos-s3-ca-cert)');
  });

  test('one synth of many charts judges once, and the next one anew', () => {
    const { scope } = guardedChart();
    for (const id of ['a', 'b', 'c']) new Chart(scope.node.root, id);
    const app = scope.node.root as App;
    const walk = jest.spyOn(app.node, 'findAll');
    app.synthYaml();
    const first = walk.mock.calls.length;
    app.synthYaml();
    expect(walk.mock.calls.length).toBe(2 * first);
    deployment(scope, podSpec(CA_VOLUME));
    expect(() => app.synthYaml()).toThrow('uses the CA');
  });
});

describe('a CA that is only referenced', () => {
  const ca = S3Ca.fromSecretName('minio-tls');
  const volumes = [{ name: 'ca', secret: { secretName: 'minio-tls' } }];
  const volumeMounts = [{ name: 'ca', mountPath: '/ca' }];
  const PROPS = { volumes, volumeMounts };

  test.each<[string, (scope: Chart) => unknown]>([
    ['Query', (scope) => new Query(scope, 'Query', { endpoints: ['a:1'], ...PROPS })],
    ['QueryFrontend', (scope) => new QueryFrontend(scope, 'Frontend', { downstreamUrl: 'http://q:1', ...PROPS })],
    ['Grafana', (scope) => new Grafana(scope, 'Grafana', { datasourceUrl: 'http://q:1', ...PROPS })],
  ])('is refused in a %s', (_, make) => {
    const { scope } = guardedChart({ ca });
    make(scope);
    expect(problems(scope)).toEqual([expect.stringContaining('volumes[')]);
    expect(problems(scope)[0]).toContain('uses the CA (Secret minio-tls)');
  });

  test("may be shared with others' workloads", () => {
    const { scope } = guardedChart({ ca });
    deployment(scope, podSpec({ volumes }));
    expect(problems(scope)).toEqual([]);
  });
});

describe('kinds', () => {
  test('a Service of another API group has pods', () => {
    const { scope } = guardedChart();
    object(scope, 'serving.knative.dev/v1', 'Service', { spec: { template: { spec: podSpec(CA_VOLUME) } } });
    expect(problems(scope)).toEqual([
      expect.stringContaining('spec.template.spec.volumes[0].secret: uses the CA (Secret thanos-s3-ca-cert)'),
    ]);
  });

  test('the items of a List lie in namespaces of their own', () => {
    const { scope } = guardedChart();
    const item = (namespace: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'app', namespace },
      spec: { template: { spec: podSpec(CA_VOLUME) } },
    });
    new ApiObject(scope, 'List', { apiVersion: 'v1', kind: 'List', items: [item('other'), item('monitoring')] });
    expect(problems(scope)).toEqual([expect.stringContaining('items[1].spec.template.spec.volumes[0].secret')]);
  });

  test.each<[string, string, Json]>([
    ['monitoring.coreos.com/v1', 'Prometheus', { spec: { secrets: [CA] } }],
    ['monitoring.coreos.com/v1', 'ThanosRuler', { spec: { objectStorageConfig: { name: CA, key: 'ca.crt' } } }],
  ])('a custom resource whose operator runs pods is refused, case %#', (apiVersion, kind, body) => {
    const { scope, config } = guardedChart();
    const resource = object(scope, apiVersion, kind, body);
    expect(problems(scope)).toEqual([expect.stringContaining(`or let the ${kind} in with share`)]);
    config.share(resource, 'its sidecar uploads blocks');
    expect(problems(scope)).toEqual([]);
  });

  test.each<[string, string, Json]>([
    ['trust.cert-manager.io/v1alpha1', 'Bundle', { spec: { sources: [{ secret: { name: CA, key: 'ca.crt' } }] } }],
    ['external-secrets.io/v1alpha1', 'PushSecret', { spec: { selector: { secret: { name: CA } } } }],
    ['monitoring.coreos.com/v1', 'Probe', { spec: { tlsConfig: { ca: { secret: { name: CA, key: 'ca.crt' } } } } }],
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { valuesFrom: [{ kind: 'Secret', name: CA }] } }],
    ['example.com/v1', 'Tenant', { spec: { tls: { secretName: CA } } }],
    ['example.com/v1', 'Store', { spec: { auth: { existingSecret: CA } } }],
    ['secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', { spec: { secretObjects: [{ secretName: CA }] } }],
  ])('one that may only pass it on is a warning, until it is shared, case %#', (apiVersion, kind, body) => {
    const { scope } = guardedChart();
    object(scope, apiVersion, kind, body);
    expect(problems(scope)).toEqual([]);
    expect(warned()).toMatch(new RegExp(`warning: test/${kind}: spec.*: names the CA \\(Secret ${CA}\\)`));
    const before = warned();
    const other = guardedChart();
    other.config.share(object(other.scope, apiVersion, kind, body), 'reviewed');
    expect(problems(other.scope)).toEqual([]);
    expect(warned()).toBe(before);
  });

  test('the Certificate that makes the Secret is not warned of', () => {
    const { scope } = guardedChart({ ca: S3Ca.fromSecretName('minio-tls', { exclusive: true }) });
    object(scope, 'cert-manager.io/v1', 'Certificate', { spec: { secretName: 'minio-tls' } });
    expect(problems(scope)).toEqual([]);
    expect(warned()).toBe('');
  });
});

describe('copies', () => {
  const copy = (scope: Chart, kind: string, data: Json) => object(scope, 'v1', kind, data, 'Copy');
  const volume: Json = {
    ConfigMap: { name: 'x', configMap: { name: 'copy' } },
    Secret: { name: 'x', secret: { secretName: 'copy' } },
  };

  test.each<[string, Json]>([
    ['ConfigMap', { data: { 'root.pem': ECDSA_CA } }],
    ['ConfigMap', { data: { 'all.pem': `${SECOND_CA}\n${ECDSA_CA}` } }],
    ['Secret', { stringData: { ca: ECDSA_CA } }],
    ['Secret', { data: { ca: Buffer.from(ECDSA_CA).toString('base64') } }],
  ])("a copy of the CA's certificates in a %s counts as the CA, case %#", (kind, data) => {
    const { scope, config } = guardedChart();
    copy(scope, kind, data);
    const workload = deployment(scope, podSpec({ volumes: [volume[kind]] }));
    expect(problems(scope)).toEqual([
      expect.stringContaining(`uses ${kind} copy, a copy of the CA of Secret thanos-s3-ca-cert whose content`),
    ]);
    config.share(workload, 'it talks to the same store');
    expect(problems(scope)).toEqual([]);
  });

  test('another CA is not the CA, and a copy that no pod refers to is nowhere', () => {
    const { scope } = guardedChart();
    copy(scope, 'ConfigMap', { data: { 'root.pem': SECOND_CA } });
    object(scope, 'v1', 'ConfigMap', { data: { 'root.pem': ECDSA_CA } }, 'Unused');
    deployment(scope, podSpec({ volumes: [volume.ConfigMap] }));
    expect(problems(scope)).toEqual([]);
  });

  test('a second ExternalSecret from the same remote key makes a copy of the keys', () => {
    const { scope } = guardedChart();
    const keys = SecretDelivery.externalSecret({
      store: 'vault',
      data: {
        AWS_ACCESS_KEY_ID: { key: 'thanos/s3', property: 'id' },
        AWS_SECRET_ACCESS_KEY: { key: 'thanos/s3', property: 'secret' },
      },
    });
    new ObjstoreConfig(
      scope,
      'Delivered',
      bucket({ instance: 'two', bucket: 'two', credentials: S3Credentials.fromDelivery(keys) }),
    );
    const second = (property: string, id: string) =>
      object(
        scope,
        'external-secrets.io/v1',
        'ExternalSecret',
        {
          spec: {
            secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
            target: { name: id },
            data: [{ secretKey: 'x', remoteRef: { key: 'thanos/s3', property } }],
          },
        },
        id,
      );
    second('secret', 'mine');
    second('something-else', 'harmless');
    const uses = (name: string, id: string) =>
      deployment(scope, podSpec({ volumes: [{ name: 'x', secret: { secretName: name } }] }), { id, name: id });
    uses('harmless', 'fine');
    expect(problems(scope)).toEqual([]);
    uses('mine', 'reader');
    expect(problems(scope)).toEqual([
      expect.stringContaining('uses Secret mine, a copy of the S3 keys of Secret two-s3-credentials which comes from'),
    ]);
  });
});

describe('the API and the node', () => {
  const READ = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
  const rights = (scope: Chart, rule: Json): void => {
    object(scope, 'rbac.authorization.k8s.io/v1', 'Role', { rules: [rule] });
    object(scope, 'rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { kind: 'Role', name: 'role' },
      subjects: [{ kind: 'ServiceAccount', name: 'reader' }],
    });
  };

  test('a Role that names the Secret, bound to a mounted token, is refused', () => {
    const { scope, config } = guardedChart();
    rights(scope, { ...READ, resourceNames: [CA] });
    const workload = deployment(scope, podSpec({ serviceAccountName: 'reader' }));
    expect(problems(scope)).toEqual([
      expect.stringContaining('serviceAccountName: reader may read the CA (Secret thanos-s3-ca-cert) by Role role'),
    ]);
    config.share(workload, 'it copies the CA to another cluster');
    expect(problems(scope)).toEqual([]);
  });

  test.each<[string, Json, Json]>([
    ['without a mounted token', { serviceAccountName: 'reader', automountServiceAccountToken: false }, {}],
    ['of another account', { serviceAccountName: 'other' }, {}],
    ['that may read another Secret', { serviceAccountName: 'reader' }, { resourceNames: ['tls'] }],
    ['that may only write', { serviceAccountName: 'reader' }, { verbs: ['create'] }],
  ])('a pod %s can not read it', (_, spec, rule) => {
    const { scope } = guardedChart();
    rights(scope, { ...READ, resourceNames: [CA], ...rule });
    deployment(scope, podSpec(spec));
    expect(problems(scope)).toEqual([]);
    expect(warned()).toBe('');
  });

  test('a Role for all Secrets, as many a controller has, is a warning', () => {
    const { scope } = guardedChart();
    rights(scope, READ);
    deployment(scope, podSpec({ serviceAccountName: 'reader' }));
    expect(problems(scope)).toEqual([]);
    expect(warned()).toContain(
      'reader may read the CA (Secret thanos-s3-ca-cert) by Role role, and its token is mounted',
    );
  });

  test('a sidecar that sees the processes of the container with the keys is refused', () => {
    const { scope, config } = guardedChart();
    const containers = ['thanos', 'helper'].map((name) => ({
      name,
      image: 'a:1',
      args: ['--objstore.config-file=/etc/thanos/objstore/objstore.yml'],
    }));
    const spec = podSpec({ containers, shareProcessNamespace: true, securityContext: { fsGroup: 1 } });
    config.grantTo(deployment(scope, spec), { containers: ['thanos'] });
    expect(problems(scope)).toEqual([
      expect.stringContaining('shareProcessNamespace: lets the container helper, which'),
    ]);
  });

  test.each(['/var/lib/kubelet', '/var/lib/kubelet/pods/', '/var//lib', '/'])(
    'the folder %s of the node shows the volumes of all pods: an error in ours, a warning elsewhere',
    (path) => {
      const volumes = [{ name: 'x', hostPath: { path } }];
      const { scope } = guardedChart();
      deployment(scope, podSpec({ volumes }));
      expect(problems(scope)).toEqual([]);
      expect(warned()).toContain('shows the volumes of every pod on the node');
      new Query(scope, 'Query', { endpoints: ['a:1'], volumes });
      expect(problems(scope)).toEqual([expect.stringContaining('hostPath: ')]);
    },
  );

  test.each(['/var/log', '/var/lib/kubelet-other', '/etc'])('the folder %s does not', (path) => {
    const { scope } = guardedChart();
    deployment(scope, podSpec({ volumes: [{ name: 'x', hostPath: { path } }] }));
    expect(problems(scope)).toEqual([]);
    expect(warned()).toBe('');
  });
});

test('a workload that was let in and opens nothing is warned of', () => {
  const { scope, config } = guardedChart();
  config.grantTo(deployment(scope, podSpec({ securityContext: { fsGroup: 1 } })));
  expect(problems(scope)).toEqual([]);
  expect(warned()).toContain('containers[0]: no argument names /etc/thanos/objstore/objstore.yml: it holds the CA');
});

test('MinIO may share the Secret of the keys when somebody says so', () => {
  const { scope, config } = guardedChart();
  const env = [{ name: 'ROOT', valueFrom: { secretKeyRef: { name: 's3-keys', key: 'AWS_ACCESS_KEY_ID' } } }];
  const minio = deployment(scope, podSpec({ containers: [{ name: 'minio', image: 'minio:1', env }] }));
  expect(problems(scope)).toEqual([expect.stringContaining('uses the S3 keys (Secret s3-keys)')]);
  config.share(minio, 'it is the store');
  expect(problems(scope)).toEqual([]);
});

test.each<[string, (config: ObjstoreConfig, scope: Chart) => void, string]>([
  ['no object', (config) => config.share(3 as never, 'x'), 'share: 3 is not an ApiObject'],
  ['a component', (config, scope) => config.share(new Query(scope, 'Q').workload, 'x'), 'is an object of this library'],
  ['no reason', (config, scope) => config.share(deployment(scope), ' '), 'share: reason is empty'],
])('share refuses %s', (_, share, text) => {
  const { scope, config } = guardedChart();
  expect(() => share(config, scope)).toThrow(text);
});

test('a component of the library is told to remove it, and a foreign workload how it may be let in', () => {
  const { scope } = guardedChart();
  new Query(scope, 'Query', { endpoints: ['a:1'], volumes: CA_VOLUME.volumes });
  deployment(scope, podSpec(CA_VOLUME));
  expect(problems(scope).map((text) => /which only pods that open the bucket may\. .*$/.exec(text)?.[0])).toEqual([
    'which only pods that open the bucket may. Remove it',
    'which only pods that open the bucket may. Remove it, or let the workload in with grantTo',
  ]);
});
