import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  type InMemoryResponseCacheOptions,
  type MemcachedResponseCacheOptions,
  Query,
  QueryFrontend,
  type QueryFrontendOptions,
  type QueryFrontendProps,
  ResponseCache,
  TenantCertificateField,
} from '../../src/index';
import { AUTOSCALING_CASE } from './autoscaling-case';
import { make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

const QUERY = 'http://thanos-query.monitoring.svc.cluster.local:10902';

function frontend(props: Partial<QueryFrontendProps> = {}): Made<QueryFrontend> {
  return make((scope) => new QueryFrontend(scope, 'Frontend', { downstreamUrl: QUERY, ...props }));
}

/** Whether all of these flags are set. */
function sets(...flags: string[]): (made: Made<QueryFrontend>) => void {
  return ({ args }) => expect(args).toEqual(expect.arrayContaining(flags.map((flag) => `--${flag}`)));
}

it('has the arguments of the guide', () => {
  expect(frontend().args).toEqual(['query-frontend', `--query-frontend.downstream-url=${QUERY}`]);
});

it('takes its Query by reference or by URL, one of the two', () => {
  const asking = (more: object) =>
    make((scope) => new QueryFrontend(scope, 'Frontend', { downstream: new Query(scope, 'Query'), ...more }));
  expect(asking({}).flag('--query-frontend.downstream-url')).toEqual([QUERY]);
  expect(() => asking({ downstreamUrl: QUERY })).toThrow(
    'cdk8s-thanos: test/Frontend: downstreamUrl: is given together with downstream; give one of the two',
  );
  expect(() => asking({ downstream: QUERY })).toThrow(
    `cdk8s-thanos: test/Frontend: downstream: is "${QUERY}", not a Query or QueryFrontend`,
  );
});

it('is a Deployment of two pods, with the URL that Grafana asks', () => {
  const { workload, construct } = frontend();
  expect(workload.kind).toBe('Deployment');
  expect(workload.spec.replicas).toBe(2);
  expect(construct.url).toBe('http://thanos-query-frontend.monitoring.svc.cluster.local:10902');
});

it('drops a slash at the end of the URL', () => {
  expect(frontend({ downstreamUrl: `${QUERY}/` }).flag('--query-frontend.downstream-url')).toEqual([QUERY]);
});

describe('props', () => {
  everyPropReachesTheManifest<OwnProps<QueryFrontendOptions>, QueryFrontend>(
    {
      requestLogging: REQUEST_LOGGING_CASE,
      replicas: {
        value: 3,
        overruledBy: 'autoscaling, whose least number it is',
        reaches: ({ workload }) => expect(workload.spec.replicas).toBe(3),
      },
      autoscaling: AUTOSCALING_CASE,
      responseCache: {
        value: ResponseCache.inMemory({ maxSize: Size.mebibytes(64) }),
        reaches: (made) => {
          const config = 'type: "IN-MEMORY"\nconfig:\n  max_size: "64MiB"\n';
          expect(made.flag('--query-range.response-cache-config')).toEqual([config]);
          expect(made.flag('--labels.response-cache-config')).toHaveLength(1);
        },
      },
      dynamicSplit: {
        value: { shards: 4, minInterval: Duration.hours(1), maxInterval: Duration.days(1) },
        reaches: sets(
          'query-range.split-interval=0s',
          'query-range.horizontal-shards=4',
          'query-range.min-split-interval=1h',
          'query-range.max-split-interval=24h',
        ),
      },
      verticalShards: { value: 2, reaches: sets('query-frontend.vertical-shards=2') },
      maxParallelism: { value: 28, reaches: sets('query-range.max-query-parallelism=28') },
      maxRetries: { value: 0, reaches: sets('query-range.max-retries-per-request=0') },
      instantMaxRetries: { value: 2, reaches: sets('query.max-retries-per-request=2') },
      maxQueryLength: { value: Duration.days(31), reaches: sets('query-range.max-query-length=744h') },
      cacheFreshness: { value: Duration.minutes(0), reaches: sets('query-range.response-cache-max-freshness=0s') },
      alignWithStep: { value: false, reaches: sets('no-query-range.align-range-with-step') },
      requestDownsampled: { value: false, reaches: sets('no-query-range.request-downsampled') },
      partialResponse: { value: true, reaches: sets('query-range.partial-response') },
      labelRequests: {
        value: {
          responseCache: ResponseCache.inMemory({ maxSize: Size.mebibytes(1) }),
          splitInterval: Duration.hours(12),
          defaultRange: Duration.days(2),
          maxRetries: 1,
          maxParallelism: 3,
          cacheFreshness: Duration.minutes(5),
          partialResponse: false,
        },
        reaches: sets(
          'labels.response-cache-config=type: "IN-MEMORY"\nconfig:\n  max_size: "1MiB"\n',
          'labels.split-interval=12h',
          'labels.default-time-range=48h',
          'labels.max-retries-per-request=1',
          'labels.max-query-parallelism=3',
          'labels.response-cache-max-freshness=5m',
          'no-labels.partial-response',
        ),
      },
      compressCache: { value: true, reaches: sets('cache-compression-type=snappy') },
      slowQueryUserHeader: { value: 'X-User', reaches: sets('query-frontend.slow-query-logs-user-header=X-User') },
      forceQueryStats: { value: true, reaches: sets('query-frontend.force-query-stats') },
      forwardHeaders: {
        value: ['X-A', 'X-B'],
        reaches: sets('query-frontend.forward-header=X-A', 'query-frontend.forward-header=X-B'),
      },
      extendedFunctions: { value: true, reaches: sets('query-frontend.enable-x-functions') },
      tenancy: { value: { header: 'X-Scope-OrgID' }, reaches: sets('query-frontend.tenant-header=X-Scope-OrgID') },
      downstreamHttp: {
        value: {
          idleTimeout: Duration.minutes(2),
          responseHeaderTimeout: Duration.minutes(5),
          tlsHandshakeTimeout: Duration.seconds(5),
          expectContinueTimeout: Duration.millis(500),
          maxIdle: 200,
          maxIdlePerHost: 150,
          maxPerHost: 0,
        },
        reaches: (made) =>
          expect(made.flag('--query-frontend.downstream-tripper-config').map((text) => parse(text))).toEqual([
            {
              idle_conn_timeout: '2m',
              response_header_timeout: '5m',
              tls_handshake_timeout: '5s',
              expect_continue_timeout: '500ms',
              max_idle_conns: 200,
              max_idle_conns_per_host: 150,
              max_conns_per_host: 0,
            },
          ]),
      },
      cors: { value: false, reaches: sets('web.disable-cors') },
      splitInterval: {
        value: Duration.days(1),
        overruledBy: 'dynamicSplit',
        reaches: (made) => expect(made.flag('--query-range.split-interval')).toEqual(['24h']),
      },
      logQueriesLongerThan: {
        value: Duration.seconds(10),
        reaches: (made) => expect(made.flag('--query-frontend.log-queries-longer-than')).toEqual(['10s']),
      },
      compressResponses: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--query-frontend.compress-responses'),
      },
    },
    frontend,
  );
});

it('has one cache for ranges and labels where nothing else is said', () => {
  const responseCache = ResponseCache.inMemory({ maxSize: Size.mebibytes(64) });
  const made = frontend({ responseCache });
  const config = 'type: "IN-MEMORY"\nconfig:\n  max_size: "64MiB"\n';
  expect(made.flag('--labels.response-cache-config')).toEqual([config]);
  const labels = frontend({ labelRequests: { responseCache } });
  expect(labels.flag('--labels.response-cache-config')).toEqual([config]);
  expect(labels.flag('--query-range.response-cache-config')).toEqual([]);
});

it('warns where one split takes the place of the other', () => {
  const dynamicSplit = { shards: 2, minInterval: Duration.hours(1), maxInterval: Duration.hours(2) };
  const made = frontend({ splitInterval: Duration.days(1), dynamicSplit });
  expect(made.warnings).toContain(
    'test/Frontend: splitInterval: has no effect with dynamicSplit, since Thanos refuses both; drop one of the two',
  );
  expect(made.flag('--query-range.split-interval')).toEqual(['0s']);
});

it('warns where Query reads the tenant from a header that it no longer gets', () => {
  const behind = (header?: string) =>
    make((scope) => {
      const downstream = new Query(scope, 'Query', { endpoints: ['a:1'], tenancy: { enforce: true, header } });
      return new QueryFrontend(scope, 'Frontend', { downstream, tenancy: { header: 'X-Scope-OrgID' } });
    }).warnings;
  expect(behind('X-Scope-OrgID')).toContain(
    'test/Frontend: downstream: reads the tenant from "X-Scope-OrgID", but a frontend passes it on as "THANOS-TENANT". Give tenancy.header to the frontend alone',
  );
  expect(behind()).toEqual([]);
});

describe('response cache', () => {
  function config(responseCache: ResponseCache): unknown {
    return parse(frontend({ responseCache }).flag('--query-range.response-cache-config')[0]);
  }

  it('every option of the cache in memory is written', () => {
    const all: Required<InMemoryResponseCacheOptions> = { maxSize: Size.gibibytes(1), validity: Duration.days(1) };
    expect(config(ResponseCache.inMemory(all))).toEqual({
      type: 'IN-MEMORY',
      config: { max_size: '1GiB', validity: '24h' },
    });
  });

  it('every option of memcached is written', () => {
    const all: Required<MemcachedResponseCacheOptions> = {
      addresses: ['a:11211'],
      expiration: Duration.minutes(90),
      maxItemSize: Size.mebibytes(2),
      ...{ timeout: Duration.seconds(1), dnsUpdateInterval: Duration.minutes(1), maxIdleConnections: 1 },
      ...{ fetchConcurrency: 2, fetchBatchSize: 3, asyncConcurrency: 4, asyncBufferSize: 5, autoDiscovery: true },
    };
    expect(config(ResponseCache.memcached(all))).toEqual({
      type: 'MEMCACHED',
      config: {
        ...{ addresses: ['a:11211'], expiration: '1h30m', max_item_size: '2MiB', timeout: '1s' },
        ...{ dns_provider_update_interval: '1m', max_idle_connections: 1, max_get_multi_concurrency: 2 },
        ...{ max_get_multi_batch_size: 3, max_async_concurrency: 4, max_async_buffer_size: 5, auto_discovery: true },
      },
    });
  });
});

describe('errors', () => {
  const noUrl = 'is not a URL with scheme and without a path; write "http://thanos-query';
  const cache = ResponseCache.inMemory({ maxSize: Size.gibibytes(1) });
  it.each<[string, object, string]>([
    ['a switch that is a text', { compressResponses: 'no' }, 'compressResponses: is "no"; it must be true or false'],
    [
      'no URL',
      { downstreamUrl: undefined },
      'downstreamUrl: is missing. Give downstream, a Query of this app, or the URL of another: "http://thanos-query',
    ],
    [
      'a URL with a password',
      { downstreamUrl: 'http://me:secret@query:10902' },
      `downstreamUrl: "http://...@query:10902" ${noUrl}`,
    ],
    ['a port', { downstreamUrl: 'http://query:99999' }, `downstreamUrl: "http://query:99999" ${noUrl}`],
    ['an address', { downstreamUrl: 'query:10902' }, `downstreamUrl: "query:10902" ${noUrl}`],
    [
      'a path, behind which it would never be ready',
      { downstreamUrl: 'http://q/x' },
      `downstreamUrl: "http://q/x" ${noUrl}`,
    ],
    [
      'connections that are kept for ever, which Thanos takes for 90 s',
      { downstreamHttp: { idleTimeout: Duration.seconds(0) } },
      'downstreamHttp: idleTimeout: is 0 ms; it must be greater than 0',
    ],
    [
      'a cache without splitting, which Thanos refuses',
      { responseCache: cache, splitInterval: Duration.seconds(0) },
      'splitInterval: is 0 together with responseCache, which Thanos refuses',
    ],
    [
      'a split by half',
      { dynamicSplit: { shards: 2, minInterval: Duration.hours(1) } },
      'dynamicSplit: maxInterval: is missing. Give Duration.days(1)',
    ],
    [
      'a split whose bounds are the wrong way round',
      { dynamicSplit: { shards: 2, minInterval: Duration.hours(2), maxInterval: Duration.hours(1) } },
      'dynamicSplit: minInterval: is longer than maxInterval; the shortest query to split is the shorter one',
    ],
    ['one vertical shard', { verticalShards: 1 }, 'verticalShards: is 1; it must be a whole number of at least 2'],
    [
      'no range for labels, which Thanos refuses',
      { labelRequests: { defaultRange: Duration.hours(0) } },
      'labelRequests: defaultRange: is 0 ms; it must be greater than 0',
    ],
    [
      'a cache of labels that is a text',
      { labelRequests: { responseCache: 'x' } },
      'labelRequests: responseCache: is "x", not a ResponseCache',
    ],
    [
      'a header with blanks',
      { forwardHeaders: ['a b'] },
      'forwardHeaders: [0]: "a b" is not the name of a header; write "X-Forwarded-Prefix"',
    ],
    [
      'a tenant in two places',
      { tenancy: { header: 'A', certificateField: TenantCertificateField.ORGANIZATION } },
      'tenancy: header: has no effect with certificateField; drop one of the two',
    ],
    [
      'a cache of nothing',
      { responseCache: ResponseCache.inMemory({ maxSize: Size.kibibytes(0) }) },
      'responseCache: maxSize: is 0 bytes; it must be greater than 0',
    ],
    [
      'a cache without a size',
      { responseCache: ResponseCache.inMemory({} as never) },
      'responseCache: maxSize: is missing',
    ],
    [
      'a memcached without addresses',
      { responseCache: ResponseCache.memcached({ addresses: [] }) },
      'responseCache: addresses: is empty; Thanos needs one',
    ],
  ])('%s', (_, props, message) => {
    expect(() => frontend(props)).toThrow(`cdk8s-thanos: test/Frontend: ${message}`);
  });
});
