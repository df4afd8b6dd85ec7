import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  IndexCache,
  NetworkPeer,
  NetworkPolicies,
  ObjectStorage,
  OtlpProtocol,
  S3Credentials,
  ThanosIngress,
  ThanosStack,
  type ThanosStackProps,
  Tracing,
} from '../../src/index';
import { quietly } from '../component/made';
import { chart, type Json, render } from '../render';
import { OBJSTORE } from '../stack/stacks';
import { parties, passes } from './evaluator';

const OUT = NetworkPeer.cidr('10.20.0.0/16');
const PODS = NetworkPeer.pods({ labels: { app: 'x' } });

/** Why a stack does not synthesize. */
function problem(props: ThanosStackProps, more: (stack: ThanosStack) => void = () => {}): string {
  try {
    quietly(() => {
      const stack = new ThanosStack(new App(), 'thanos', props);
      more(stack);
      render(stack);
    });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const STORE = { objstore: OBJSTORE, storeGateway: {} };
const IN_CLUSTER = { objstore: { ...OBJSTORE, endpoint: 's3.minio.svc.cluster.local:9000' }, storeGateway: {} };

const SWIFT = ObjectStorage.swift({
  container: 'thanos',
  authUrl: 'https://keystone.example.com:5000/v3',
  username: 'thanos',
  password: { secretName: 'swift', key: 'password' },
} as never);
const SENTINEL = {
  objstore: OBJSTORE,
  storeGateway: { indexCache: IndexCache.redis({ address: 'sentinel.redis.svc:26379', masterName: 'main' } as never) },
};

describe('a StackCheck in a closed stack', () => {
  const API_SERVER = NetworkPeer.cidr('192.0.2.1/32', { ports: [6443] });
  const closed = {
    ...{ objstore: OBJSTORE, storeGateway: {}, networkPolicies: { objstore: OUT } },
    stackCheck: { image: { repository: 'r', tag: '1' } },
  };
  const own = (stack: ThanosStack, apiVersion: string, kind: string, spec: Json): ApiObject =>
    new ApiObject(stack, 'Own', { apiVersion, kind, metadata: { name: 'own', namespace: 'monitoring' }, spec });
  const labels = { matchLabels: { 'app.kubernetes.io/component': 'check' } };

  const withApi = (apiServer: NetworkPeer): ThanosStackProps => ({
    ...closed,
    networkPolicies: { ...closed.networkPolicies, apiServer },
  });

  /** What synth says on stderr. */
  function said(more: (stack: ThanosStack) => void, props: ThanosStackProps = closed): string {
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const stack = new ThanosStack(new App(), 'thanos', props);
      more(stack);
      render(stack);
      return stderr.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      stderr.mockRestore();
    }
  }

  test('is told of until it may ask the API server', () => {
    expect(said(() => {})).toContain(
      'warning: thanos/NetworkPolicies: apiServer: is missing: CronJob thanos-check asks the API server, and no policy lets it out: it would get no answer. Give NetworkPeer.cidr("192.0.2.1/32", { ports: [6443] })',
    );
    expect(said((stack) => stack.networkPolicies!.letOut(stack.stackCheck!, API_SERVER))).toBe('');
    expect(said(() => {}, withApi(API_SERVER))).toBe('');
    expect(said(() => {}, withApi(NetworkPeer.kubeApiServer({ ports: [6443] })))).toBe('');
  });

  test('gets to the API server and to DNS, and the API server to the metrics; nobody else does', () => {
    const made = render(new ThanosStack(new App(), 'thanos', withApi(API_SERVER)));
    const own = parties(made);
    const api = { address: '192.0.2.1' };
    const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    expect(passes(made, own.check, api, 6443)).toBe(true);
    expect(passes(made, own.check, api, 443)).toBe(false);
    expect(passes(made, own.check, dns, 53, 'UDP')).toBe(true);
    expect(passes(made, own.store, api, 6443)).toBe(false);
    expect(passes(made, api, own.store, 10902)).toBe(true);
    expect(passes(made, api, own.store, 10901)).toBe(false);
    expect(passes(made, api, own.check, 10902)).toBe(false);
  });

  test('goes by Cilium’s name of the API server, and the API server comes in by it', () => {
    const peer = NetworkPeer.anyOf(NetworkPeer.kubeApiServer({ ports: [6443] }));
    const made = render(new ThanosStack(new App(), 'thanos', withApi(peer)));
    const tcp = (port: string): Json => [{ ports: [{ port, protocol: 'TCP' }] }];
    const rules = made.find(({ kind }: Json) => kind === 'CiliumNetworkPolicy').specs;
    const labels = (component: string): Json => ({
      matchLabels: {
        'app.kubernetes.io/name': 'thanos',
        'app.kubernetes.io/instance': 'thanos',
        'app.kubernetes.io/component': component,
      },
    });
    expect(rules).toEqual([
      {
        endpointSelector: labels('store'),
        ingress: [{ fromEntities: ['kube-apiserver'], toPorts: tcp('10902') }],
      },
      { endpointSelector: labels('check'), egress: [{ toEntities: ['kube-apiserver'], toPorts: tcp('6443') }] },
    ]);
    // the way to DNS needs none of Cilium's names
    const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    expect(passes(made, parties(made).check, dns, 53, 'UDP')).toBe(true);
  });

  test('lets nobody in to the parts where the API server may be anyone', () => {
    const made = render(new ThanosStack(new App(), 'thanos', withApi(NetworkPeer.anywhere({ ports: [443] }))));
    expect(passes(made, parties(made).check, { address: '192.0.2.1' }, 443)).toBe(true);
    expect(passes(made, { address: '192.0.2.1' }, parties(made).store, 10902)).toBe(false);
  });

  test.each<[string, NetworkPeer, string]>([
    [
      'the address of its Service',
      NetworkPeer.cidr('10.96.0.1/32', { ports: [443] }),
      'thanos/NetworkPolicies: apiServer: is 10.96.0.1/32, but CronJob thanos-check (cdk8s-thanos check) calls kubernetes.default.svc, a Service of the cluster: its address is exchanged for that of an API server before a policy sees it, so no block of addresses ever matches it. Give NetworkPeer.cidr("192.0.2.1/32", { ports: [6443] })',
    ],
    [
      'the block of all Services',
      NetworkPeer.cidr('10.43.0.0/16', { ports: [443] }),
      'apiServer: is 10.43.0.0/16, but CronJob thanos-check (cdk8s-thanos check) calls kubernetes.default.svc, a Service',
    ],
    [
      'no port',
      NetworkPeer.cidr('192.0.2.1/32'),
      "apiServer: names no port, and CronJob thanos-check (cdk8s-thanos check) calls kubernetes.default.svc, where synth sees none. Give ports, those at the peer's own end",
    ],
    ['no port, to Cilium', NetworkPeer.kubeApiServer(), 'apiServer: names no port, and CronJob thanos-check'],
    [
      'a name',
      NetworkPeer.names(['api.example.com'], { ports: [6443] }),
      'networkPolicies: apiServer: is the name api.example.com: pods ask the API server by an address',
    ],
    ['pods', PODS, 'networkPolicies: apiServer: is pods: the API server has none of its own'],
  ])('%s is refused', (_, peer, text) => {
    expect(problem(withApi(peer))).toContain(text);
  });

  test('the address of a Service may be that of an endpoint, to one who says so', () => {
    const peer = NetworkPeer.cidr('10.0.0.1/32', { ports: [443], behindService: true });
    expect(problem(withApi(peer))).toBe('');
  });

  test('is not there: Cilium takes no empty policy', () => {
    const { objstore, storeGateway, networkPolicies } = withApi(NetworkPeer.kubeApiServer({ ports: [6443] }));
    expect(problem({ objstore, storeGateway, networkPolicies })).toContain(
      'thanos/NetworkPolicies: apiServer: is given, but nobody of the stack asks the API server. Drop it',
    );
    const cidr = withApi(API_SERVER).networkPolicies;
    expect(problem({ objstore, storeGateway, networkPolicies: cidr })).toBe('');
  });

  test('whoever else mounts a token of its ServiceAccount is told of too, and let out', () => {
    const patched = (stack: ThanosStack): void =>
      stack.storeGateway!.workload.addJsonPatch(
        JsonPatch.replace('/spec/template/spec/automountServiceAccountToken', true),
      );
    const text = 'apiServer: is missing: StatefulSet thanos-store asks the API server';
    const { objstore, storeGateway, networkPolicies } = closed;
    expect(said(patched, { objstore, storeGateway, networkPolicies })).toContain(text);
    expect(said(() => {}, { objstore, storeGateway, networkPolicies })).toBe('');
    const stack = new ThanosStack(new App(), 'thanos', withApi(API_SERVER));
    patched(stack);
    const made = render(stack);
    expect(passes(made, parties(made).store, { address: '192.0.2.1' }, 6443)).toBe(true);
  });

  test('the API server is nobody’s bucket, and nobody who comes in by hand', () => {
    const api = NetworkPeer.kubeApiServer({ ports: [6443] });
    expect(problem({ ...STORE, networkPolicies: { objstore: api } })).toContain(
      'objstore: is the API server, which is asked for nothing here. Give it as apiServer, or to letOut',
    );
    expect(
      problem({ ...STORE, networkPolicies: { objstore: OUT } }, ({ networkPolicies, storeGateway }) =>
        networkPolicies!.letIn(storeGateway!, NetworkPeer.kubeApiServer(), [10902]),
      ),
    ).toContain('letIn: is the API server, which calls nobody here. Give it as apiServer');
  });

  test.each<[string, string, Json]>([
    ['networking.k8s.io/v1', 'NetworkPolicy', { podSelector: labels, egress: [{}] }],
    ['cilium.io/v2', 'CiliumNetworkPolicy', { endpointSelector: labels, egress: [{ toEntities: ['kube-apiserver'] }] }],
  ])('may go by a policy of the user: %s %s', (apiVersion, kind, spec) => {
    expect(said((stack) => own(stack, apiVersion, kind, spec))).toBe('');
    expect(said((stack) => own(stack, apiVersion, kind, { ...spec, egress: [] }))).toContain('no policy lets it out');
  });
});

describe('whom the stack calls', () => {
  it.each<[string, ThanosStackProps, string]>([
    [
      'a store that nobody named',
      { ...STORE, networkPolicies: {} },
      'thanos/NetworkPolicies: objstore: is missing: StatefulSet thanos-store (objstore.yml) calls s3.minio.example.com, outside of the app, and would not get there. Give NetworkPeer.cidr(…) for addresses outside of the cluster, pods(…) for a store in it, names(…) with Cilium, or anywhere()',
    ],
    [
      'Alertmanagers',
      {
        ruler: { alertmanagers: ['http://am.watch.svc:9093'], queries: ['q.watch.svc:1'] },
        networkPolicies: { queries: PODS },
      },
      'alertmanagers: is missing: StatefulSet thanos-ruler (--alertmanagers.url) calls am.watch.svc, outside of the app',
    ],
    [
      'Queries',
      { ruler: { queries: ['q.watch.svc:10902'] }, networkPolicies: {} },
      'queries: is missing: StatefulSet thanos-ruler (--query) calls q.watch.svc',
    ],
    [
      'endpoints',
      { query: { endpoints: ['other:10901'] }, networkPolicies: {} },
      'endpoints: is missing: Deployment thanos-query (--endpoint.sd-config) calls other',
    ],
    [
      'receivers',
      { receiveRouter: { rings: [{ endpoints: ['r.example.com:10901'] }] }, networkPolicies: {} },
      'receivers: is missing: Deployment thanos-receive-router (--receive.hashrings-file) calls r.example.com',
    ],
    [
      'receivers in a ConfigMap of somebody else',
      { receiveRouter: { hashringsConfigMap: 'rings', replicationFactor: 1 }, networkPolicies: {} },
      'calls whom ConfigMap rings names, outside of the app',
    ],
    [
      'a remote-write',
      {
        query: {},
        ruler: { remoteWrite: [{ url: 'http://other.example.com/api/v1/receive' }] },
        networkPolicies: {},
      },
      'remoteWrite: is missing: StatefulSet thanos-ruler (--remote-write.config-file) calls other.example.com',
    ],
    [
      'caches',
      {
        objstore: OBJSTORE,
        storeGateway: { indexCache: IndexCache.memcached({ addresses: ['memcached.caches.svc:11211'] }) },
        networkPolicies: { objstore: OUT },
      },
      'caches: is missing: StatefulSet thanos-store (--index-cache.config) calls memcached.caches.svc',
    ],
    [
      'a collector of spans',
      { query: {}, tracing: Tracing.otlp({ endpoint: 'c:4317', protocol: OtlpProtocol.GRPC }), networkPolicies: {} },
      'tracing: is missing: Deployment thanos-query (--tracing.config) calls c, outside of the app',
    ],
    [
      'whom receivers ask for series',
      {
        receiver: {
          writeLimits: { metaMonitoring: { url: 'http://prometheus.watch.svc:9090' }, defaults: { headSeries: 5 } },
        },
        networkPolicies: {},
      },
      'metaMonitoring: is missing: StatefulSet thanos-receiver (--receive.limits-config-file) calls prometheus.watch.svc',
    ],
    [
      'an exchange of identities',
      {
        objstore: {
          ...OBJSTORE,
          ca: undefined,
          credentials: S3Credentials.fromWebIdentity({ serviceAccountName: 'a' }),
        },
        storeGateway: {},
        networkPolicies: { objstore: OUT },
      },
      'identity: is missing: StatefulSet thanos-store (objstore.yml) calls whoever exchanges its identity',
    ],
    [
      'a store in a Secret, whose port nobody sees',
      {
        objectStorage: ObjectStorage.fromSecretName('objstore'),
        storeGateway: {},
        networkPolicies: { objstore: OUT },
      },
      "objstore: names no port, and StatefulSet thanos-store (objstore.yml) calls whom Secret objstore names, where synth sees none. Give ports, those at the peer's own end",
    ],
    [
      'an SRV name, whose port nobody sees',
      { query: { endpoints: ['dnssrv+_grpc._tcp.prometheus.watch.svc'] }, networkPolicies: { endpoints: PODS } },
      'endpoints: names no port, and Deployment thanos-query (--endpoint.sd-config) calls prometheus.watch.svc',
    ],
    [
      'a Service, named by a block of addresses',
      { ...IN_CLUSTER, networkPolicies: { objstore: NetworkPeer.cidr('10.96.0.0/12') } },
      'thanos/NetworkPolicies: objstore: is 10.96.0.0/12, but StatefulSet thanos-store (objstore.yml) calls s3.minio.svc.cluster.local, a Service of the cluster: its address is exchanged for that of a pod before a policy sees it, so no block of addresses ever matches it. Give NetworkPeer.pods(…)',
    ],
    [
      'a Service, named by its name',
      { ...IN_CLUSTER, networkPolicies: { objstore: NetworkPeer.names(['s3.minio.svc.cluster.local']) } },
      'objstore: is a name, but StatefulSet thanos-store (objstore.yml) calls s3.minio.svc.cluster.local, a Service of the cluster, which Cilium knows by its pods',
    ],
    [
      'a name, for an address that nobody looks up',
      {
        query: { endpoints: ['10.1.2.3:10901'] },
        networkPolicies: { endpoints: NetworkPeer.names(['store.example.com']) },
      },
      'endpoints: is the name store.example.com, which no DNS answer brings to an address: Deployment thanos-query (--endpoint.sd-config) calls 10.1.2.3. Name it as it is called',
    ],
    [
      'a block of other addresses',
      {
        query: { endpoints: ['10.1.2.3:10901', '[2001:db8::1]:10901'] },
        networkPolicies: { endpoints: NetworkPeer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }) },
      },
      'endpoints: is 10.0.0.0/8 without 10.1.0.0/16: Deployment thanos-query (--endpoint.sd-config) calls 10.1.2.3.',
    ],
    [
      'another name',
      { ...STORE, networkPolicies: { objstore: NetworkPeer.names(['s3.example.com', '*.s3.example.com']) } },
      'objstore: is the name s3.example.com, *.s3.example.com, not this one: StatefulSet thanos-store (objstore.yml) calls s3.minio.example.com.',
    ],
    [
      'Keystone of a store of OpenStack',
      {
        objectStorage: SWIFT,
        storeGateway: {},
        networkPolicies: { objstore: NetworkPeer.cidr('10.0.0.0/8', { ports: [8080] }) },
      },
      'identity: is missing: StatefulSet thanos-store (objstore.yml) calls keystone.example.com, outside of the app',
    ],
    [
      'the Redis behind a Sentinel',
      { ...SENTINEL, networkPolicies: { objstore: OUT, caches: PODS } },
      "caches: names no port but 26379 at most, and StatefulSet thanos-store (--index-cache.config) calls the Redis that its Sentinel names, where synth sees none. Give ports, those at the peer's own end",
    ],
    [
      'a Sentinel alone',
      { ...SENTINEL, networkPolicies: { objstore: OUT, caches: NetworkPeer.anywhere({ ports: [26379] }) } },
      'caches: names no port but 26379 at most',
    ],
    [
      'names that nobody calls',
      { query: {}, networkPolicies: { alertmanagers: NetworkPeer.names(['am.example.com']) } },
      'names: are given, but nobody of the stack calls whom they name. Drop them',
    ],
  ])('%s', (_, props, text) => {
    expect(problem(props)).toContain(text);
  });

  it.each([
    ['a peer', PODS],
    ['anyone', NetworkPeer.anywhere()],
    ['a name', NetworkPeer.names(['s3.minio.example.com'])],
    ['a name of which it is a part', NetworkPeer.names(['*.minio.example.com'])],
    ['the name of the bucket before that of the store', NetworkPeer.names(['thanos.s3.minio.example.com'])],
    ['one of several', NetworkPeer.anyOf(NetworkPeer.names(['other.example.com']), OUT)],
  ])('is fine with %s', (_, objstore) => {
    expect(problem({ ...STORE, networkPolicies: { objstore } })).toBe('');
  });
});

it.each<[string, ThanosStackProps, number[]]>([
  [
    'a Sentinel and its Redis',
    { ...SENTINEL, networkPolicies: { objstore: OUT, caches: NetworkPeer.anywhere({ ports: [26379, 6379] }) } },
    [26379, 6379],
  ],
  [
    'Keystone',
    {
      objectStorage: SWIFT,
      storeGateway: {},
      networkPolicies: { objstore: OUT, identity: NetworkPeer.cidr('10.9.0.0/16') },
    },
    [5000],
  ],
])('%s are open for the pods that ask them', (_, props, wanted) => {
  const stack = new ThanosStack(new App(), 'thanos', props);
  const { egress } = quietly(() => render(stack)).find(
    ({ kind, metadata }: Json) => kind === 'NetworkPolicy' && metadata.name === 'thanos-store',
  ).spec;
  const ports: number[] = egress.flatMap((rule: Json) => rule.ports.map(({ port }: Json) => port));
  expect(ports).toEqual(expect.arrayContaining(wanted));
});

describe('a Service that selects no pods', () => {
  const cidr = (options = {}): ThanosStackProps => ({
    ...IN_CLUSTER,
    networkPolicies: { objstore: NetworkPeer.cidr('192.0.2.0/24', options) },
  });
  const service = (spec: Json) => (stack: ThanosStack) =>
    void new ApiObject(stack, 'S3', {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3', namespace: 'minio' } },
      spec: { ports: [{ port: 9000 }], ...spec },
    });

  it('leads to addresses, which a block names', () => {
    expect(problem(cidr(), service({}))).toBe('');
  });

  it('may be one that the app has not', () => {
    expect(problem(cidr({ behindService: true }))).toBe('');
    expect(problem(cidr({ behindService: 'yes' }))).toContain('behindService: is "yes"; it must be true or false');
    expect(problem(cidr())).toContain(
      'Give NetworkPeer.pods(…), or behindService where the Service selects no pods and these are its endpoints',
    );
  });

  it('is not one that only renames', () => {
    expect(problem(cidr(), service({ type: 'ExternalName', externalName: 'a.b' }))).toContain('behindService');
  });
});

it('a stack that the app does not have is not closed without a word', () => {
  const other = (stack: ThanosStack): Json => new NetworkPolicies(stack, 'Other', { instance: 'thanso' });
  expect(problem({ query: {} }, other)).toContain(
    'thanos/Other: instance: is "thanso", and the app has no pods of that stack in namespace monitoring: nothing is closed. Give the name and the namespace of a stack that the app has',
  );
});

it('a route without its gateway is an error', () => {
  const route = (stack: ThanosStack): void => {
    new ThanosIngress(stack, 'Ingress', { to: stack.query!, hosts: ['a.example.com'] });
  };
  expect(problem({ query: {}, networkPolicies: {} }, route)).toContain(
    'thanos/NetworkPolicies: gateways: is missing: Ingress thanos-query leads to pods that nobody gets to. Give the pods of the controller',
  );
  expect(problem({ query: {}, networkPolicies: { gateways: PODS } }, route)).toBe('');
});

describe('pods with the label of the stack that are no part of it', () => {
  const labels = { 'app.kubernetes.io/instance': 'thanos', app: 'extra' };
  const extra = (stack: ThanosStack): void => {
    new ApiObject(stack, 'Extra', {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'extra', namespace: 'monitoring', labels } },
      spec: { containers: [{ name: 'a', image: 'a' }] },
    });
  };

  it('are an error', () => {
    expect(problem({ query: {}, networkPolicies: {} }, extra)).toContain(
      'thanos/NetworkPolicies: pods: Pod extra has the label app.kubernetes.io/instance of this stack, so nothing gets in or out of its pods, and no policy says what may. Give it a NetworkPolicy of its own, or take the label away',
    );
  });

  const INSTANCE = 'app.kubernetes.io/instance';
  it.each<[string, Json, boolean]>([
    ['by label', { matchLabels: { app: 'extra' } }, true],
    ['by expression', { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'extra'] }] }, true],
    ['of what has a label', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    ['of all but some', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['other'] }] }, true],
    ['of what lacks a label', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
    ['of others', { matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }, false],
    ['of others than they', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['extra'] }] }, false],
    ['of all of the stack', { matchExpressions: [{ key: INSTANCE, operator: 'In', values: ['thanos'] }] }, false],
  ])('are fine with a policy of their own, %s', (_, podSelector, covered) => {
    const both = (stack: ThanosStack): void => {
      extra(stack);
      new ApiObject(stack, 'Policy', {
        ...{
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'extra', namespace: 'monitoring' },
        },
        spec: { podSelector },
      });
    };
    const found = problem({ query: {}, networkPolicies: {} }, both);
    if (covered) expect(found).toBe('');
    else expect(found).toContain('pods: Pod extra has the label');
  });
});

describe('peers', () => {
  it.each<[string, () => NetworkPeer, string]>([
    [
      'no labels',
      () => NetworkPeer.pods({}),
      'labels: is missing, and so are namespace and namespaceLabels: say which pods',
    ],
    [
      'two namespaces',
      () => NetworkPeer.pods({ namespace: 'a', namespaceLabels: {} }),
      'namespaceLabels: is given together with namespace',
    ],
    ['a namespace', () => NetworkPeer.pods({ namespace: 'A' }), 'namespace: "A" is not a DNS label'],
    ['a label', () => NetworkPeer.pods({ labels: { a: 'b c' } }), '"b c" is not the value of a label'],
    [
      'an address',
      () => NetworkPeer.cidr('10.0.0.1'),
      '"10.0.0.1" is not a block of addresses; write such as "10.0.0.0/8" or "192.0.2.7/32"',
    ],
    ['a length', () => NetworkPeer.cidr('10.0.0.0/33'), '"10.0.0.0/33" is not a block of addresses'],
    [
      'an exception',
      () => NetworkPeer.cidr('10.0.0.0/8', { except: ['x'] }),
      'except: [0]: "x" is not a block of addresses',
    ],
    [
      'a name with a port',
      () => NetworkPeer.names(['s3.example.com:9000']),
      '[0]: "s3.example.com:9000" is not the name of a host',
    ],
    ['no names', () => NetworkPeer.names([]), 'names: is empty'],
    [
      'a port',
      () => NetworkPeer.anywhere({ ports: [0] }),
      'ports: [0]: is 0; it must be a whole number from 1 to 65535',
    ],
    ['no peers', () => NetworkPeer.anyOf(), 'anyOf: is empty; give a NetworkPeer'],
    ['a peer in a list', () => NetworkPeer.anyOf(PODS, NetworkPeer.pods({})), 'anyOf[1]: labels: is missing'],
    [
      'something else',
      () => 'anyone' as unknown as NetworkPeer,
      'is "anyone", not a NetworkPeer; write NetworkPeer.pods(…), cidr(…), names(…) or anywhere()',
    ],
  ])('%s', (_, peer, text) => {
    expect(problem({ ...STORE, networkPolicies: { objstore: peer() } })).toContain(text);
  });

  it('who comes in has no name and no ports', () => {
    const of = (prometheus: NetworkPeer): string => problem({ query: {}, networkPolicies: { prometheus } });
    expect(of(NetworkPeer.names(['a.b']))).toContain(
      'prometheus: is a name: who comes in has none. Give NetworkPeer.pods(…) or cidr(…)',
    );
    expect(of(NetworkPeer.anywhere({ ports: [1] }))).toContain(
      'ports: have no effect: they are those of the stack. Drop them',
    );
  });

  it('the DNS server has no name', () => {
    expect(problem({ query: {}, networkPolicies: { dns: NetworkPeer.names(['dns']) } })).toContain(
      'dns: is a name, which the DNS server itself would have to tell',
    );
  });
});

describe('ways by hand', () => {
  const closed = { query: {}, networkPolicies: {} };

  it('need ports', () => {
    expect(problem(closed, ({ networkPolicies, query }) => networkPolicies!.letIn(query!, PODS, []))).toContain(
      'thanos/NetworkPolicies: letIn: ports: is empty; give those of the component, such as 10901',
    );
    expect(problem(closed, ({ networkPolicies, query }) => networkPolicies!.letOut(query!, PODS))).toContain(
      'letOut: names no port; give ports with the peer',
    );
  });

  it('need a part of the stack', () => {
    expect(problem(closed, (stack) => stack.networkPolicies!.letIn(new Chart(stack, 'other'), PODS, [1]))).toContain(
      'letIn: thanos/other has no pods of this stack; give one of its components',
    );
    const elsewhere = (stack: ThanosStack): void =>
      stack.networkPolicies!.letOut(chart(), NetworkPeer.anywhere({ ports: [1] }));
    expect(problem(closed, elsewhere)).toContain('belongs to another App');
  });
});

it('a stack is closed once', () => {
  const twice = (stack: ThanosStack): Json => new NetworkPolicies(stack, 'Again', { instance: 'thanos' });
  expect(problem({ query: {}, networkPolicies: {} }, twice)).toContain('NetworkPolicy');
});
