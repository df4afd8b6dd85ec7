import { type Chart, Duration, Size } from 'cdk8s';
import {
  ForwardCompression,
  Receiver,
  type ReceiverProps,
  ReceiveRouter,
  type ReceiveRouterOptions,
  type ReceiveRouterProps,
  ReplicationProtocol,
  TenantMatcher,
} from '../../src/index';
import { chart, find, type Json } from '../render';
import { AUTOSCALING_CASE } from './autoscaling-case';
import { make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { FORWARDS, grpcTlsCase } from './tls-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

const ENDPOINTS = ['a.example.com:10901', 'b.example.com:10901', 'c.example.com:10901'];
const RINGS = [{ endpoints: ENDPOINTS }];

function router(props: Partial<ReceiveRouterProps> = { rings: RINGS }): Made<ReceiveRouter> {
  return make((scope) => new ReceiveRouter(scope, 'Router', props));
}

/** A router before receivers of these props. */
function routing(
  receivers: ReceiverProps[],
  props: (made: Receiver[]) => Partial<ReceiveRouterProps> = (made) => ({ rings: [{ receivers: made }] }),
): Made<ReceiveRouter> {
  return make((scope: Chart) => {
    const made = receivers.map((one, i) => new Receiver(scope, `Receiver${i}`, one));
    return new ReceiveRouter(scope, 'Router', props(made));
  });
}

function ringsOf(made: Made<ReceiveRouter>): Json[] {
  return JSON.parse(find(made.objects, 'ConfigMap', 'thanos-receive-router-hashrings').data['hashrings.json']);
}

const pods = (name: string, replicas: number): string[] =>
  Array.from(
    { length: replicas },
    (_, i) => `thanos-${name}-${i}.thanos-${name}-headless.monitoring.svc.cluster.local:10901`,
  );

it('is told its rings, and neither an endpoint of its own nor a place for data', () => {
  expect(router().args).toEqual([
    'receive',
    '--label=receive_replica="$(POD_NAME)"',
    '--receive.hashrings-file=/etc/thanos/hashrings/hashrings.json',
    '--receive.hashrings-file-refresh-interval=1m',
    '--receive.hashrings-algorithm=ketama',
    '--receive.replication-factor=3',
  ]);
});

it('is a Deployment that may be rolled at once, and reaches writers behind one Service', () => {
  const { workload, pod, service, construct } = router();
  expect(workload).toMatchObject({ kind: 'Deployment', spec: { replicas: 2 } });
  expect(pod.terminationGracePeriodSeconds).toBe(120);
  expect(service.spec.ports).toContainEqual({ name: 'remote-write', port: 19291, targetPort: 'remote-write' });
  expect(construct.remoteWriteUrl).toBe(
    'http://thanos-receive-router.monitoring.svc.cluster.local:19291/api/v1/receive',
  );
});

it('holds the rings in a ConfigMap of its own, which it reads as a directory', () => {
  const { container, pod } = router();
  expect(container.volumeMounts).toEqual([{ name: 'hashrings', mountPath: '/etc/thanos/hashrings', readOnly: true }]);
  expect(pod.volumes).toEqual([{ name: 'hashrings', configMap: { name: 'thanos-receive-router-hashrings' } }]);
});

it('can not be given the bucket', () => {
  const props = { rings: RINGS, objstore: {} };
  expect(() => new ReceiveRouter(chart(), 'Router', props)).toThrow(
    'cdk8s-thanos: test/Router: props: has no field "objstore"',
  );
});

it('lists the pods of its receivers, of each ring those that it names', () => {
  const made = routing([{ replicas: 3 }, { replicas: 4, hashring: 'gold', ingestOnly: true }], ([all, gold]) => ({
    rings: [
      { name: 'gold', tenants: ['a', 'b'], receivers: [gold] },
      { name: 'some', tenants: ['team-*'], tenantMatcher: TenantMatcher.GLOB, endpoints: ENDPOINTS },
      { name: 'rest', receivers: [all] },
    ],
  }));
  expect(ringsOf(made)).toEqual([
    { hashring: 'gold', tenants: ['a', 'b'], endpoints: pods('receiver-gold', 4) },
    { hashring: 'some', tenants: ['team-*'], tenant_matcher_type: 'glob', endpoints: ENDPOINTS },
    { hashring: 'rest', endpoints: pods('receiver', 3) },
  ]);
});

it('one ring may have the pods of several receivers, which then only ingest', () => {
  const shards = ['a', 'b'].map((shard) => ({ shard, replicas: 2, ingestOnly: true }));
  expect(ringsOf(routing(shards))[0].endpoints).toEqual([...pods('receiver-a', 2), ...pods('receiver-b', 2)]);
});

it.each([
  [[3], ['3']],
  [[2], ['1']],
  [[5, 2], ['1']],
  [[5, 3], ['3']],
])('with rings of %j receivers and nothing said, the factor is %j', (sizes, factor) => {
  const made = routing(
    sizes.map((replicas, i) => ({ replicas, hashring: `r${i}`, ingestOnly: true })),
    (receivers) => ({
      rings: receivers.map((one, i) => ({ name: `r${i}`, receivers: [one], tenants: i ? undefined : ['a'] })),
    }),
  );
  expect(made.flag('--receive.replication-factor')).toEqual(factor);
});

it('stores a sample as often as receivers that route too', () => {
  expect(routing([{ replicas: 5, replicationFactor: 5 }]).flag('--receive.replication-factor')).toEqual(['5']);
});

it('takes the rings from a ConfigMap that exists, and makes none', () => {
  const made = router({ hashringsConfigMap: 'theirs', replicationFactor: 3 });
  expect(made.objects.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
  expect(made.pod.volumes).toEqual([{ name: 'hashrings', configMap: { name: 'theirs' } }]);
});

const LIMITS = `write:
  global:
    max_concurrency: 3
    meta_monitoring_url: "https://prometheus.example.com/x"
    meta_monitoring_limit_query: "sum(a) by (tenant)"
  default:
    request:
      size_bytes_limit: 1048576
      series_limit: 1
      samples_limit: 0
    head_series_limit: 9
  tenants:
    "a: \\x24(B)":
      request: {}
      head_series_limit: 0
`;

describe('props', () => {
  type Own = OwnProps<ReceiveRouterOptions>;
  everyPropReachesTheManifest<Own, ReceiveRouter>(
    {
      grpcTls: grpcTlsCase(FORWARDS),
      requestLogging: REQUEST_LOGGING_CASE,
      replicas: {
        value: 5,
        overruledBy: 'autoscaling, whose least number it is',
        reaches: ({ workload }) => expect(workload.spec.replicas).toBe(5),
      },
      autoscaling: AUTOSCALING_CASE,
      rings: {
        value: [{ name: 'x', endpoints: ENDPOINTS }],
        overruledBy: 'hashringsConfigMap',
        reaches: (made) => expect(ringsOf(made)[0].hashring).toBe('x'),
      },
      hashringsConfigMap: {
        value: 'theirs',
        beside: { replicationFactor: 1 },
        reaches: ({ pod }) => expect(pod.volumes[0].configMap.name).toBe('theirs'),
      },
      replicationFactor: {
        value: 2,
        reaches: (made) => expect(made.flag('--receive.replication-factor')).toEqual(['2']),
      },
      tenancy: {
        value: { header: 'X-Scope-OrgID', defaultTenant: 'team $(A)', splitLabel: 'team' },
        reaches: ({ args }) =>
          expect(args.slice(-3)).toEqual([
            '--receive.tenant-header=X-Scope-OrgID',
            '--receive.default-tenant-id=team $$(A)',
            '--receive.split-tenant-label-name=team',
          ]),
        overruledBy: 'forwarding, which comes after it',
      },
      forwarding: {
        value: {
          timeout: Duration.millis(90_061_001),
          maxBackoff: Duration.seconds(2),
          workers: 9,
          compression: ForwardCompression.SNAPPY,
          protocol: ReplicationProtocol.CAPNPROTO,
        },
        overruledBy: 'writeLimits, which comes after it',
        reaches: ({ args }) =>
          expect(args.slice(-5)).toEqual([
            '--receive-forward-timeout=1d1h1m1s1ms',
            '--receive-forward-max-backoff=2s',
            '--receive.forward.async-workers=9',
            '--receive.grpc-compression=snappy',
            '--receive.replication-protocol=capnproto',
          ]),
      },
      writeLimits: {
        value: {
          maxConcurrency: 3,
          defaults: { requestSize: Size.mebibytes(1), requestSeries: 1, requestSamples: 0, headSeries: 9 },
          tenants: { 'a: $(B)': { headSeries: 0 } },
          metaMonitoring: { url: 'https://prometheus.example.com/x', query: 'sum(a) by (tenant)' },
        },
        reaches: (made) => {
          expect(made.args.at(-1)).toBe('--receive.limits-config-file=/etc/thanos/limits/limits.yml');
          const { metadata, data } = find(made.objects, 'ConfigMap', 'thanos-receive-router-limits');
          expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/component': 'receive-router' });
          expect(data['limits.yml']).toBe(LIMITS);
          expect(made.pod.volumes).toContainEqual({
            name: 'limits',
            configMap: { name: 'thanos-receive-router-limits' },
          });
          expect(made.container.volumeMounts).toContainEqual({
            name: 'limits',
            mountPath: '/etc/thanos/limits',
            readOnly: true,
          });
        },
      },
    },
    (props) => router({ ...props, rings: props.hashringsConfigMap ? undefined : (props.rings ?? RINGS) }),
  );
});

describe('receivers that only ingest', () => {
  const ingest = (props: ReceiverProps = {}) =>
    make((scope) => new Receiver(scope, 'Receiver', { ingestOnly: true, ...props }));

  it('have neither a ring nor a number of copies, but keep names, volumes and their time to stop', () => {
    const made = ingest({ storage: { size: Size.gibibytes(3) } });
    expect(made.args).toEqual([
      'receive',
      '--tsdb.path=/var/thanos/data',
      '--label=receive_replica="$(POD_NAME)"',
      '--tsdb.too-far-in-future.time-window=30m',
    ]);
    expect(made.objects.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
    expect(made.pod).not.toHaveProperty('volumes');
    expect(made.workload).toMatchObject({ metadata: { name: 'thanos-receiver' }, spec: { minReadySeconds: 5 } });
  });

  it('of a ring of their own select no pod of another ring', () => {
    const { construct, workload } = ingest({ hashring: 'gold', shard: 'a' });
    expect(construct.workloadName).toBe('thanos-receiver-gold-a');
    expect(workload.spec.selector.matchLabels).toMatchObject({
      'app.kubernetes.io/component': 'receiver-gold',
      'thanos.io/shard': 'a',
    });
  });

  it('are not told how often a sample is stored', () => {
    expect(() => ingest({ replicationFactor: 3 })).toThrow(
      'cdk8s-thanos: test/Receiver: replicationFactor: is given together with ingestOnly; the router decides it',
    );
  });

  it('that roll faster than the routers notice lose the quorum too', () => {
    expect(ingest({ minReady: Duration.seconds(5) }).warnings.join()).toContain('minReady: is under 30 s');
    expect(ingest({ replicas: 2, minReady: Duration.seconds(5) }).warnings).toEqual([]);
  });
});

describe('warnings', () => {
  it('of copies that are too few', () => {
    expect(router({ rings: RINGS, replicationFactor: 1 }).warnings.join()).toContain(
      'test/Router: replicationFactor: is 1: while one receiver is away, no write gets through',
    );
    expect(router({ rings: RINGS, replicationFactor: 2 }).warnings.join()).toContain('replicationFactor: is 2');
    expect(router().warnings).toEqual([]);
  });

  it("of Cap'n Proto beside certificates", () => {
    const warned = (protocol: ReplicationProtocol) =>
      router({ rings: RINGS, grpcTls: grpcTlsCase(FORWARDS).value, forwarding: { protocol } }).warnings;
    expect(warned(ReplicationProtocol.CAPNPROTO)).toEqual([
      "test/Router: forwarding: is by Cap'n Proto, which knows no TLS: writes cross the network readable in spite of grpcTls",
    ]);
    expect(warned(ReplicationProtocol.PROTOBUF)).toEqual([]);
  });

  it('of hashmod', () => {
    const extraArgs = ['--receive.hashrings-algorithm=hashmod'];
    expect(router({ rings: RINGS, extraArgs }).warnings).toEqual([
      expect.stringContaining('test/Router: extraArgs: "--receive.hashrings-algorithm=hashmod": each change'),
    ]);
  });
});

describe('errors', () => {
  const ring = (name: string, tenants?: string[], tenantMatcher?: TenantMatcher) => ({
    ...{ name, tenants, tenantMatcher, endpoints: ENDPOINTS },
  });
  const glob = TenantMatcher.GLOB;
  it.each<[string, object, string]>([
    ['nothing to route to', {}, 'rings: is missing. Give the rings, [{ receivers: [receiver] }]'],
    ['both sources', { rings: RINGS, hashringsConfigMap: 'x' }, 'rings: is given together with hashringsConfigMap'],
    ['no ring', { rings: [] }, 'rings: is empty; a router needs a ring'],
    [
      'a ring without members',
      { rings: [{}] },
      'rings: [0]: ring "default" has no members; give receivers with replicas, or endpoints',
    ],
    ['what is no receiver', { rings: [{ receivers: ['a'] }] }, 'rings: [0]: receivers: [0]: is "a", not a Receiver'],
    [
      'an address with a scheme',
      { rings: [{ endpoints: ['http://a:1'] }] },
      'rings: [0]: endpoints: [0]: "http://a:1" is not the address of one receiver',
    ],
    [
      'an address of many',
      { rings: [{ endpoints: ['dnssrv+_grpc._tcp.a'] }] },
      'rings: [0]: endpoints: [0]: "dnssrv+_grpc._tcp.a" is not the address of one receiver',
    ],
    [
      'a member twice',
      { rings: [{ endpoints: ['a:1', 'b:1', 'a:1'] }] },
      'rings: [0]: "a:1" is in the ring "default" twice',
    ],
    [
      'more copies than members',
      { rings: RINGS, replicationFactor: 4 },
      'replicationFactor: is 4, but ring "default" has 3 receivers',
    ],
    [
      'a factor in the arguments that is too large',
      { rings: RINGS, extraArgs: ['--receive.replication-factor=5'] },
      'replicationFactor: is 5, but ring "default" has 3 receivers; each ring needs as many as copies',
    ],
    ['no factor for rings that are not known', { hashringsConfigMap: 'x' }, 'replicationFactor: is missing: the rings'],
    ['rings without names', { rings: [...RINGS, ...RINGS] }, 'rings: [0]: name: is missing; of several rings each'],
    [
      'a tenant in two places',
      { rings: RINGS, tenancy: { header: 'A', certificateField: 'commonName' } },
      'tenancy: header: has no effect with certificateField; drop one of the two',
    ],
    [
      'a header with blanks',
      { rings: RINGS, tenancy: { header: 'a b' } },
      'tenancy: header: "a b" is not the name of a header',
    ],
    [
      'what Thanos does not split by',
      { rings: RINGS, tenancy: { splitLabel: 'a-b' } },
      'tenancy: splitLabel: "a-b" is not a label name',
    ],
    [
      'a label of blocks, which a router has none of',
      { rings: RINGS, tenancy: { label: 'a' } },
      'tenancy: has no field "label"',
    ],
    ['one name twice', { rings: [ring('a', ['x']), ring('a')] }, 'rings: [1]: name: "a" is another ring\'s too'],
    ['no tenant', { rings: [ring('a', [])] }, 'rings: [0]: tenants: is empty; leave it out for every tenant'],
    [
      'a ring after the one for all',
      { rings: [ring('a'), ring('b', ['x'])] },
      'rings: [1]: ring "b" gets no tenant: ring "a" before it has no tenants, so it takes all. Put it last',
    ],
    [
      'a tenant in two rings',
      { rings: [ring('a', ['x', 'y']), ring('b', ['z', 'y'])] },
      'rings: [1]: tenants: [1]: "y" is a tenant of ring "a" too, which is before it and takes it. Give it to one ring',
    ],
    [
      'a tenant that a glob before takes',
      { rings: [ring('a', ['team-[ab]?'], glob), ring('b', ['team-b7'])] },
      'rings: [1]: tenants: [0]: "team-b7" is a tenant of ring "a" too',
    ],
    [
      'a glob that Thanos does not read',
      { rings: [ring('a', ['team-['], glob)] },
      'rings: [0]: tenants: [0]: "team-[" is not a glob that Thanos reads',
    ],
    [
      'a matcher that it does not know',
      { rings: [{ ...ring('a', ['x']), tenantMatcher: 'regex' }] },
      'rings: [0]: tenantMatcher: "regex" is not one of exact, glob',
    ],
    [
      'a misspelt field',
      { rings: [{ receiver: [] }] },
      'rings: [0]: has no field "receiver"; did you mean "receivers"?',
    ],
  ])('%s', (_, props, message) => {
    expect(() => new ReceiveRouter(chart(), 'Router', props)).toThrow(`cdk8s-thanos: test/Router: ${message}`);
  });

  it('a glob may stand after a tenant of its own, which is an exception', () => {
    const rings = [ring('a', ['team-b7']), ring('b', ['team-*'], glob), ring('c', ['x/y', 'team'])];
    expect(ringsOf(router({ rings }))).toHaveLength(3);
  });

  it('receivers that route with another number of copies', () => {
    expect(() => routing([{ replicas: 3 }], (receivers) => ({ rings: [{ receivers }], replicationFactor: 1 }))).toThrow(
      'test/Router: replicationFactor: is 1, but test/Receiver0 in ring "default" routes too, with 3 copies. ' +
        'Give both the same replicationFactor, or the receiver ingestOnly: true',
    );
  });

  it('receivers that route in a ring of more than themselves', () => {
    expect(() => routing([{ shard: 'a' }, { shard: 'b' }])).toThrow(
      'test/Router: rings: [0]: test/Receiver0 routes too, in a ring of its own pods alone, and would disagree with ring "default"',
    );
  });

  it('receivers that do not say that they take Capn Proto', () => {
    const app = (props: ReceiverProps) =>
      routing([{ ingestOnly: true, ...props }], (receivers) => ({
        rings: [{ receivers }],
        forwarding: { protocol: ReplicationProtocol.CAPNPROTO },
      }));
    expect(() => app({})).toThrow(
      'test/Router: forwarding: protocol: is capnproto, but test/Receiver0 in ring "default" does not take it. Give it capnproto: true',
    );
    expect(app({ capnproto: true }).flag('--receive.replication-protocol')).toEqual(['capnproto']);
  });

  it('receivers without pods', () => {
    expect(() => routing([{ replicas: 0, ingestOnly: true }])).toThrow('rings: [0]: ring "default" has no members');
  });
});
