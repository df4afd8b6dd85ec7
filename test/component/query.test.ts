import { Duration } from 'cdk8s';
import type { Json } from '../render';
import { parse } from 'yaml';
import {
  ConnectionMetricLabel,
  DeduplicationFunc,
  EndpointsFile,
  type IStoreApi,
  PromqlEngine,
  Query,
  QueryFrontend,
  QueryMode,
  type QueryOptions,
  type QueryProps,
  Receiver,
  Ruler,
  StoreGateway,
  TenantCertificateField,
} from '../../src/index';
import { chart, find } from '../render';
import { bucket, make, type Made } from './made';
import { AUTOSCALING_CASE } from './autoscaling-case';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { grpcTlsCase } from './tls-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

const RECEIVER: IStoreApi = { storeApiAddress: 'dnssrv+_grpc._tcp.r', replicaLabel: 'receive_replica' };

/** Its replicas serve the same. */
const STORE: IStoreApi = { storeApiAddress: 'dnssrv+_grpc._tcp.s' };

function query(props: QueryProps = {}): Made<Query> {
  return make((scope) => new Query(scope, 'Query', props));
}

/** The list of StoreAPIs as Thanos reads it, in the argument or in the file. */
function asked(made: Made<Query>): Json[] {
  const [text = find(made.objects, 'ConfigMap', 'thanos-query-endpoints').data['endpoints.yml']] =
    made.flag('--endpoint.sd-config');
  return parse(text).endpoints;
}

/** Their addresses. */
function endpoints(made: Made<Query>): string[] {
  return asked(made).map(({ address }) => address);
}

/** Whether all of these flags are set. */
function sets(...flags: string[]): (made: Made<Query>) => void {
  return ({ args }) => expect(args).toEqual(expect.arrayContaining(flags.map((flag) => `--${flag}`)));
}

it('has the arguments of the guide: every StoreAPI of the stack by its headless name, and their replica labels', () => {
  const made = make((scope) => {
    const objstore = bucket(scope);
    const sources = [
      new Receiver(scope, 'Receiver', { objstore }),
      new StoreGateway(scope, 'Store', { objstore }),
      new Ruler(scope, 'Ruler', { objstore, queries: ['q'] }),
    ];
    return new Query(scope, 'Query', { sources, replicas: 2 });
  });
  expect(made.args).toEqual([
    'query',
    '--query.replica-label=receive_replica',
    '--query.replica-label=rule_replica',
    '--deduplication.func=chain',
    `--endpoint.sd-config=endpoints:
  - address: "dnssrv+_grpc._tcp.thanos-receiver-headless.monitoring.svc.cluster.local"
  - address: "dnssrv+_grpc._tcp.thanos-store-headless.monitoring.svc.cluster.local"
  - address: "dnssrv+_grpc._tcp.thanos-ruler-headless.monitoring.svc.cluster.local"
`,
    '--store.sd-dns-interval=5s',
  ]);
});

it('holds neither config nor CA nor keys, and has no way to be given them', () => {
  const { args, pod, container } = query({ sources: [RECEIVER] });
  expect(args.join()).not.toContain('objstore');
  expect(pod).not.toHaveProperty('volumes');
  expect(container).not.toHaveProperty('env');
  expect(() => new Query(chart(), 'Query', { objstore: {} } as QueryProps)).toThrow('props: has no field "objstore"');
});

it('is a Deployment behind its Service, with the URL that frontends and rulers ask', () => {
  const { workload, construct } = query({ endpoints: ['a:1'] });
  expect(workload.kind).toBe('Deployment');
  expect(workload.spec.replicas).toBe(2);
  expect(construct.url).toBe('http://thanos-query.monitoring.svc.cluster.local:10902');
  expect(construct.headlessService).toBeUndefined();
});

it('an address that is a source and an endpoint is asked once', () => {
  expect(endpoints(query({ sources: [RECEIVER], endpoints: ['dnssrv+_grpc._tcp.r', 'b:1'] }))).toEqual([
    'dnssrv+_grpc._tcp.r',
    'b:1',
  ]);
});

it('merges receivers by every timestamp, and pairs of Prometheus servers by one replica at a time', () => {
  const [RULER, SIDECAR] = ['rule_replica', 'prometheus_replica'].map((replicaLabel) => ({
    storeApiAddress: `dnssrv+_grpc._tcp.${replicaLabel}`,
    replicaLabel,
  }));
  const func = (props: QueryProps) => query(props).flag('--deduplication.func');
  expect(func({})).toEqual(['chain']);
  expect(func({ sources: [RECEIVER, RULER] })).toEqual(['chain']);
  expect(func({ sources: [RULER] })).toEqual(['chain']);
  expect(func({ sources: [SIDECAR, RULER] })).toEqual(['penalty']);
  expect(func({ sources: [SIDECAR, RECEIVER] })).toEqual(['chain']);
  expect(func({ endpoints: ['sidecar:10901'] })).toEqual(['chain']);
  expect(func({ endpoints: ['sidecar:10901'], replicaLabels: ['prometheus_replica'] })).toEqual(['penalty']);
  expect(func({ sources: [RECEIVER], replicaLabels: ['replica'] })).toEqual(['chain']);
  expect(func({ endpoints: ['a:1'], replicaLabels: ['receive_replica', 'replica'] })).toEqual(['chain']);
  expect(func({ replicaLabels: ['a'], deduplication: DeduplicationFunc.CHAIN })).toEqual(['chain']);
  expect(func({ sources: [RECEIVER], deduplication: DeduplicationFunc.PENALTY })).toEqual(['penalty']);
});

it('merges by the labels of a Query below it, whose StoreAPI gives the series of each replica', () => {
  const flags = (lower: QueryProps, upper: QueryProps = {}) => {
    const made = make((scope) => {
      const one = new Query(scope, 'Lower', { ...lower, instance: 'lower' });
      const two = new Query(scope, 'Middle', { sources: [one], instance: 'middle' });
      return new Query(scope, 'Query', { sources: [two], ...upper });
    });
    return [made.flag('--query.replica-label'), made.flag('--deduplication.func')];
  };
  const lower = { sources: [RECEIVER], replicaLabels: ['replica'] };
  expect(flags(lower)).toEqual([['receive_replica', 'replica'], ['chain']]);
  expect(flags(lower, { replicaLabels: ['replica', 'b'] })).toEqual([['receive_replica', 'replica', 'b'], ['chain']]);
  expect(flags({ endpoints: ['a:1'], replicaLabels: ['replica'] })).toEqual([['replica'], ['penalty']]);
  expect(flags({ endpoints: ['a:1'] })).toEqual([[], ['chain']]);
});

it('warns when it has nothing to ask', () => {
  const warning = 'test/Query: sources: none given, and no endpoints, so every answer is empty';
  expect(query().warnings).toContain(warning);
  expect(query({ endpoints: ['a:1'] }).warnings).toEqual([]);
});

describe('a file of endpoints', () => {
  it('made here is a ConfigMap that no checksum ties to the pods, which re-read it', () => {
    const made = query({ sources: [RECEIVER], endpointsFile: EndpointsFile.generated() });
    expect(endpoints(made)).toEqual(['dnssrv+_grpc._tcp.r']);
    expect(made.flag('--endpoint.sd-config')).toEqual([]);
    expect(made.template.metadata).not.toHaveProperty('annotations');
    const configMap = { name: 'thanos-query-endpoints', items: [{ key: 'endpoints.yml', path: 'endpoints.yml' }] };
    expect(made.pod.volumes).toEqual([{ name: 'endpoints', configMap }]);
    expect(made.container.volumeMounts).toEqual([
      { name: 'endpoints', mountPath: '/etc/thanos/endpoints', readOnly: true },
    ]);
  });

  it('of nothing is a list that others may fill later', () => {
    expect(endpoints(query({ endpointsFile: EndpointsFile.generated() }))).toEqual([]);
  });

  it('of your own is asked beside the sources, which Thanos takes no second list for', () => {
    const made = query({
      sources: [RECEIVER, STORE],
      endpoints: ['a:1'],
      endpointOptions: [
        { address: 'b:1', strict: true },
        { address: 'c:1', strict: true, group: true },
      ],
      groupReplicas: true,
      endpointsFile: EndpointsFile.fromConfigMapName('sidecars', { key: 'list.yml' }),
    });
    expect(made.args.filter((arg) => arg.startsWith('--endpoint'))).toEqual([
      '--endpoint.sd-config-file=/etc/thanos/endpoints/list.yml',
      '--endpoint=dnssrv+_grpc._tcp.r',
      '--endpoint-group=dnssrv+_grpc._tcp.s',
      '--endpoint=a:1',
      '--endpoint-strict=b:1',
      '--endpoint-group-strict=c:1',
    ]);
    expect(made.pod.volumes[0].configMap).toEqual({ name: 'sidecars', items: [{ key: 'list.yml', path: 'list.yml' }] });
    expect(made.objects.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
  });

  it('that an argument names takes the place of the list, which is said', () => {
    const made = query({ sources: [RECEIVER], extraArgs: ['--endpoint.sd-config-file=/x'] });
    expect(made.flag('--endpoint.sd-config')).toEqual([]);
    expect(made.warnings).toContain(
      'test/Query: extraArgs: "--endpoint.sd-config-file" replaces the sources and endpoints; give endpointsFile to keep both',
    );
  });
});

it('may be asked by a Query above it, by its Service', () => {
  const made = make((scope) => {
    const leaf = new Query(scope, 'Leaf', { shard: 'leaf', endpoints: ['a:1'] });
    return new Query(scope, 'Query', { shard: 'global', sources: [leaf], mode: QueryMode.DISTRIBUTED });
  });
  expect(endpoints(made)).toEqual(['dnssrv+_grpc._tcp.thanos-query-leaf.monitoring.svc.cluster.local']);
  expect(made.warnings).toEqual([]);
});

it('warns where the distributed mode may miss what is no Query', () => {
  expect(query({ sources: [RECEIVER], mode: QueryMode.DISTRIBUTED }).warnings).toContain(
    'test/Query: mode: is "distributed", in which Queries are asked: beside them the series of other sources may be missing',
  );
});

it('below a path is asked there, by all but a frontend, which would never be ready', () => {
  const { construct } = query({ endpoints: ['a:1'], web: { routePrefix: '/thanos' } });
  expect(construct.url).toBe('http://thanos-query.monitoring.svc.cluster.local:10902/thanos');
  expect(construct.queryApiAddress).toBe('dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local/thanos');
  expect(() => new QueryFrontend(chart(), 'Frontend', { downstream: construct })).toThrow(
    'test/Frontend: downstream: serves below a path, "http://thanos-query.monitoring.svc.cluster.local:10902/thanos", behind which a frontend is never ready. Drop routePrefix of that Query',
  );
});

describe('props', () => {
  everyPropReachesTheManifest<OwnProps<QueryOptions>, Query>(
    {
      grpcTls: {
        ...grpcTlsCase(),
        reaches: (made) => {
          grpcTlsCase<Query>().reaches(made);
          const [text = find(made.objects, 'ConfigMap', 'thanos-query-endpoints').data['endpoints.yml']] =
            made.flag('--endpoint.sd-config');
          expect(parse(text).default_client_config).toEqual({
            tls_config: {
              enabled: true,
              ca_file: '/etc/thanos/grpc-ca/ca.crt',
              cert_file: '/etc/thanos/grpc-tls/tls.crt',
              key_file: '/etc/thanos/grpc-tls/tls.key',
            },
            server_name: 'parts.example.com',
          });
        },
      },
      requestLogging: REQUEST_LOGGING_CASE,
      replicas: {
        value: 5,
        overruledBy: 'autoscaling, whose least number it is',
        reaches: ({ workload }) => expect(workload.spec.replicas).toBe(5),
      },
      autoscaling: AUTOSCALING_CASE,
      endpoints: {
        value: ['sidecar:10901', 'dns+other.example.com:443', '[2001:db8::1]:10901', '$(x):1'],
        reaches: (made) =>
          expect(endpoints(made).slice(0, 6)).toEqual([
            'dnssrv+_grpc._tcp.r',
            'dnssrv+_grpc._tcp.s',
            'sidecar:10901',
            'dns+other.example.com:443',
            '[2001:db8::1]:10901',
            '$(x):1',
          ]),
      },
      replicaLabels: {
        value: ['prometheus_replica', 'receive_replica'],
        reaches: (made) =>
          expect(made.flag('--query.replica-label')).toEqual(['receive_replica', 'prometheus_replica']),
      },
      deduplication: {
        value: DeduplicationFunc.PENALTY,
        reaches: (made) => expect(made.flag('--deduplication.func')).toEqual(['penalty']),
      },
      timeout: { value: Duration.minutes(5), reaches: (made) => expect(made.flag('--query.timeout')).toEqual(['5m']) },
      autoDownsampling: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--query.auto-downsampling'),
      },
      endpointOptions: {
        value: [
          { address: 'dnssrv+_grpc._tcp.r', group: true, serviceConfig: '{"loadBalancingPolicy":"round_robin"}' },
          { address: 'prometheus:10901', strict: true },
        ],
        reaches: (made) =>
          expect(asked(made)).toEqual(
            expect.arrayContaining([
              {
                address: 'dnssrv+_grpc._tcp.r',
                group: true,
                service_config: '{"loadBalancingPolicy":"round_robin"}',
              },
              { address: 'prometheus:10901', strict: true },
            ]),
          ),
      },
      groupReplicas: {
        value: true,
        reaches: (made) => expect(asked(made)).toContainEqual({ address: 'dnssrv+_grpc._tcp.s', group: true }),
      },
      endpointsFile: {
        value: EndpointsFile.generated({ reloadInterval: Duration.minutes(1) }),
        reaches: (made) => {
          expect(made.flag('--endpoint.sd-config-file')).toEqual(['/etc/thanos/endpoints/endpoints.yml']);
          expect(made.flag('--endpoint.sd-config-reload-interval')).toEqual(['1m']);
        },
      },
      engine: { value: PromqlEngine.THANOS, reaches: sets('query.promql-engine=thanos') },
      mode: { value: QueryMode.DISTRIBUTED, reaches: sets('query.mode=distributed') },
      partitionLabels: {
        value: ['cluster', 'region'],
        beside: { mode: QueryMode.DISTRIBUTED },
        reaches: sets('query.partition-label=cluster', 'query.partition-label=region'),
      },
      extendedFunctions: {
        value: true,
        beside: { engine: PromqlEngine.THANOS },
        reaches: sets('query.enable-x-functions'),
      },
      maxConcurrent: { value: 30, reaches: sets('query.max-concurrent=30') },
      maxConcurrentSelects: { value: 8, reaches: sets('query.max-concurrent-select=8') },
      lookback: { value: Duration.days(2), reaches: sets('query.lookback-delta=48h') },
      defaultStep: { value: Duration.seconds(15), reaches: sets('query.default-step=15s') },
      defaultEvaluationInterval: {
        value: Duration.seconds(30),
        reaches: sets('query.default-evaluation-interval=30s'),
      },
      metadataRange: { value: Duration.days(7), reaches: sets('query.metadata.default-time-range=7d') },
      partialResponse: { value: false, reaches: sets('no-query.partial-response') },
      storeResponseTimeout: { value: Duration.seconds(0), reaches: sets('store.response-timeout=0s') },
      storeUnhealthyTimeout: { value: Duration.minutes(2), reaches: sets('store.unhealthy-timeout=2m') },
      dnsInterval: { value: Duration.seconds(10), reaches: sets('store.sd-dns-interval=10s') },
      limits: {
        value: { series: 1000, samples: 0 },
        reaches: sets('store.limits.request-series=1000', 'store.limits.request-samples=0'),
      },
      selectorLabels: { value: { cluster: 'a$(X)' }, reaches: sets('selector-label=cluster="a$$(X)"') },
      tenancy: {
        value: { enforce: true, header: 'X-Scope-OrgID', defaultTenant: 'team a', label: 'tenant' },
        reaches: sets(
          'query.enforce-tenancy',
          'query.tenant-header=X-Scope-OrgID',
          'query.default-tenant-id=team a',
          'query.tenant-label-name=tenant',
        ),
      },
      web: {
        value: { externalPrefix: '/thanos', cors: false },
        reaches: sets('web.external-prefix=/thanos', 'web.route-prefix=/', 'web.disable-cors'),
      },
      telemetry: {
        value: {
          durationBounds: [0.25, 1],
          samplesBounds: [10],
          seriesBounds: [100, 1000],
          connectionLabels: [ConnectionMetricLabel.STORE_TYPE],
        },
        reaches: sets(
          'query.telemetry.request-duration-seconds-quantiles=0.25',
          'query.telemetry.request-duration-seconds-quantiles=1',
          'query.telemetry.request-samples-quantiles=10',
          'query.telemetry.request-series-seconds-quantiles=1000',
          'query.conn-metric.label=store_type',
        ),
      },
    },
    (props) => query({ sources: [RECEIVER, STORE], ...props }),
  );
});

/** An address that lacks one, and what to write in its place. */
function noPort(address: string, meant: string): [string, object, string] {
  const text = `endpoints: [0]: "${address}" has no port; write "${meant}". Only names with dnssrv+, such as`;
  return [`an endpoint without a port: ${address}`, { endpoints: [address] }, text];
}

it.each(['host:grpc', 'host:0', 'host:65536', ':10901', 'host:10901:10901', '[::1', 'dns+:1'])(
  'refuses an endpoint whose port is none, or that has no host: %s',
  (address) => {
    const lookup = address.startsWith('dns+') ? 'dns+' : '';
    expect(() => query({ endpoints: [address] })).toThrow(
      `endpoints: [0]: "${address}" does not end in a port of 1 to 65535 after a host; write "${lookup}host:10901", of IPv6 "[::1]:10901"`,
    );
  },
);

it('refuses a source whose replica label is no name', () => {
  const source = { storeApiAddress: 'a:1', replicaLabel: '' };
  expect(() => query({ sources: [source] })).toThrow('sources: [0]: replicaLabel: is "", not the name of a label');
});

it('takes endpoints with a port, and names that bring theirs from DNS', () => {
  const all = [
    'a:1',
    '[fd00::1]:10901',
    'dns+a:1',
    'dnsdualstack+a:1',
    'dnssrv+_grpc._tcp.a',
    'dnssrvnoa+a',
    'dnssrv+a:1',
  ];
  expect(endpoints(query({ endpoints: all }))).toEqual(all);
});

describe('errors', () => {
  const wanted =
    'is not a StoreAPI address; write "host:port", or a name with dns+ or dnssrv+ before it, without scheme';
  it.each<[string, object, string]>([
    [
      'an endpoint with a scheme',
      { endpoints: ['http://sidecar:10901'] },
      `endpoints: [0]: "http://sidecar:10901" ${wanted}`,
    ],
    ['an endpoint with blanks', { endpoints: ['a b'] }, `endpoints: [0]: "a b" ${wanted}`],
    ['an endpoint of nothing', { endpoints: [''] }, `endpoints: [0]: "" ${wanted}`],
    ['an unknown lookup', { endpoints: ['srv+a'] }, `endpoints: [0]: "srv+a" ${wanted}`],
    noPort('q.example.com', 'q.example.com:10901'),
    noPort('q.example.com:', 'q.example.com:10901'),
    noPort('10.0.0.1', '10.0.0.1:10901'),
    noPort('fd00::1', '[fd00::1]:10901'),
    noPort('[fd00::1]', '[fd00::1]:10901'),
    noPort('dns+q.example.com', 'dns+q.example.com:10901'),
    noPort('dnsdualstack+q.example.com', 'dnsdualstack+q.example.com:10901'),
    [
      'an endpoint with options and no port',
      { endpointOptions: [{ address: 'a', group: true }] },
      'endpointOptions: [0]: address: "a" has no port; write "a:10901"',
    ],
    ['a merge function', { deduplication: 'sum' }, 'deduplication: "sum" is not one of chain, penalty'],
    [
      'a strict endpoint that is looked up, which Thanos refuses',
      { endpointOptions: [{ address: 'dns+a:1', strict: true }] },
      'endpointOptions: [0]: strict: "dns+a:1" is looked up, which Thanos refuses with strict; give "host:port"',
    ],
    [
      'a service config without a group, which Thanos refuses',
      { endpointOptions: [{ address: 'a:1', serviceConfig: '{}' }] },
      'endpointOptions: [0]: serviceConfig: is for a group only, which Thanos insists on; set group, or drop it',
    ],
    [
      'a service config that is no JSON',
      { endpointOptions: [{ address: 'a:1', group: true, serviceConfig: '[' }] },
      `endpointOptions: [0]: serviceConfig: is not a JSON object; write such as '{"loadBalancingPolicy":"round_robin"}'`,
    ],
    [
      'a service config beside a ConfigMap of your own',
      {
        endpointOptions: [{ address: 'a:1', group: true, serviceConfig: '{}' }],
        endpointsFile: EndpointsFile.fromConfigMapName('sidecars'),
      },
      'endpoints: serviceConfig of endpointOptions is not told beside a ConfigMap of your own; put that endpoint into it',
    ],
    [
      'a service config for a Thanos that passes over it without a word',
      { endpointOptions: [{ address: 'a:1', group: true, serviceConfig: '{}' }], image: { tag: 'v0.39.2' } },
      'image: is Thanos 0.39, but service configs of endpoint groups need 0.40 or newer. Take a newer tag',
    ],
    ['a file that is a text', { endpointsFile: 'x' }, 'endpointsFile: is "x", not an EndpointsFile'],
    [
      'a ConfigMap without a name',
      { endpointsFile: EndpointsFile.fromConfigMapName('A b') },
      'endpointsFile: "A b" is not an object name',
    ],
    [
      'an engine that the mode overrules',
      { engine: PromqlEngine.PROMETHEUS, mode: QueryMode.DISTRIBUTED },
      'mode: "distributed" brings the engine "thanos" whatever engine says; drop one of the two',
    ],
    [
      'a partition of nothing',
      { partitionLabels: ['a'] },
      'partitionLabels: has no effect without mode: QueryMode.DISTRIBUTED',
    ],
    [
      'a partition by replicas',
      { partitionLabels: ['a'], replicaLabels: ['a'], mode: QueryMode.DISTRIBUTED },
      'partitionLabels: "a" is a replica label, by which nothing is partitioned. Remove it',
    ],
    [
      'functions that the engine lacks',
      { extendedFunctions: true },
      'extendedFunctions: has no effect without engine: PromqlEngine.THANOS',
    ],
    ['no queries at a time', { maxConcurrent: 0 }, 'maxConcurrent: is 0; it must be a whole number of at least 1'],
    ['a label of digits', { selectorLabels: { '0': 'a' } }, 'selectorLabels: "0" is not a label name'],
    [
      'a tenant in two places',
      { tenancy: { header: 'A', certificateField: TenantCertificateField.COMMON_NAME } },
      'tenancy: header: has no effect with certificateField; drop one of the two',
    ],
    ['a header with blanks', { tenancy: { header: 'a b' } }, 'tenancy: header: "a b" is not the name of a header'],
    ['a prefix that is no path', { web: { routePrefix: 'x' } }, 'web: routePrefix: "x" is not a path; write "/thanos"'],
    [
      'a prefix in two places',
      { web: { externalPrefix: '/a', prefixHeader: 'X' } },
      'web: prefixHeader: has no effect with externalPrefix; drop one of the two',
    ],
    [
      'bounds that fall',
      { telemetry: { samplesBounds: [10, 1] } },
      'telemetry: samplesBounds: [1]: 1 is not above 10, the one before it',
    ],
    [
      'a bound of nothing',
      { telemetry: { seriesBounds: [0] } },
      'telemetry: seriesBounds: [0]: is 0; it must be a number above 0',
    ],
    ['no time for an answer', { timeout: Duration.seconds(0) }, 'timeout: is 0 ms; it must be greater than 0'],
  ])('%s', (_, props, message) => {
    expect(() => query(props)).toThrow(`cdk8s-thanos: test/Query: ${message}`);
  });
});
