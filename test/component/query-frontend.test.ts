import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  type ComponentOptions,
  type InMemoryResponseCacheOptions,
  type MemcachedResponseCacheOptions,
  Query,
  QueryFrontend,
  type QueryFrontendOptions,
  type QueryFrontendProps,
  ResponseCache,
} from '../../src/index';
import { make, type Made } from './made';
import { everyPropReachesTheManifest } from './prop-cases';

const QUERY = 'http://thanos-query.monitoring.svc.cluster.local:10902';

function frontend(props: Partial<QueryFrontendProps> = {}): Made<QueryFrontend> {
  return make((scope) => new QueryFrontend(scope, 'Frontend', { downstreamUrl: QUERY, ...props }));
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
  everyPropReachesTheManifest<Omit<QueryFrontendOptions, keyof ComponentOptions>, QueryFrontend>(
    {
      replicas: { value: 3, reaches: ({ workload }) => expect(workload.spec.replicas).toBe(3) },
      responseCache: {
        value: ResponseCache.inMemory({ maxSize: Size.mebibytes(64) }),
        reaches: (made) => {
          const config = 'type: "IN-MEMORY"\nconfig:\n  max_size: "64MiB"\n';
          expect(made.flag('--query-range.response-cache-config')).toEqual([config]);
          expect(made.flag('--labels.response-cache-config')).toEqual([config]);
        },
      },
      splitInterval: {
        value: Duration.days(1),
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
    };
    expect(config(ResponseCache.memcached(all))).toEqual({
      type: 'MEMCACHED',
      config: { addresses: ['a:11211'], expiration: '1h30m', max_item_size: '2MiB' },
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
      'a cache without splitting, which Thanos refuses',
      { responseCache: cache, splitInterval: Duration.seconds(0) },
      'splitInterval: is 0 together with responseCache, which Thanos refuses',
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
