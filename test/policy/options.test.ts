import { ApiObject, type ApiObjectProps, App, Chart } from 'cdk8s';
import {
  BlockSelector,
  BucketReplicate,
  Compactor,
  IndexCache,
  NetworkPeer,
  type NetworkPolicyOptions,
  ObjectStorage,
  ObjstoreConfig,
  ResponseCache,
  S3Credentials,
  ThanosIngress,
  ThanosStack,
  type ThanosStackProps,
  Tracing,
} from '../../src/index';
import { quietly } from '../component/made';
import { find, type Json, render } from '../render';
import { ALL_COMPONENTS, OBJSTORE } from '../stack/stacks';

const STORE = { namespace: 'n', labels: { is: 'store' } };

/** A stack that calls everybody whom an option can name. */
function stackOf(networkPolicies: NetworkPolicyOptions): Json[] {
  return quietly(() => {
    const stack = new ThanosStack(new App(), 'thanos', {
      objstore: { ...OBJSTORE, ca: undefined, credentials: S3Credentials.fromWebIdentity({ serviceAccountName: 'a' }) },
      tracing: Tracing.otlp({ endpoint: 'collector.example.com:4317' }),
      receiver: {
        writeLimits: { metaMonitoring: { url: 'http://prometheus.watch.svc:9090' }, defaults: { headSeries: 5 } },
      },
      receiveRouter: { rings: [{ endpoints: ['far.example.com:10901'] }] },
      storeGateway: { indexCache: IndexCache.memcached({ addresses: ['memcached.caches.svc:11211'] }) },
      ruler: {
        alertmanagers: ['http://am.watch.svc:9093'],
        queries: ['q.example.com:10902'],
        remoteWrite: [{ url: 'https://w.example.com/write' }],
      },
      query: { endpoints: ['far.example.com:10901'] },
      queryFrontend: {},
      bucketWeb: {},
      grafana: {},
      stackCheck: { image: { repository: 'registry.example.com/check', tag: '1' } },
      networkPolicies,
    });
    new ThanosIngress(stack, 'Ingress', { to: stack.query!, hosts: ['a.example.com'] });
    return render(stack);
  });
}

/** Of the documentation's blocks of addresses. */
const API_SERVER = '192.0.2.1/32';

const ALL: Required<NetworkPolicyOptions> = {
  ...(Object.fromEntries(
    [
      ...['objstore', 'identity', 'prometheus', 'writers', 'readers', 'viewers', 'gateways', 'endpoints', 'queries'],
      ...['receivers', 'alertmanagers', 'remoteWrite', 'caches', 'tracing', 'metaMonitoring', 'dns'],
    ].map((option) => [option, NetworkPeer.pods({ namespace: 'n', labels: { is: option } })]),
  ) as any),
  apiServer: NetworkPeer.cidr(API_SERVER, { ports: [6443] }),
};

/** `policy: to port` of each rule that names the peer of an option. */
function named(all: Json[], option: string): string[] {
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
  return policies.flatMap(({ metadata, spec }) =>
    ['ingress', 'egress'].flatMap((way) =>
      (spec[way] ?? []).flatMap((rule: Json) =>
        JSON.stringify(rule).includes(option === 'apiServer' ? API_SERVER : `"is":"${option}"`)
          ? rule.ports.map(({ port }: Json) => `${metadata.name} ${way} ${port}`)
          : [],
      ),
    ),
  );
}

/** Whom each option opens what: one without an entry does not compile. */
const OPENS: { readonly [K in keyof Required<NetworkPolicyOptions>]: string[] } = {
  objstore: ['thanos-receiver egress 9000', 'thanos-store egress 9000', 'thanos-bucket-web egress 9000'],
  identity: ['thanos-receiver egress 443', 'thanos-store egress 443', 'thanos-bucket-web egress 443'],
  prometheus: ['receiver', 'receive-router', 'store', 'ruler', 'bucket-web', 'query', 'query-frontend'].map(
    (part) => `thanos-${part} ingress 10902`,
  ),
  writers: ['thanos-receiver ingress 19291', 'thanos-receive-router ingress 19291'],
  readers: ['thanos-query-frontend ingress 10902'],
  viewers: ['thanos-bucket-web ingress 10902', 'grafana ingress 3000'],
  gateways: ['thanos-query ingress 10902'],
  endpoints: ['thanos-query egress 10901'],
  queries: ['thanos-ruler egress 10902'],
  receivers: ['thanos-receive-router egress 10901'],
  alertmanagers: ['thanos-ruler egress 9093'],
  remoteWrite: ['thanos-ruler egress 443'],
  caches: ['thanos-store egress 11211'],
  tracing: ['receiver', 'receive-router', 'store', 'ruler', 'bucket-web', 'query', 'query-frontend'].map(
    (part) => `thanos-${part} egress 4317`,
  ),
  metaMonitoring: ['thanos-receiver egress 9090'],
  apiServer: [
    'thanos-check egress 6443',
    ...['receiver', 'receive-router', 'store', 'ruler', 'bucket-web', 'query', 'query-frontend'].map(
      (part) => `thanos-${part} ingress 10902`,
    ),
  ],
  dns: [
    ...['receiver', 'receive-router', 'store', 'ruler', 'bucket-web', 'query', 'query-frontend', 'grafana', 'check'],
  ].flatMap((part) => [53, 53].map((port) => `${part === 'grafana' ? '' : 'thanos-'}${part} egress ${port}`)),
};

const all = stackOf(ALL);

test.each(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '::/0', '8.0.0.0/7'])(
  'an API server in the block %s may be asked, and lets nobody in',
  (block) => {
    const made = stackOf({ ...ALL, apiServer: NetworkPeer.cidr(block, { ports: [6443] }) });
    const ways = made
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .flatMap(({ metadata, spec }) =>
        ['ingress', 'egress']
          .filter((way) => JSON.stringify(spec[way] ?? []).includes(block))
          .map((way) => [metadata.name, way]),
      );
    expect(ways).toEqual([['thanos-check', 'egress']]);
  },
);

test('one in a block of private addresses is let in', () => {
  const made = stackOf({ ...ALL, apiServer: NetworkPeer.cidr('10.0.0.0/8', { ports: [6443] }) });
  const { ingress } = made.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'thanos-store',
  )!.spec;
  expect(JSON.stringify(ingress)).toContain('10.0.0.0/8');
});

test.each(Object.entries(OPENS))('%s opens its ways and no other', (option, ways) => {
  expect(named(all, option).sort()).toEqual([...ways].sort());
});

test('pods that open two buckets get to both', () => {
  const made = quietly(() => {
    const networkPolicies = { objstore: NetworkPeer.pods(STORE) };
    const stack = new ThanosStack(new App(), 'thanos', { objstore: OBJSTORE, storeGateway: {}, networkPolicies });
    const destination = new ObjstoreConfig(stack, 'Archive', {
      ...{ instance: 'archive', bucket: 'archive', endpoint: 's3.archive.example.com:9443' },
      credentials: S3Credentials.fromSecretName('archive-keys'),
    });
    new BucketReplicate(stack, 'Copy', { objstore: stack.objstore!, destination });
    return render(stack);
  });
  const stores = find(made, 'NetworkPolicy', 'thanos-bucket-replicate').spec.egress.filter((rule: Json) =>
    JSON.stringify(rule).includes('"is":"store"'),
  );
  expect(stores.flatMap(({ ports }: Json) => ports.map(({ port }: Json) => port))).toEqual([9000, 9443]);
  expect(named(made, 'store')).toContain('thanos-store egress 9000');
  expect(named(made, 'store')).not.toContain('thanos-store egress 9443');
});

test('the policy of a Job in a zone is about the pods of that zone', () => {
  const made = quietly(() => {
    const networkPolicies = { objstore: NetworkPeer.anywhere() };
    const stack = new ThanosStack(new App(), 'thanos', { objstore: OBJSTORE, storeGateway: {}, networkPolicies });
    new Compactor(stack, 'Clock', { objstore: stack.objstore!, schedule: { cron: '0 */6 * * *' }, zone: 'eu-1a' });
    return render(stack);
  });
  const { spec } = find(made, 'NetworkPolicy', 'thanos-compactor');
  expect(spec.podSelector.matchLabels).toHaveProperty(['thanos.io/zone'], 'eu-1a');
});

test('Jobs of one component have a policy each: compactors that divide the bucket, and those of zones', () => {
  const made = quietly(() => {
    const networkPolicies = { objstore: NetworkPeer.anywhere() };
    const schedule = { cron: '0 */6 * * *' };
    const parts = ['eu', 'us'].map((name) => ({ name, values: [name] }));
    const shards = { values: { label: 'zone', parts, whole: true } };
    const stack = new ThanosStack(new App(), 'thanos', {
      objstore: OBJSTORE,
      compactor: { schedule, shards },
      networkPolicies,
    });
    const objstore = stack.objstore!;
    for (const zone of ['a', 'b'])
      new Compactor(stack, zone, { objstore, schedule, zone, blocks: BlockSelector.labelValues('zone', [zone]) });
    return render(stack);
  });
  const jobs = made.filter(({ kind }) => kind === 'CronJob');
  const policies = made.filter(({ kind }) => kind === 'NetworkPolicy');
  expect(jobs).toHaveLength(4);
  const about = jobs.map(({ spec }) => {
    const { labels } = spec.jobTemplate.spec.template.metadata;
    return policies.filter(({ spec: { podSelector } }) =>
      Object.entries(podSelector.matchLabels).every(([key, value]) => labels[key] === value),
    );
  });
  // its own, and that which closes all
  expect(about.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  const names = about.map(([, { metadata }]) => metadata.name);
  expect(names.slice(0, 3)).toEqual(['thanos-compactor-eu', 'thanos-compactor-us', 'thanos-compactor']);
  expect(new Set(names).size).toBe(4);
});

test('forms of peers', () => {
  const forms = NetworkPeer.anyOf(
    NetworkPeer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'], ports: [9443] }),
    NetworkPeer.cidr('2001:db8::/32'),
    NetworkPeer.pods({ labels: { a: 'b' }, ports: [1, 2] }),
    NetworkPeer.pods({ namespaceLabels: {}, labels: { a: 'b' } }),
    NetworkPeer.pods({ namespaceLabels: { team: 'x' } }),
    NetworkPeer.anywhere({ ports: [7] }),
  );
  const { spec } = find(
    stackOf({
      ...ALL,
      objstore: forms,
      identity: NetworkPeer.pods({ labels: { i: 'd' } }),
      tracing: NetworkPeer.pods({ labels: { t: 'r' } }),
    }),
    'NetworkPolicy',
    'thanos-bucket-web',
  );
  expect(spec.egress.filter((rule: Json) => ![53, 443, 4317].includes(rule.ports[0].port))).toEqual([
    {
      to: [{ podSelector: { matchLabels: { a: 'b' } } }],
      ports: [
        { protocol: 'TCP', port: 1 },
        { protocol: 'TCP', port: 2 },
      ],
    },
    { ports: [{ protocol: 'TCP', port: 7 }] },
    {
      to: [
        { ipBlock: { cidr: '2001:db8::/32' } },
        { namespaceSelector: { matchLabels: { team: 'x' } } },
        { namespaceSelector: {}, podSelector: { matchLabels: { a: 'b' } } },
      ],
      ports: [{ protocol: 'TCP', port: 9000 }],
    },
    { to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ protocol: 'TCP', port: 9443 }] },
  ]);
});

test('the way to DNS is open to nobody who calls nobody', () => {
  const stack = new ThanosStack(new App(), 'thanos', { receiver: { ingestOnly: true }, networkPolicies: {} });
  const { spec } = find(
    quietly(() => render(stack)),
    'NetworkPolicy',
    'thanos-receiver',
  );
  expect(spec).toEqual({
    podSelector: { matchLabels: stack.receiver!.selector },
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('names are rules of Cilium, with the way to DNS that it reads', () => {
  const names = NetworkPeer.names(['s3.minio.example.com', '*.s3.minio.example.com']);
  const stack = new ThanosStack(new App(), 'thanos', {
    objstore: OBJSTORE,
    storeGateway: {},
    query: {},
    networkPolicies: {
      objstore: names,
      dns: NetworkPeer.anyOf(
        NetworkPeer.cidr('169.254.20.10/32'),
        NetworkPeer.pods({ namespaceLabels: {}, labels: { dns: 'x' } }),
        NetworkPeer.pods({ namespace: 'n', labels: { dns: 'y' }, ports: [5353] }),
        NetworkPeer.pods({ namespaceLabels: { team: 'dns' } }),
      ),
    },
  });
  const made = quietly(() => render(stack));
  const policy = find(made, 'CiliumNetworkPolicy');
  const dns = (port: string): Json => [{ ports: [{ port, protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }];
  expect(policy.metadata).toMatchObject({ name: 'thanos-cilium', namespace: 'monitoring' });
  expect(policy.specs).toEqual([
    {
      endpointSelector: { matchLabels: stack.storeGateway!.selector },
      egress: [
        {
          toFQDNs: [{ matchName: 's3.minio.example.com' }, { matchPattern: '*.s3.minio.example.com' }],
          toPorts: [{ ports: [{ port: '9000', protocol: 'TCP' }] }],
        },
        { toCIDRSet: [{ cidr: '169.254.20.10/32' }], toPorts: dns('53') },
        {
          toEndpoints: [
            {
              matchLabels: { dns: 'x' },
              matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }],
            },
          ],
          toPorts: dns('53'),
        },
        { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'n', dns: 'y' } }], toPorts: dns('5353') },
        {
          toEndpoints: [
            {
              matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'dns' },
              matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }],
            },
          ],
          toPorts: dns('53'),
        },
      ],
    },
  ]);
  // whatever else lets the pods out to DNS would pass by what Cilium reads
  expect(find(made, 'NetworkPolicy', 'thanos-store').spec).not.toHaveProperty('egress');
  expect(find(made, 'NetworkPolicy', 'thanos-query').spec.egress).toHaveLength(3);
});

test('ways by hand', () => {
  const stack = new ThanosStack(new App(), 'thanos', { query: {}, networkPolicies: {} });
  const policies = stack.networkPolicies!;
  policies.letIn(stack.query!, NetworkPeer.pods({ namespace: 'far' }), [10901]);
  policies.letOut(stack.query!, NetworkPeer.cidr('192.0.2.7/32', { ports: [8080] }));
  policies.letOut(stack.query!, NetworkPeer.names(['a.example.com'], { ports: [443] }));
  const made = quietly(() => render(stack));
  const { spec } = find(made, 'NetworkPolicy', 'thanos-query');
  expect(spec.ingress).toEqual([
    {
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'far' } } }],
      ports: [{ protocol: 'TCP', port: 10901 }],
    },
  ]);
  expect(spec.egress).toEqual([
    { to: [{ ipBlock: { cidr: '192.0.2.7/32' } }], ports: [{ protocol: 'TCP', port: 8080 }] },
  ]);
  expect(find(made, 'CiliumNetworkPolicy').specs[0].egress[0].toFQDNs).toEqual([{ matchName: 'a.example.com' }]);
  expect(policies.policies.map(({ name }) => name)).toEqual(['thanos-default-deny', 'thanos-query']);
});

describe('whom a block of addresses or a name may mean', () => {
  const closed = (props: Partial<ThanosStackProps>, peer: NetworkPeer): (() => Json[]) => {
    const networkPolicies = { objstore: peer, identity: NetworkPeer.anywhere(), tracing: peer };
    return () =>
      quietly(() => render(new ThanosStack(new App(), 'thanos', { storeGateway: {}, ...props, networkPolicies })));
  };
  const gcs = ObjectStorage.gcs({ bucket: 'metrics', keyFile: { secretName: 'g', key: 'k.json' } });

  test.each([NetworkPeer.names(['storage.googleapis.com']), NetworkPeer.cidr('199.36.153.0/24')])(
    'a store of a cloud, whose address no config names',
    (peer) => {
      expect(closed({ objectStorage: gcs }, peer)).not.toThrow();
    },
  );

  test('an address of IPv6, which is no Service', () => {
    const objstore = { ...OBJSTORE, ca: undefined, endpoint: '[2001:db8::1]:9000', serverName: '2001:db8::1' };
    expect(closed({ objstore }, NetworkPeer.cidr('2001:db8::/32'))).not.toThrow();
  });

  test.each([
    ['10.0.0.0/8', '192.168.0.0/16'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0/8', '2001:db8::/32'],
    ['10.1.0.0/16', '10.0.0.0/8'],
  ])('%s without %s is refused, as the API server does', (cidr, except) => {
    const peer = NetworkPeer.cidr(cidr, { except: [except] });
    expect(closed({ objstore: OBJSTORE }, peer)).toThrow(`except: "${except}" is not a part of ${cidr}`);
  });

  test('an address with a zone is refused', () => {
    expect(closed({ objstore: OBJSTORE }, NetworkPeer.cidr('fe80::1%eth0/64'))).toThrow('is not a block of addresses');
  });
});

test('a Service in a ServiceList is found by the policies as by the judge', () => {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', {
    queryFrontend: { responseCache: ResponseCache.memcached({ addresses: ['memcached.monitoring.svc:11211'] }) },
    query: { endpoints: ['sidecar:10901'] },
    networkPolicies: { endpoints: NetworkPeer.pods({ labels: { a: 'b' } }) },
  });
  const labels = { app: 'memcached' };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'memcached', namespace: 'monitoring' },
    spec: { selector: labels, ports: [{ port: 11211 }] },
  };
  new ApiObject(stack, 'Services', { apiVersion: 'v1', kind: 'ServiceList', items: [service] } as ApiObjectProps);
  const made = quietly(() => render(stack));
  const { egress } = find(made, 'NetworkPolicy', 'thanos-query-frontend').spec;
  expect(JSON.stringify(egress)).toContain('11211');
});

test('a policy of another cluster is about nobody here', () => {
  const app = new App();
  for (const cluster of ['ca', 'cb']) {
    const networkPolicies = { endpoints: NetworkPeer.anywhere() };
    new ThanosStack(app, cluster, { cluster, query: { endpoints: ['far:10901'] }, networkPolicies });
  }
  const labels = { 'app.kubernetes.io/instance': 'thanos', app: 'own' };
  const [here, there] = app.charts;
  const metadata = { name: 'own', namespace: 'monitoring' };
  new ApiObject(here, 'Own', {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels } },
    spec: { containers: [{ name: 'own', image: 'own' }] },
  } as ApiObjectProps);
  const spec = { podSelector: { matchLabels: { app: 'own' } } };
  new ApiObject(there, 'Policy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec,
  } as ApiObjectProps);
  expect(() => app.synthYaml()).toThrow('Pod own has the label app.kubernetes.io/instance of this stack');
});

test.each([undefined, 'x', {}])('ways by hand of %j, which is no component, are refused', (part) => {
  const { networkPolicies } = new ThanosStack(new App(), 'thanos', { query: {}, networkPolicies: {} });
  const message = /NetworkPolicies: letIn: is for .*, not a component of the stack/;
  expect(() => networkPolicies!.letIn(part as any, NetworkPeer.anywhere(), [1])).toThrow(message);
});

test.each([
  [{}, true],
  [{ prometheus: NetworkPeer.pods({ labels: { app: 'prometheus' } }) }, false],
])('with %j a stack that is watched warns of a Prometheus that nobody lets in: %s', (peers, warned) => {
  const heard: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => heard.push(String(text)) > 0);
  try {
    const app = new App();
    const networkPolicies = { endpoints: NetworkPeer.anywhere(), ...peers };
    new ThanosStack(app, 'thanos', {
      query: { endpoints: ['far:10901'] },
      networkPolicies,
      monitoring: { podMonitor: {} },
    });
    app.synthYaml();
  } finally {
    spy.mockRestore();
  }
  expect(heard.join('').includes('networkPolicies: prometheus: is not given')).toBe(warned);
});

// docs/cli.md has this loop
test('the API server is let into each part by a loop over the components, whatever the stack is called', () => {
  const stack = new ThanosStack(new App(), 'edge', {
    ...{ ...ALL_COMPONENTS, name: 'edge' },
    ruler: { alertmanagers: ['http://am.watch.svc:9093'] },
    stackCheck: { image: { repository: 'r', tag: '1' } },
    networkPolicies: { objstore: NetworkPeer.anywhere(), alertmanagers: NetworkPeer.anywhere() },
  });
  for (const part of stack.components)
    stack.networkPolicies!.letIn(part, NetworkPeer.pods({ namespace: 'kube-system' }), [10902]);
  const made = quietly(() => render(stack));
  const from = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
  const opened = made
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .filter(({ spec }) =>
      (spec.ingress ?? []).some((rule: Json) => {
        const ports = rule.ports.map(({ port }: Json) => port);
        return JSON.stringify(rule.from ?? []).includes(JSON.stringify(from)) && ports.includes(10902);
      }),
    )
    .map(({ metadata }) => metadata.name);
  const asked = made
    .filter(({ kind, spec }) => ['Deployment', 'StatefulSet'].includes(kind) && JSON.stringify(spec).includes('10902'))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'edge-grafana');
  expect(asked).toHaveLength(8);
  expect(opened.sort()).toEqual(asked.sort());
});

describe('a port that is there for others, and open to nobody', () => {
  const said = (props: ThanosStackProps, more: (stack: ThanosStack) => void = () => {}): string => {
    const heard: string[] = [];
    const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => heard.push(String(text)) > 0);
    try {
      const app = new App();
      more(new ThanosStack(app, 'thanos', props));
      app.synthYaml();
    } finally {
      spy.mockRestore();
    }
    return heard.join('');
  };
  const PODS = NetworkPeer.pods({ labels: { app: 'prometheus' } });
  const all: ThanosStackProps = { receiver: {}, query: {}, grafana: {}, networkPolicies: {} };

  test('is told of', () => {
    const text = said(all);
    expect(text).toContain(
      'thanos/NetworkPolicies: writers: is missing, and no policy opens StatefulSet thanos-receiver to anybody: no write gets there',
    );
    expect(text).toContain('viewers: is missing, and no policy opens Deployment grafana to anybody');
    // Grafana asks it
    expect(text).not.toContain('readers');
  });

  test('is the routers’ where there are some', () => {
    const text = said({ ...all, receiver: { ingestOnly: true }, receiveRouter: {} });
    expect(text).toContain('no policy opens Deployment thanos-receive-router to anybody');
    expect(text).not.toContain('thanos-receiver to anybody');
  });

  test('may be opened by an option, by hand, or by a policy of somebody else', () => {
    const quiet = { ...all, grafana: undefined };
    const readers = { readers: PODS };
    expect(said({ ...quiet, networkPolicies: { ...readers, writers: PODS } })).not.toContain('to anybody');
    const byHand = (stack: ThanosStack) => stack.networkPolicies!.letIn(stack.receiver!, PODS, [19291]);
    expect(said({ ...quiet, networkPolicies: readers }, byHand)).not.toContain('to anybody');
    const foreign = (stack: ThanosStack) =>
      new ApiObject(stack, 'Own', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'own' },
        spec: {
          podSelector: { matchLabels: { 'app.kubernetes.io/component': 'receiver' } },
          ingress: [{ ports: [{ port: 'remote-write' }] }],
        },
      });
    expect(said({ ...quiet, networkPolicies: readers }, foreign)).not.toContain('to anybody');
  });

  test.each<[string, string, Json, (stack: ThanosStack) => Chart]>([
    ['with no ports, which are all', 'NetworkPolicy', { podSelector: {}, ingress: [{ ports: [] }] }, (stack) => stack],
    [
      'of a chart without a namespace',
      'NetworkPolicy',
      { podSelector: {}, ingress: [{}] },
      (stack) => new Chart(stack.node.root, 'other'),
    ],
    ['of Calico for the cluster', 'GlobalNetworkPolicy', { ingress: [{ action: 'Allow' }] }, (stack) => stack],
    ['of an administrator', 'AdminNetworkPolicy', { ingress: [{ action: 'Allow' }] }, (stack) => stack],
  ])('may be opened by a policy %s', (_what, kind, spec, where) => {
    const foreign = (stack: ThanosStack) =>
      new ApiObject(where(stack), 'Own', { apiVersion: 'v1', kind, metadata: { name: 'own' }, spec });
    expect(said({ ...all, grafana: undefined, networkPolicies: { readers: PODS } }, foreign)).not.toContain(
      'to anybody',
    );
  });

  describe('by a policy of Cilium', () => {
    const shut = { ...all, grafana: undefined, networkPolicies: { readers: PODS } };
    const said1 = (kind: string, matchLabels: Json, matchExpressions: Json[] = []): string =>
      said(shut, (stack) => {
        new ApiObject(stack, 'Own', {
          ...{ apiVersion: 'cilium.io/v2', kind, metadata: { name: 'own' } },
          spec: { endpointSelector: { matchLabels, matchExpressions }, ingress: [{ fromEntities: ['ingress'] }] },
        });
      });
    const COMPONENT = 'app.kubernetes.io/component';
    const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';

    test('of all namespaces, with the sources of its labels, and the namespace among them', () => {
      const everywhere = 'CiliumClusterwideNetworkPolicy';
      expect(said1(everywhere, { [COMPONENT]: 'receiver' })).toBe('');
      expect(said1(everywhere, { [`k8s:${COMPONENT}`]: 'receiver', [NAMESPACE]: 'monitoring' })).toBe('');
      expect(said1('CiliumNetworkPolicy', { [`any:${COMPONENT}`]: 'receiver' })).toBe('');
      const ofTeam = 'k8s:io.cilium.k8s.namespace.labels.team';
      expect(said1(everywhere, {}, [{ key: ofTeam, operator: 'In', values: ['a'] }])).toBe('');
    });

    test.each([
      ['of other pods', { [`k8s:${COMPONENT}`]: 'store' }],
      ['of another namespace', { [NAMESPACE]: 'other' }],
    ])('not by one %s', (_what, matchLabels) => {
      expect(said1('CiliumClusterwideNetworkPolicy', matchLabels)).toContain('StatefulSet thanos-receiver to anybody');
    });
  });
});
