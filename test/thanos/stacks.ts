import { App, Duration, Size, Testing } from 'cdk8s';
import {
  BlockDiscovery,
  BlockSelector,
  BlockTime,
  CompactionFunc,
  HashFunc,
  ConnectionMetricLabel,
  EndpointsFile,
  ForwardCompression,
  IndexCache,
  LogFormat,
  LogLevel,
  PrometheusRuleSource,
  PromqlEngine,
  QueryMode,
  type QueryFrontendOptions,
  type QueryOptions,
  type ReceiverOptions,
  ReplicationProtocol,
  ResponseCache,
  type RuleGroup,
  S3Ca,
  S3Credentials,
  TenantCertificateField,
  TenantMatcher,
  ThanosStack,
  OtlpProtocol,
  Tracing,
  type ThanosStackProps,
} from '../../src';
import type { Json } from '../render';
import { LOGGING } from '../component/request-logging-case';
import { HOSTILE_MAP } from './hostile';

/** Every component with its defaults, the guide's stack, one that sets every option which becomes a flag, and split receivers. */
export const STACKS: Record<string, (ca: string) => ThanosStackProps> = {
  default: (ca) => ({
    objstore: bucket(ca),
    ...{
      receiver: {},
      receiveRouter: {},
      compactor: {},
      storeGateway: {},
      ruler: {},
      query: {},
      queryFrontend: {},
      bucketWeb: {},
    },
  }),
  guide: (ca) => ({
    tracing: Tracing.fromSecretName('tracing'),
    objstore: bucket(ca),
    receiver: { replicas: 3 },
    receiveRouter: { replicas: 2 },
    compactor: {
      retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
    },
    storeGateway: { replicas: 2, indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }) },
    ruler: { alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'] },
    query: { replicas: 2 },
    queryFrontend: {},
    bucketWeb: {},
  }),
  sharded: (ca) => ({
    objstore: bucket(ca),
    compactor: { shards: { hash: { total: 2, labels: ['cluster', 'tenant_id'] } } },
    storeGateway: {
      shards: { hash: 2, time: [{ name: 'new', since: BlockTime.ago(Duration.days(30)) }, { name: 'old' }] },
    },
    query: {},
  }),
  full: (ca) => ({
    name: 'full',
    tracing: Tracing.otlp({
      endpoint: '127.0.0.1:1',
      protocol: OtlpProtocol.HTTP,
      ...{ ratio: 0.1, insecure: true, serviceName: 'a$(X)', timeout: Duration.hours(26) },
      resourceAttributes: HOSTILE_MAP,
    }),
    requestLogging: LOGGING,
    extraArgs: ['--enable-auto-gomemlimit'],
    logLevel: LogLevel.DEBUG,
    logFormat: LogFormat.JSON,
    externalLabels: HOSTILE_MAP,
    objstore: { ...bucket(ca), prefix: 'a: $(X)', region: 'eu-1', trace: true },
    ...writers(),
    ...readers(),
  }),
  split: () => ({
    name: 'split',
    receiver: { ingestOnly: true },
    hashrings: [
      { name: 'gold', tenants: ['a', 'b'] },
      { name: 'silver', tenants: ['team-*'], tenantMatcher: TenantMatcher.GLOB, receiver: { replicas: 4 } },
    ],
    receiveRouter: {},
  }),
};

/** The objects of one of the stacks. */
export function stackObjects(props: ThanosStackProps): Json[] {
  return Testing.synth(new ThanosStack(new App(), 'stack', props));
}

function bucket(ca: string) {
  return {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: S3Ca.fromPem(ca),
    serverName: 's3.minio.example.com',
    credentials: S3Credentials.fromSecretName('keys'),
  };
}

function writers() {
  return {
    receiver: {
      replicas: 4,
      replicationFactor: 2,
      retention: Duration.hours(36),
      ...everyReceiverOption(),
      extraArgs: ['--tsdb.retention=400d', '--receive.tenant-header=T', '--label=extra="$(POD_NAME)"'],
    },
    receiveRouter: { forwarding: FORWARDING, extraArgs: ['--receive.tenant-header=T', '--receive.replica-header=R'] },
    compactor: {
      retention: { raw: Duration.hours(40), fiveMinutes: Duration.millis(864000001), oneHour: Duration.days(0) },
      ...{ downsampling: true, concurrency: 2, downsampleConcurrency: 3 },
      ...{ deleteDelay: Duration.days(0), consistencyDelay: Duration.millis(5400001) },
      ...{ blocksFetchConcurrency: 2, blockFilesConcurrency: 2, metaFetchConcurrency: 4, maxLevel: 3 },
      ...{ blockDiscovery: BlockDiscovery.RECURSIVE, hashFunc: HashFunc.SHA256, skipOutOfOrderChunks: true },
      verticalCompaction: { replicaLabels: ['receive_replica', 'x$(Y)'], deduplication: CompactionFunc.PENALTY },
      ...{ waitInterval: Duration.hours(26), cleanupInterval: Duration.days(0), progressInterval: Duration.days(0) },
      blocks: BlockSelector.otherThan('cluster', ['a.b', 'c$(X)|d', '"\\', '']),
      ...{ minTime: BlockTime.at(new Date(1)), maxTime: BlockTime.ago(Duration.millis(93784005)), haltOnError: false },
      ...{ maxIndexSize: Size.mebibytes(1537), page: PAGE, routePrefix: '/a-$$(b)' },
      extraArgs: ['--deduplication.replica-label=a', '--deduplication.replica-label=b', '--wait'],
    },
    ruler: {
      alertmanagers: ['dnssrv+http://_web._tcp.am.monitoring.svc', 'https://am.example.com/path?a=$(X)&b="\''],
      queries: ['127.0.0.1:1', 'dnssrv+_http._tcp.q.monitoring.svc', 'http://q.example.com/x?a=$$(X)'],
      ...{ evaluationInterval: Duration.hours(26), retention: Duration.days(366) },
      ...{ alertQueryUrl: 'https://q.example.com/$(X)', rules: RULES, ruleConfigMaps: ['more-rules'] },
      prometheusRules: [PrometheusRuleSource.fromYaml(GIVEN_RULES)],
      ...{ alertmanagerTimeout: Duration.millis(1), dropAlertLabels: ['a', '_b'], concurrentEvaluations: 7 },
      ...{ queryOffset: Duration.millis(93784005), resendDelay: Duration.days(0), forGracePeriod: Duration.hours(26) },
      ...{ forOutageTolerance: Duration.days(366), restoreIgnoredLabels: ['a'], limits: { series: 0, samples: 1 } },
      ...{ ruleReload: {}, web: { externalPrefix: '/a/b', prefixHeader: undefined, cors: false } },
      extraArgs: ['--alert.label-drop=other', '--tsdb.block-duration=3h'],
    },
  };
}

const FORWARDING = {
  ...{ timeout: Duration.hours(26), maxBackoff: Duration.millis(1), workers: 1 },
  compression: ForwardCompression.NONE,
  protocol: ReplicationProtocol.CAPNPROTO,
};

/** What a receiver is told beyond what every stack says, with the values that are hardest to write. */
function everyReceiverOption(): ReceiverOptions {
  return {
    forwarding: FORWARDING,
    tsdb: {
      ...{ outOfOrderWindow: Duration.millis(93784005), outOfOrderChunk: 255, futureWindow: Duration.days(366) },
      ...{ blockDuration: Duration.hours(26), maxSize: Size.kibibytes(1537), walCompression: false, lockFile: false },
      ...{ maxExemplars: 0, headPostingsCache: Size.kibibytes(1), blockPostingsCache: Size.tebibytes(8000) },
      ...{ writeQueue: 1, snapshotOnShutdown: true, internLabels: true, metricNamesFilter: true },
    },
    limits: { series: 0, samples: 1 },
    writeLimits: { maxConcurrency: 1, defaults: { requestSize: Size.kibibytes(1537) } },
    ...{ matcherCacheSize: 1, uploadConcurrency: 0, hashFunc: HashFunc.SHA256 },
  };
}

function readers() {
  return {
    storeGateway: {
      indexCache: IndexCache.inMemory({ maxSize: Size.mebibytes(20) }),
      chunkPoolSize: Size.kibibytes(1537),
      ...{ syncInterval: Duration.millis(93784005), ignoreDeletionMarksDelay: Duration.days(0) },
      blocks: BlockSelector.labelValues('cluster', ['a.b', '']),
      ...{ consistencyDelay: Duration.hours(26), minTime: BlockTime.ago(Duration.days(3650)) },
      ...{ maxTime: BlockTime.at(new Date('2100-01-01')), lazyReader: true, lazyDownload: true, lazyPostings: true },
      ...{ lazyReaderIdleTimeout: Duration.hours(26), matcherCacheSize: 10, blockDiscovery: BlockDiscovery.RECURSIVE },
      limits: { series: 0, samples: 1, downloaded: Size.kibibytes(1537) },
      ...{ headersOnDisk: true, seriesConcurrency: 3, blockSyncConcurrency: 2, metaFetchConcurrency: 4, page: PAGE },
      extraArgs: ['--store.grpc.series-max-concurrency=5', '--no-cache-index-header'],
    },
    query: {
      endpoints: ['127.0.0.1:1', 'dns+sidecar.example.com:10901'],
      replicaLabels: ['prometheus_replica', 'b'],
      ...{ timeout: Duration.minutes(61), autoDownsampling: true },
      ...everyQueryOption(),
      extraArgs: ['--query.max-concurrent=3', '--no-query.auto-downsampling', '--endpoint.info-timeout=100ms'],
    },
    queryFrontend: {
      responseCache: ResponseCache.inMemory({ maxSize: Size.mebibytes(10), validity: Duration.days(2) }),
      ...{ splitInterval: Duration.hours(25), logQueriesLongerThan: Duration.days(0), compressResponses: true },
      ...everyFrontendOption(),
      extraArgs: ['--query-frontend.forward-header=A', '--query-frontend.forward-header=B'],
    },
    bucketWeb: { refresh: Duration.millis(60001), label: 'h0 $(X) $$ü', adminOperations: true },
  };
}

/** A page of blocks behind a proxy. */
const PAGE = { adminOperations: false, label: 'h0 $(X)', externalPrefix: '/p/$(X)', prefixHeader: 'X-$P', cors: false };

/** What Query is told beyond what every stack says, with the values that are hardest to write. */
function everyQueryOption(): QueryOptions {
  return {
    endpointOptions: [
      { address: '127.0.0.1:2', strict: true, plainText: true },
      { address: '127.0.0.1:3', tls: { serverName: 'other.example.com' } },
      { address: 'dns+group.example.com:1', group: true, serviceConfig: '{"loadBalancingPolicy":"round_robin"}' },
    ],
    groupReplicas: true,
    endpointsFile: EndpointsFile.generated({ reloadInterval: Duration.millis(90061001) }),
    ...{ mode: QueryMode.DISTRIBUTED, engine: PromqlEngine.THANOS, extendedFunctions: true },
    partitionLabels: ['cluster'],
    ...{ maxConcurrent: 7, maxConcurrentSelects: 3, lookback: Duration.hours(26), partialResponse: false },
    ...{ defaultStep: Duration.days(1), defaultEvaluationInterval: Duration.millis(1500) },
    ...{ metadataRange: Duration.days(366), storeResponseTimeout: Duration.millis(0) },
    ...{ storeUnhealthyTimeout: Duration.hours(25), dnsInterval: Duration.hours(24) },
    limits: { series: 0, samples: 9007199254740991 },
    selectorLabels: HOSTILE_MAP,
    tenancy: {
      enforce: true,
      certificateField: TenantCertificateField.COMMON_NAME,
      defaultTenant: 'ü $(X)',
      label: 'a',
    },
    web: { externalPrefix: '/a/b', cors: false },
    telemetry: {
      durationBounds: [0.001, 1e21],
      samplesBounds: [1, 2],
      seriesBounds: [1e-7],
      connectionLabels: [ConnectionMetricLabel.EXTERNAL_LABELS, ConnectionMetricLabel.STORE_TYPE],
    },
  };
}

function everyFrontendOption(): QueryFrontendOptions {
  return {
    dynamicSplit: { shards: 4, minInterval: Duration.hours(26), maxInterval: Duration.days(366) },
    ...{
      verticalShards: 2,
      maxParallelism: 1,
      maxRetries: 0,
      instantMaxRetries: 9,
      maxQueryLength: Duration.days(366),
    },
    ...{ cacheFreshness: Duration.days(0), alignWithStep: false, requestDownsampled: true, partialResponse: false },
    labelRequests: {
      responseCache: ResponseCache.inMemory({ maxSize: Size.kibibytes(1537) }),
      ...{ splitInterval: Duration.millis(1), defaultRange: Duration.days(366), maxRetries: 0, maxParallelism: 1 },
      ...{ cacheFreshness: Duration.days(0), partialResponse: false },
    },
    ...{ compressCache: true, slowQueryUserHeader: '$-`~', forceQueryStats: true, forwardHeaders: ['X-$$A'] },
    ...{ extendedFunctions: true, tenancy: { header: 'T' }, cors: false },
    downstreamHttp: {
      ...{ idleTimeout: Duration.days(366), responseHeaderTimeout: Duration.days(366), maxIdle: 0, maxPerHost: 0 },
      ...{ tlsHandshakeTimeout: Duration.millis(1), expectContinueTimeout: Duration.millis(1), maxIdlePerHost: 1 },
    },
  };
}

/** As the API server takes it: every field of the resource, and the forms that Prometheus' own rule files would not have. */
const GIVEN_RULES = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: given, namespace: team }
spec:
  groups:
    - name: given
      interval: 1m30s
      query_offset: 1m
      limit: 3
      partial_response_strategy: WARN
      labels: { team: '0123' }
      rules:
        - { record: a, expr: 1, labels: { a: $(X) } }
        - { alert: b, expr: 'up == 0', for: '0', keep_firing_for: 1d, annotations: { summary: '{{ $value }}' } }
    - { name: given without rules, partial_response_strategy: '' }
`;

const RULES: RuleGroup[] = [
  {
    name: 'a: b',
    interval: Duration.seconds(90),
    limit: 3,
    partialResponseStrategy: 'warn',
    rules: [
      { record: 'job:up:sum', expr: 'sum by (job) (up)', labels: { team: '0123' } },
      {
        alert: 'Down',
        expr: 'up == 0',
        for: Duration.days(0),
        keepFiringFor: Duration.minutes(61),
        labels: { severity: 'yes' },
        annotations: { summary: '{{ $labels.job }} $(X)' },
      },
    ],
  },
  { name: 'second', partialResponseStrategy: 'abort', rules: [{ record: 'x', expr: 'vector(1)' }] },
];
