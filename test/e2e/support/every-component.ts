import { Duration, Size } from 'cdk8s';
import {
  BlockDiscovery,
  BlockSelector,
  BlockTime,
  type AutoscalingOptions,
  type BucketWebOptions,
  CacheCa,
  CachingBucket,
  CompactionFunc,
  type CompactorOptions,
  type ComponentOptions,
  ConnectionMetricLabel,
  DeduplicationFunc,
  type EndpointOptions,
  EndpointsFile,
  ForwardCompression,
  type ForwardingOptions,
  type GrafanaOptions,
  type GrpcTlsOptions,
  HashFunc,
  type HttpPartOptions,
  ImagePullPolicy,
  IndexCache,
  PrometheusRuleSource,
  PromqlEngine,
  type QueryFrontendOptions,
  QueryMode,
  type QueryOptions,
  type ReceiverOptions,
  type ReceiveRouterOptions,
  ReplicationProtocol,
  ResponseCache,
  type RuleGroup,
  type RulerOptions,
  type StoreGatewayOptions,
  TlsCa,
  TlsCertificate,
  VolumeRetention,
  type WriteLimitsOptions,
} from 'cdk8s-thanos';
import { SECOND_CA } from '../../fixtures/certificates';
import { LOGGING } from '../../component/request-logging-case';

/** What a component has beyond what all have; none may be left out. */
type Own<T> = Required<Omit<T, keyof ComponentOptions | keyof HttpPartOptions>>;

/** The two forms of rules are made from the same groups. */
export const RULES: RuleGroup[] = [
  {
    name: 'everything',
    interval: Duration.seconds(30),
    limit: 10,
    partialResponseStrategy: 'warn',
    rules: [
      { record: 'job:up:sum', expr: 'sum by (job) (up)', labels: { team: '0123' } },
      {
        alert: 'Down',
        expr: 'up == 0',
        for: Duration.minutes(5),
        keepFiringFor: Duration.minutes(1),
        labels: { severity: 'yes' },
        annotations: { summary: '{{ $labels.job }} is down # $(NOTHING)' },
      },
    ],
  },
];

/** Sizes and class of the volumes, which never change. No volume is made: the class does not exist. */
const STORAGE = {
  size: Size.gibibytes(3),
  storageClassName: 'thanos-e2e-none',
  whenDeleted: VolumeRetention.DELETE,
  whenScaled: VolumeRetention.RETAIN,
  labels: { backup: 'no' },
};

/** Every component with every option. */
export function componentsOf({ serviceAccount, ...pod }: ComponentOptions, second: boolean) {
  const n = second ? 2 : 1;
  return {
    // one makes the account of all that open the bucket
    receiver: { ...pod, serviceAccount, ...receiver(n) },
    receiveRouter: { ...pod, ...receiveRouter(n) },
    compactor: { ...pod, ...compactor(n) },
    storeGateway: { ...pod, ...storeGateway(n) },
    ruler: { ...pod, ...ruler(n) },
    query: { ...pod, serviceAccount, serviceAccountName: 'everything-query', ...query(n) },
    queryFrontend: { ...pod, ...queryFrontend(n) },
    bucketWeb: { ...pod, ...bucketWeb(n) },
    grafana: grafana(pod),
  };
}

/** The Secrets need not be there: the API server is asked, and no pod starts. */
function grpcTls(n: number): GrpcTlsOptions {
  return {
    certificate: TlsCertificate.fromSecretName('everything-grpc'),
    ca: n === 1 ? TlsCa.fromPem(SECOND_CA) : TlsCa.fromSecretName('parts-ca', { revision: '2' }),
    mutual: n === 1,
    serverName: 'parts.example.com',
  };
}

function receiver(n: number): Own<ReceiverOptions> {
  return {
    grpcTls: grpcTls(n),
    requestLogging: LOGGING,
    replicas: 2 + n,
    tenancy: { header: 'THANOS-TENANT', label: 'tenant_id' },
    replicationFactor: 3,
    ingestOnly: false,
    retention: Duration.days(n),
    externalLabels: { cluster: 'e2e' },
    minReady: Duration.seconds(30 * n),
    forwarding: forwarding(n),
    writeLimits: writeLimits(n),
    capnproto: true,
    tsdb: {
      outOfOrderWindow: Duration.hours(n),
      outOfOrderChunk: 32 * n,
      futureWindow: Duration.hours(n),
      blockDuration: Duration.hours(2 * n),
      maxSize: Size.gibibytes(n),
      walCompression: true,
      lockFile: true,
      maxExemplars: n,
      headPostingsCache: Size.mebibytes(n),
      blockPostingsCache: Size.mebibytes(n),
      writeQueue: n,
      snapshotOnShutdown: true,
      internLabels: true,
      metricNamesFilter: true,
    },
    limits: { series: n, samples: n },
    matcherCacheSize: n,
    uploadConcurrency: n,
    hashFunc: HashFunc.SHA256,
    storage: STORAGE,
  };
}

function forwarding(n: number): ForwardingOptions {
  const compression = ForwardCompression.NONE;
  const protocol = ReplicationProtocol.CAPNPROTO;
  return { timeout: Duration.seconds(n), maxBackoff: Duration.seconds(n), workers: n, compression, protocol };
}

function writeLimits(n: number): WriteLimitsOptions {
  const limits = { requestSize: Size.mebibytes(n), requestSeries: 1000 * n, requestSamples: 1000 * n, headSeries: 1e6 };
  const metaMonitoring = { url: 'http://prometheus.monitoring.svc:9090', query: 'sum(x) by (tenant)' };
  return { maxConcurrency: 100 * n, defaults: limits, tenants: { a: limits }, metaMonitoring };
}

function autoscaling(n: number): Required<AutoscalingOptions> {
  const target = { type: 'Utilization', averageUtilization: 80 };
  return {
    maxReplicas: 2 + n,
    cpu: `${n}00m`,
    memory: Size.gibibytes(n),
    metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'query', target } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 60 * n } },
  };
}

/** The rings are the stack's own receivers. */
function receiveRouter(n: number): Omit<Own<ReceiveRouterOptions>, 'rings' | 'hashringsConfigMap'> {
  return {
    grpcTls: grpcTls(n),
    requestLogging: LOGGING,
    replicas: n,
    autoscaling: autoscaling(n),
    tenancy: { header: 'THANOS-TENANT' },
    forwarding: forwarding(n),
    writeLimits: writeLimits(n),
    replicationFactor: 3,
  };
}

/** It stays: the one that works by the clock has a test of its own. */
function compactor(n: number): Omit<Own<CompactorOptions>, 'schedule'> {
  return {
    retention: { raw: Duration.days(30 * n), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
    downsampling: true,
    deleteDelay: Duration.hours(48 * n),
    consistencyDelay: Duration.minutes(30 * n),
    concurrency: n,
    downsampleConcurrency: n,
    blocksFetchConcurrency: n,
    blockFilesConcurrency: n,
    metaFetchConcurrency: n,
    blockDiscovery: BlockDiscovery.RECURSIVE,
    verticalCompaction: { replicaLabels: ['receive_replica'], deduplication: CompactionFunc.PENALTY },
    blocks: BlockSelector.otherThan('cluster', ['other']),
    waitInterval: Duration.minutes(n),
    cleanupInterval: Duration.minutes(n),
    progressInterval: Duration.minutes(n),
    minTime: BlockTime.ago(Duration.days(1000 * n)),
    maxTime: BlockTime.at(new Date('2100-01-01')),
    hashFunc: HashFunc.SHA256,
    skipOutOfOrderChunks: true,
    maxIndexSize: Size.gibibytes(32 * n),
    maxLevel: 3,
    haltOnError: false,
    page: { adminOperations: false, label: 'cluster', externalPrefix: '/blocks', prefixHeader: 'X-P', cors: false },
    routePrefix: '/compactor',
    storage: STORAGE,
  };
}

function storeGateway(n: number): Own<StoreGatewayOptions> {
  return {
    grpcTls: grpcTls(n),
    requestLogging: LOGGING,
    replicas: 1 + n,
    indexCache: IndexCache.memcached({ addresses: ['dns+memcached:11211'], maxItemSize: Size.mebibytes(n) }),
    cachingBucket: CachingBucket.redis({
      address: 'redis:6379',
      password: { secretName: 'redis' },
      tls: { ca: CacheCa.fromConfigMapName('redis-ca'), clientCertificateSecretName: 'redis-client' },
      blocksIterTtl: Duration.minutes(n),
    }),
    chunkPoolSize: Size.gibibytes(n),
    syncInterval: Duration.minutes(n),
    ignoreDeletionMarksDelay: Duration.hours(24 * n),
    consistencyDelay: Duration.minutes(n),
    blocks: BlockSelector.labelValues('cluster', ['e2e', 'other']),
    minTime: BlockTime.ago(Duration.days(1000 * n)),
    maxTime: BlockTime.ago(Duration.days(n)),
    lazyReader: true,
    lazyDownload: true,
    lazyReaderIdleTimeout: Duration.minutes(n),
    lazyPostings: true,
    headersOnDisk: false,
    limits: { series: 1000 * n, samples: 120000 * n, downloaded: Size.gibibytes(n) },
    seriesConcurrency: 10 * n,
    matcherCacheSize: 100 * n,
    blockDiscovery: BlockDiscovery.RECURSIVE,
    blockSyncConcurrency: n,
    metaFetchConcurrency: n,
    page: { enabled: false },
    storage: STORAGE,
  };
}

/** First with a bucket and flags, then without one and with files: each of the two excludes the other. */
function ruler(n: number): Own<Omit<RulerOptions, keyof typeof STATEFUL | keyof typeof STATELESS>> & RulerOptions {
  return {
    ...(n === 1 ? STATEFUL : STATELESS),
    grpcTls: grpcTls(n),
    requestLogging: LOGGING,
    replicas: 1 + n,
    ruleReload: { image: { tag: `v0.9${n}.0` }, interval: Duration.minutes(n), resources: { limits: { cpu: '1' } } },
    dropAlertLabels: ['pod'],
    queryOffset: Duration.seconds(n),
    concurrentEvaluations: n,
    resendDelay: Duration.minutes(n),
    forOutageTolerance: Duration.hours(n),
    forGracePeriod: Duration.minutes(n),
    web: { externalPrefix: '/ruler', cors: false },
    rules: RULES.slice(0, n === 1 ? 1 : undefined),
    ruleConfigMaps: ['more-rules'],
    prometheusRules: [PrometheusRuleSource.fromYaml(GIVEN_RULES)],
    evaluationInterval: Duration.seconds(30 * n),
    retention: Duration.days(n),
    alertQueryUrl: 'https://query.example.com',
    externalLabels: { cluster: 'e2e' },
    storage: STORAGE,
  };
}

const GIVEN_RULES = `{ kind: PrometheusRule, metadata: { name: given, namespace: team }, spec: { groups: [] } }`;

const STATEFUL = {
  alertmanagers: ['dnssrv+http://_web._tcp.alertmanager.monitoring.svc'],
  queries: ['dnssrv+_http._tcp.everything-query.monitoring.svc.cluster.local'],
  alertmanagerTimeout: Duration.seconds(5),
  limits: { series: 1000, samples: 120000 },
};

const STATELESS = {
  alertmanagerConfig: { secretName: 'alertmanagers', key: 'am.yml', revision: '1' },
  queryConfig: { secretName: 'queries', key: 'q.yml', revision: '1' },
  restoreIgnoredLabels: ['receive_replica'],
  remoteWrite: [
    {
      ...{ url: 'https://receive.example.com/api/v1/receive', name: 'main', timeout: Duration.seconds(20) },
      headers: { 'THANOS-TENANT': 'e2e' },
      basicAuth: { username: 'me', password: { secretName: 'login', key: 'pw', revision: '1' } },
      tls: { caSecretName: 'receive-ca', caKey: 'root.crt', clientSecretName: 'receive-client', serverName: 'receive' },
    },
    {
      url: 'https://other.example.com/write',
      bearerToken: { secretName: 'token', revision: '1' },
      tls: { caConfigMapName: 'roots' },
    },
  ],
};

function query(n: number): Own<QueryOptions> {
  return {
    grpcTls: grpcTls(n),
    requestLogging: LOGGING,
    replicas: 1 + n,
    autoscaling: autoscaling(n),
    endpoints: ['dnssrv+_grpc._tcp.sidecar.other.svc.cluster.local'],
    replicaLabels: ['prometheus_replica'],
    deduplication: DeduplicationFunc.PENALTY,
    timeout: Duration.minutes(n),
    autoDownsampling: true,
    endpointOptions: [{ address: 'prometheus:10901', strict: true }, ...(n === 1 ? otherClusters() : [])],
    groupReplicas: true,
    endpointsFile:
      n === 1
        ? EndpointsFile.generated({ reloadInterval: Duration.minutes(1) })
        : EndpointsFile.fromConfigMapName('sidecars', { key: 'list.yml' }),
    engine: PromqlEngine.THANOS,
    mode: QueryMode.DISTRIBUTED,
    partitionLabels: ['cluster'],
    extendedFunctions: true,
    maxConcurrent: 10 * n,
    maxConcurrentSelects: 2 * n,
    lookback: Duration.minutes(5 * n),
    defaultStep: Duration.seconds(n),
    defaultEvaluationInterval: Duration.seconds(30 * n),
    metadataRange: Duration.days(n),
    partialResponse: n === 1,
    storeResponseTimeout: Duration.seconds(10 * n),
    storeUnhealthyTimeout: Duration.minutes(n),
    dnsInterval: Duration.seconds(30 * n),
    limits: { series: 1000 * n, samples: 1_000_000 },
    selectorLabels: { region: 'e2e' },
    tenancy: { enforce: true, header: 'X-Scope-OrgID', defaultTenant: 'nobody', label: 'tenant' },
    web: { externalPrefix: '/thanos', cors: false },
    telemetry: { durationBounds: [0.1 * n, 1], connectionLabels: [ConnectionMetricLabel.STORE_TYPE] },
  };
}

function otherClusters(): EndpointOptions[] {
  const certificate = TlsCertificate.fromSecretName('for-east');
  return [
    { address: 'east.example.com:443', tls: { ca: TlsCa.fromPem(SECOND_CA), certificate, serverName: 'query' } },
    { address: 'west.example.com:443', tls: { ca: TlsCa.fromConfigMapName('west', { key: 'ca.pem', revision: '1' }) } },
    { address: 'lab:10901', plainText: true },
  ];
}

function queryFrontend(n: number): Own<QueryFrontendOptions> {
  return {
    requestLogging: LOGGING,
    replicas: 1 + n,
    autoscaling: autoscaling(n),
    responseCache: ResponseCache.inMemory({ maxSize: Size.mebibytes(64 * n), validity: Duration.hours(n) }),
    splitInterval: Duration.hours(12 * n),
    logQueriesLongerThan: Duration.seconds(n),
    compressResponses: true,
    dynamicSplit: { shards: 2 * n, minInterval: Duration.hours(1), maxInterval: Duration.days(n) },
    verticalShards: 2 * n,
    maxParallelism: 14 * n,
    maxRetries: n,
    instantMaxRetries: n,
    maxQueryLength: Duration.days(31 * n),
    cacheFreshness: Duration.minutes(n),
    alignWithStep: n === 1,
    requestDownsampled: n === 1,
    partialResponse: n === 1,
    labelRequests: { splitInterval: Duration.hours(12 * n), defaultRange: Duration.days(n) },
    compressCache: true,
    slowQueryUserHeader: 'X-User',
    forceQueryStats: true,
    forwardHeaders: ['X-A', 'X-B'],
    extendedFunctions: true,
    tenancy: { header: 'X-Scope-OrgID' },
    downstreamHttp: { maxIdlePerHost: 100 * n, responseHeaderTimeout: Duration.minutes(n) },
    cors: false,
  };
}

function bucketWeb(n: number): Own<BucketWebOptions> {
  return { replicas: n, refresh: Duration.minutes(n), label: 'cluster', adminOperations: n === 1 };
}

/** Grafana has no probes, levels or flags of Thanos. */
function grafana(pod: ComponentOptions): GrafanaOptions {
  const { resources, nodeSelector, tolerations, priorityClassName, affinity, volumes, volumeMounts } = pod;
  const { service, runtimeClassName, hostAliases, dns, lifecycle } = pod;
  const { env, envFrom, initContainers, sidecars, podLabels, podAnnotations, annotations, serviceAnnotations } = pod;
  return {
    name: 'everything-dashboards',
    admin: { secretName: 'admin', userKey: 'user', passwordKey: 'password' },
    image: { tag: '12.0.2', pullPolicy: ImagePullPolicy.IF_NOT_PRESENT, pullSecrets: ['pull'] },
    security: { openShift: false, user: 10472, group: 10472, fsGroup: 10472 },
    ...{ service, runtimeClassName, hostAliases, dns, lifecycle },
    ...{ resources, nodeSelector, tolerations, priorityClassName, affinity, volumes, volumeMounts },
    ...{ env, envFrom, initContainers, sidecars, podLabels, podAnnotations, annotations, serviceAnnotations },
  };
}
