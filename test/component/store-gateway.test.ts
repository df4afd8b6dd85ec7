import { Duration, Size } from 'cdk8s';
import {
  BlockDiscovery,
  BlockSelector,
  BlockTime,
  CachingBucket,
  IndexCache,
  type InMemoryCacheOptions,
  type MemcachedOptions,
  StoreGateway,
  type StoreGatewayOptions,
} from '../../src/index';
import { parse } from 'yaml';
import { chart, find } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { grpcTlsCase } from './tls-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

function store(options: StoreGatewayOptions = {}): Made<StoreGateway> {
  return make((scope) => new StoreGateway(scope, 'Store', { objstore: bucket(scope), ...options }));
}

it('has the arguments of the guide', () => {
  expect(store({ replicas: 2, indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }) }).args).toEqual([
    'store',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--data-dir=/var/thanos/data',
    '--index-cache.config=type: "IN-MEMORY"\nconfig:\n  max_size: "2GiB"\n',
  ]);
});

it('is found by DNS SRV of its headless name, and has no replica label: its pods serve the same blocks', () => {
  const { construct } = store();
  expect(construct.storeApiAddress).toBe('dnssrv+_grpc._tcp.thanos-store-headless.monitoring.svc.cluster.local');
  expect(construct.replicaLabel).toBeUndefined();
});

it('has two pods with 20 GiB each', () => {
  const { workload, claim } = store();
  expect(workload.spec.replicas).toBe(2);
  expect(claim).toMatchObject({ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '20Gi' } } } });
});

it('is ready when Query has had time to find it, so that a drain or a roll-out leaves one that Query knows', () => {
  const made = store();
  expect(made.container.readinessProbe).toMatchObject({ periodSeconds: 5, successThreshold: 6 });
  const headless = find(made.objects, 'Service', 'thanos-store-headless');
  expect(headless.spec.publishNotReadyAddresses).toBe(true);
  const single = store({ replicas: 1 });
  expect(single.container.readinessProbe).not.toHaveProperty('successThreshold');
  expect(find(single.objects, 'Service', 'thanos-store-headless').spec).not.toHaveProperty('publishNotReadyAddresses');
});

it('may be ephemeral: an emptyDir in the place of the claim', () => {
  const { workload, pod, container } = store({ storage: { ephemeral: true, size: Size.gibibytes(5) } });
  expect(workload.spec).not.toHaveProperty('volumeClaimTemplates');
  expect(workload.spec).not.toHaveProperty('persistentVolumeClaimRetentionPolicy');
  expect(pod.volumes).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '5Gi' } });
  expect(container.volumeMounts).toContainEqual({ name: 'data', mountPath: '/var/thanos/data' });
});

const OTHERS = [{ action: 'drop', source_labels: ['cluster'], regex: '|a\\+b' }];

describe('props', () => {
  everyPropReachesTheManifest<OwnProps<StoreGatewayOptions>, StoreGateway>(
    {
      grpcTls: grpcTlsCase(),
      requestLogging: REQUEST_LOGGING_CASE,
      replicas: { value: 4, reaches: ({ workload }) => expect(workload.spec.replicas).toBe(4) },
      indexCache: {
        value: IndexCache.memcached({ addresses: ['dns+memcached:11211'] }),
        reaches: (made) => expect(made.flag('--index-cache.config').join()).toContain('type: "MEMCACHED"'),
      },
      cachingBucket: {
        value: CachingBucket.inMemory({ maxSize: Size.gibibytes(1) }),
        reaches: (made) => expect(made.flag('--store.caching-bucket.config').join()).toContain('max_size: "1GiB"'),
      },
      chunkPoolSize: {
        value: Size.mebibytes(512),
        reaches: (made) => expect(made.flag('--chunk-pool-size')).toEqual(['512MiB']),
      },
      syncInterval: {
        value: Duration.minutes(3),
        reaches: (made) => expect(made.flag('--sync-block-duration')).toEqual(['3m']),
      },
      ignoreDeletionMarksDelay: {
        value: Duration.days(2),
        reaches: (made) => expect(made.flag('--ignore-deletion-marks-delay')).toEqual(['2d']),
      },
      consistencyDelay: {
        value: Duration.minutes(90),
        reaches: (made) => expect(made.flag('--consistency-delay')).toEqual(['1h30m']),
      },
      blocks: {
        value: BlockSelector.otherThan('cluster', ['', 'a+b']),
        reaches: (made) => expect(parse(made.flag('--selector.relabel-config')[0])).toEqual(OTHERS),
      },
      minTime: {
        value: BlockTime.ago(Duration.days(400)),
        reaches: (made) => expect(made.flag('--min-time')).toEqual(['-400d']),
      },
      maxTime: {
        value: BlockTime.at(new Date(0)),
        reaches: (made) => expect(made.flag('--max-time')).toEqual(['1970-01-01T00:00:00.000Z']),
      },
      lazyReader: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--store.enable-index-header-lazy-reader'),
      },
      lazyDownload: {
        value: true,
        beside: { lazyReader: true },
        reaches: (made) => expect(made.flag('--store.index-header-lazy-download-strategy')).toEqual(['lazy']),
      },
      lazyReaderIdleTimeout: {
        value: Duration.minutes(3),
        beside: { lazyReader: true },
        reaches: (made) => expect(made.flag('--store.index-header-lazy-reader-idle-timeout')).toEqual(['3m']),
      },
      lazyPostings: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--store.enable-lazy-expanded-postings'),
      },
      headersOnDisk: { value: false, reaches: ({ args }) => expect(args).toContain('--no-cache-index-header') },
      limits: {
        value: { series: 5, samples: 600, downloaded: Size.gibibytes(1) },
        reaches: (made) => {
          expect(made.flag('--store.limits.request-series')).toEqual(['5']);
          expect(made.flag('--store.limits.request-samples')).toEqual(['600']);
          expect(made.flag('--store.grpc.downloaded-bytes-limit')).toEqual(['1GiB']);
        },
      },
      seriesConcurrency: {
        value: 7,
        reaches: (made) => expect(made.flag('--store.grpc.series-max-concurrency')).toEqual(['7']),
      },
      matcherCacheSize: { value: 100, reaches: (made) => expect(made.flag('--matcher-cache-size')).toEqual(['100']) },
      blockDiscovery: {
        value: BlockDiscovery.RECURSIVE,
        reaches: (made) => expect(made.flag('--block-discovery-strategy')).toEqual(['recursive']),
      },
      blockSyncConcurrency: {
        value: 8,
        reaches: (made) => expect(made.flag('--block-sync-concurrency')).toEqual(['8']),
      },
      metaFetchConcurrency: {
        value: 9,
        reaches: (made) => expect(made.flag('--block-meta-fetch-concurrency')).toEqual(['9']),
      },
      page: {
        value: { adminOperations: false, label: '$(X)', externalPrefix: '/blocks', prefixHeader: 'X-P', cors: false },
        reaches: ({ args }) =>
          expect(args.slice(-5)).toEqual([
            '--disable-admin-operations',
            '--bucket-web-label=$$(X)',
            '--web.external-prefix=/blocks',
            '--web.prefix-header=X-P',
            '--web.disable-cors',
          ]),
      },
      storage: {
        value: { size: Size.gibibytes(40), labels: { a: 'b' } },
        reaches: ({ claim }) => {
          expect(claim.spec.resources.requests.storage).toBe('40Gi');
          expect(claim.metadata.labels).toMatchObject({ a: 'b' });
        },
      },
    },
    store,
  );
});

it('may have no page', () => {
  expect(store({ page: { enabled: false } }).args).toContain('--web.disable');
  expect(store({ page: { enabled: true } }).args).toEqual(store().args);
});

describe('index cache', () => {
  /** What Thanos reads after the kubelet replaced `$$` by `$`. */
  function config(cache: IndexCache): unknown {
    return parse(store({ indexCache: cache }).flag('--index-cache.config')[0]).config;
  }

  it('every option of the cache in memory is written', () => {
    const all: Required<InMemoryCacheOptions> = { maxSize: Size.gibibytes(1), maxItemSize: Size.mebibytes(1) };
    expect(config(IndexCache.inMemory(all))).toEqual({ max_size: '1GiB', max_item_size: '1MiB' });
  });

  it('a small cache lowers the largest item too, which Thanos does not', () => {
    expect(config(IndexCache.inMemory({ maxSize: Size.mebibytes(100) }))).toEqual({
      max_size: '100MiB',
      max_item_size: '100MiB',
    });
  });

  it('every option of memcached is written', () => {
    const all: Required<MemcachedOptions> = {
      addresses: ['dnssrv+_memcached._tcp.cache', 'b:1'],
      timeout: Duration.seconds(2),
      maxItemSize: Size.mebibytes(5),
      dnsUpdateInterval: Duration.days(1),
      ...{ maxIdleConnections: 1, fetchConcurrency: 2, fetchBatchSize: 3 },
      ...{ asyncConcurrency: 4, asyncBufferSize: 5, autoDiscovery: true },
    };
    expect(config(IndexCache.memcached(all))).toEqual({
      addresses: ['dnssrv+_memcached._tcp.cache', 'b:1'],
      timeout: '2s',
      max_item_size: '5MiB',
      dns_provider_update_interval: '24h',
      ...{ max_idle_connections: 1, max_get_multi_concurrency: 2, max_get_multi_batch_size: 3 },
      ...{ max_async_concurrency: 4, max_async_buffer_size: 5, auto_discovery: true },
    });
  });
});

describe('errors', () => {
  it.each<[string, object, string]>([
    [
      'an item larger than the cache',
      { indexCache: IndexCache.inMemory({ maxSize: Size.mebibytes(1), maxItemSize: Size.mebibytes(2) }) },
      'indexCache: maxItemSize is 2097152 bytes, above maxSize of 1048576; Thanos refuses that',
    ],
    [
      'an item larger than the cache that Thanos makes when nothing is said',
      { indexCache: IndexCache.inMemory({ maxItemSize: Size.mebibytes(251) }) },
      'indexCache: maxItemSize is 263192576 bytes, above maxSize of 262144000; Thanos refuses that',
    ],
    [
      'a cache of nothing',
      { indexCache: IndexCache.inMemory({ maxSize: Size.kibibytes(0) }) },
      'indexCache: maxSize: is 0 bytes',
    ],
    [
      'a memcached without addresses',
      { indexCache: IndexCache.memcached({ addresses: [] }) },
      'indexCache: addresses: is empty; Thanos needs one',
    ],
    [
      'a misspelt cache option',
      { indexCache: IndexCache.inMemory({ maxsize: Size.gibibytes(1) } as InMemoryCacheOptions) },
      'indexCache: has no field "maxsize"; did you mean "maxSize"?',
    ],
    [
      'a chunk pool of nothing',
      { chunkPoolSize: Size.kibibytes(0) },
      'chunkPoolSize: is 0 bytes; it must be greater than 0',
    ],
    [
      'a lazy download of headers that are mapped at once',
      { lazyDownload: true },
      'lazyDownload: has no effect without lazyReader: true',
    ],
    [
      'a time to map what is never unmapped',
      { lazyReaderIdleTimeout: Duration.minutes(1) },
      'lazyReaderIdleTimeout: has no effect without lazyReader: true',
    ],
    ['a time that is a text', { minTime: '-2w' }, 'minTime: is "-2w", not a BlockTime; write BlockTime.ago('],
    ['an age of nothing', { minTime: BlockTime.ago(Duration.days(0)) }, 'minTime: is 0 ms; it must be greater than 0'],
    ['no time at all', { maxTime: BlockTime.at(new Date('x')) }, 'maxTime: is not a valid Date'],
    [
      'a limit below nothing',
      { limits: { series: -1 } },
      'limits: series: is -1; it must be a whole number of at least 0',
    ],
    [
      'a label on a page that is none',
      { page: { enabled: false, label: 'a' } },
      'page: label has no effect where enabled is false; drop one of the two',
    ],
    [
      'a header with a space',
      { page: { prefixHeader: 'a b' } },
      'page: prefixHeader: "a b" is not the name of a header; write "X-Forwarded-Prefix"',
    ],
    ['an endless sync', { syncInterval: Duration.seconds(0) }, 'syncInterval: is 0 ms; it must be greater than 0'],
    [
      'a class for a volume that is none',
      { storage: { ephemeral: true, storageClassName: 'fast' } },
      'storage: storageClassName has no effect with ephemeral; drop one of the two',
    ],
  ])('%s', (_, options, message) => {
    expect(() => store(options)).toThrow(`cdk8s-thanos: test/Store: ${message}`);
  });

  it('a time range without anything in it', () => {
    const [minTime, maxTime] = [BlockTime.ago(Duration.days(1)), BlockTime.ago(Duration.days(2))];
    expect(() => store({ minTime, maxTime })).toThrow('"--min-time" is "-1d", after "--max-time" of "-2d"');
  });

  it('no bucket', () => {
    expect(() => new StoreGateway(chart(), 'Store', {} as never)).toThrow('test/Store: objstore: is missing');
  });
});
