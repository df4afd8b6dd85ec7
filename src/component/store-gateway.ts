import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { Quantity } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { duration, durationOrZero, having, int32, oneOf, size, struct, wholeNumber, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { goDuration, prometheusDuration, quantity, thanosSize } from '../support/units';
import { BlockDiscovery } from './block-discovery';
import { BLOCK_PAGE_ROW, blockPageArgs, type BlockPageOptions } from './block-page';
import { BLOCK_SELECTOR, type BlockSelector, relabelConfig } from './block-selector';
import { BLOCK_TIME, type BlockTime } from './block-time';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import { type CacheName, type CacheSite, cacheArgs, cacheExtras } from './cache-plan';
import type { CachingBucket } from './caching-bucket';
import type { Context } from './context';
import type { IndexCache } from './index-cache';
import { selectionOf } from './compaction';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import { READ_LIMITS, readLimitFlags, type ReadLimitsOptions } from './read-limits';
import { SETTLE_SECONDS } from './settle';
import type { IStoreApi } from './store-api';
import { GRPC_TLS, type GrpcPartOptions, grpcServerFlags } from './tls/grpc-tls';
import { REQUEST_LOGGING, type RequestLoggingProps } from './request-logging';
import type { HttpPartOptions } from './tls/http-config';

/** The volume of a store gateway: a cache of block headers that it can build again. */
export interface StoreStorageOptions extends StorageOptions {
  /**
   * An emptyDir instead of a claim: every restart starts cold.
   * @default false
   */
  readonly ephemeral?: boolean;
}

/** What a StoreGateway can be told. */
export interface StoreGatewayOptions extends ComponentOptions, GrpcPartOptions, HttpPartOptions, RequestLoggingProps {
  /**
   * Pods; each serves all blocks.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Index cache.
   * @default - Thanos' own: in memory, 250 MiB
   */
  readonly indexCache?: IndexCache;
  /**
   * Cache of the bucket: chunks and meta files.
   * @default - none
   */
  readonly cachingBucket?: CachingBucket;
  /**
   * Memory for the chunks of running queries (`--chunk-pool-size`).
   * @default - Thanos' own, 2 GiB
   */
  readonly chunkPoolSize?: Size;
  /**
   * How often the bucket is looked at for new blocks.
   * @default - Thanos' own, 15 minutes
   */
  readonly syncInterval?: Duration;
  /**
   * Age from which a block that is marked for deletion is ignored; half of the compactor's deleteDelay.
   * @default - Thanos' own, 24 hours
   */
  readonly ignoreDeletionMarksDelay?: Duration;
  /**
   * Age from which a block is served.
   * @default - Thanos' own, 0
   */
  readonly consistencyDelay?: Duration;
  /**
   * Which blocks it serves, where several store gateways share a bucket. Each of them needs a shard.
   * @default - all
   */
  readonly blocks?: BlockSelector;
  /**
   * Serves nothing before this time (`--min-time`).
   * @default - all
   */
  readonly minTime?: BlockTime;
  /**
   * Serves nothing after this time (`--max-time`).
   * @default - all
   */
  readonly maxTime?: BlockTime;
  /**
   * Map the header of a block into memory when a query wants it (`--store.enable-index-header-lazy-reader`).
   * @default - Thanos' own, false
   */
  readonly lazyReader?: boolean;
  /**
   * Fetch headers when a query wants them, too, instead of at the start. Needs lazyReader.
   * @default - Thanos' own, false
   */
  readonly lazyDownload?: boolean;
  /**
   * How long an unused header stays mapped. Needs lazyReader.
   * @default - Thanos' own, 5 minutes
   */
  readonly lazyReaderIdleTimeout?: Duration;
  /**
   * Expand postings late where that fetches less (`--store.enable-lazy-expanded-postings`).
   * @default - Thanos' own, false
   */
  readonly lazyPostings?: boolean;
  /**
   * Keep the blocks' headers on the volume (`--cache-index-header`).
   * @default - Thanos' own, true
   */
  readonly headersOnDisk?: boolean;
  /**
   * What one request may read.
   * @default - Thanos' own, no limits
   */
  readonly limits?: StoreLimitsOptions;
  /**
   * Requests for series that are answered at once (`--store.grpc.series-max-concurrency`).
   * @default - Thanos' own, 20
   */
  readonly seriesConcurrency?: number;
  /**
   * Matchers that are kept compiled (`--matcher-cache-size`); 0: none.
   * @default - Thanos' own, 0
   */
  readonly matcherCacheSize?: number;
  /**
   * How blocks are found.
   * @default - Thanos' own, BlockDiscovery.CONCURRENT
   */
  readonly blockDiscovery?: BlockDiscovery;
  /**
   * Blocks that are loaded at once (`--block-sync-concurrency`).
   * @default - Thanos' own, 20
   */
  readonly blockSyncConcurrency?: number;
  /**
   * Descriptions of blocks that are fetched at once (`--block-meta-fetch-concurrency`).
   * @default - Thanos' own, 32
   */
  readonly metaFetchConcurrency?: number;
  /**
   * The page of its blocks.
   * @default - there is one
   */
  readonly page?: BlockPageOptions;
  /**
   * The volume.
   * @default - 20 GiB each
   */
  readonly storage?: StoreStorageOptions;
}

/** What one request may read of a store gateway. One that wants more fails. 0 is no limit. */
export interface StoreLimitsOptions extends ReadLimitsOptions {
  /**
   * What is fetched from the bucket or a cache (`--store.grpc.downloaded-bytes-limit`).
   * @default - no limit
   */
  readonly downloaded?: Size;
}

const LIMITS: StructTable<StoreLimitsOptions> = { ...READ_LIMITS, downloaded: size };

/** Properties of a StoreGateway. */
export interface StoreGatewayProps extends StoreGatewayOptions, ComponentPlacementProps, RequiredBucketProps {}

const STORE_STORAGE: StructTable<StoreStorageOptions> = { ...STORAGE, ephemeral: yesOrNo };

const KIND: Kind<StoreGatewayProps> = {
  component: 'store',
  command: ['store'],
  ports: ['http', 'grpc'],
  workload: 'StatefulSet',
  replicas: 2,
  volume: Size.gibibytes(20),
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 8,
  graceSeconds: 120,
  settleSeconds: () => SETTLE_SECONDS,
  options: {
    requestLogging: REQUEST_LOGGING,
    replicas: noFlag(int32(0)),
    storage: {
      read: struct(STORE_STORAGE, requireNoClaim),
      args: (_, { identity }) => [['--data-dir', identity.dataPath]],
    },
    indexCache: {
      read: having<IndexCache>(
        { _plan: 'function' },
        'an IndexCache; write IndexCache.inMemory({ … }), memcached(…) or redis(…)',
      ),
      args: (cache, context) => cacheArgs(['--index-cache.config'], cache, siteOf(context, 'index-cache')),
    },
    cachingBucket: {
      read: having<CachingBucket>(
        { _plan: 'function' },
        'a CachingBucket; write CachingBucket.inMemory({ … }), memcached(…), redis(…) or groupcache()',
      ),
      args: (cache, context) => {
        requirePlainPeers(cache, context);
        return cacheArgs(['--store.caching-bucket.config'], cache, siteOf(context, 'caching-bucket'));
      },
    },
    chunkPoolSize: flag('--chunk-pool-size', size, thanosSize),
    syncInterval: flag('--sync-block-duration', duration, goDuration),
    ignoreDeletionMarksDelay: flag('--ignore-deletion-marks-delay', durationOrZero, (delay) =>
      prometheusDuration(delay, true),
    ),
    consistencyDelay: flag('--consistency-delay', durationOrZero, (delay) => prometheusDuration(delay, true)),
    blocks: flag('--selector.relabel-config', BLOCK_SELECTOR, relabelConfig),
    minTime: flag('--min-time', BLOCK_TIME, (time) => time._text()),
    maxTime: flag('--max-time', BLOCK_TIME, (time) => time._text()),
    lazyReader: flag('--store.enable-index-header-lazy-reader', yesOrNo, (wanted) => wanted),
    lazyDownload: {
      read: yesOrNo,
      args: (wanted, { props }) =>
        written('--store.index-header-lazy-download-strategy', wanted && needsLazyReader(props, 'lazy')),
    },
    lazyReaderIdleTimeout: {
      read: duration,
      args: (time, { props }) =>
        written(
          '--store.index-header-lazy-reader-idle-timeout',
          time && needsLazyReader(props, prometheusDuration(time)),
        ),
    },
    lazyPostings: flag('--store.enable-lazy-expanded-postings', yesOrNo, (wanted) => wanted),
    headersOnDisk: flag('--no-cache-index-header', yesOrNo, (wanted) => !wanted),
    limits: {
      read: struct(LIMITS),
      args: (limits = {}) => [
        ...readLimitFlags(limits),
        ...written('--store.grpc.downloaded-bytes-limit', limits.downloaded && thanosSize(limits.downloaded)),
      ],
    },
    seriesConcurrency: flag('--store.grpc.series-max-concurrency', wholeNumber(1), (requests) => requests),
    matcherCacheSize: flag('--matcher-cache-size', wholeNumber(0), (matchers) => matchers),
    blockDiscovery: flag('--block-discovery-strategy', oneOf(BlockDiscovery, 'BlockDiscovery'), (strategy) => strategy),
    blockSyncConcurrency: flag('--block-sync-concurrency', wholeNumber(1), (blocks) => blocks),
    metaFetchConcurrency: flag('--block-meta-fetch-concurrency', wholeNumber(1), (blocks) => blocks),
    grpcTls: { read: GRPC_TLS, args: grpcServerFlags },
    page: { read: BLOCK_PAGE_ROW, args: blockPageArgs },
  },
  judge: ({ construct, identity, props, registry }, flags) => {
    const selection = selectionOf(props, flags);
    const times = ['--min-time', '--max-time'].map((name) => flags.value(name) ?? '');
    const { namespace, instance, zone = '' } = identity;
    const group = [registry.clusterOf(construct) ?? '', namespace, instance, zone, ...times].join('\0');
    if (selection) registry.readers.push({ bucket: props.objstore.bucketId, construct, selection, group });
  },
  plan: (context) => {
    const { props, identity } = context;
    const { storage, indexCache, cachingBucket } = props;
    const extras = cacheExtras([
      [indexCache, siteOf(context, 'index-cache')],
      [cachingBucket, siteOf(context, 'caching-bucket')],
    ]);
    if (!storage?.ephemeral) return extras;
    const sizeLimit = storage.size && quantity(storage.size);
    const emptyDir = sizeLimit ? { sizeLimit: Quantity.fromString(sizeLimit) } : {};
    return { ...extras, ephemeral: true, volumes: [{ name: identity.claim, emptyDir }, ...(extras.volumes ?? [])] };
  },
};

/** Thanos Store: serves the blocks of the bucket to Query (https://thanos.io/tip/components/store.md/). */
export class StoreGateway extends BucketComponent implements IStoreApi {
  /** Undefined: the pods serve the same blocks, under the labels of their writers. */
  public readonly replicaLabel?: string;

  constructor(scope: Construct, id: string, props: StoreGatewayProps) {
    super(scope, id, ofKind(KIND, props));
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }
}

function requireNoClaim(storage: StoreStorageOptions): void {
  if (!storage.ephemeral) return;
  const claimed = (['storageClassName', 'whenDeleted', 'whenScaled', 'labels'] as const).find(
    (field) => storage[field] !== undefined,
  );
  if (claimed) throw new InputProblem(`${claimed} has no effect with ephemeral; drop one of the two`);
}

function siteOf({ props, identity }: Context<StoreGatewayProps>, cache: CacheName): CacheSite {
  const { replicas = KIND.replicas, objstore } = props;
  return { cache, identity, replicas, bucketCa: objstore._grant.facts.caPath };
}

/** Groupcache speaks HTTP/2 without TLS, by a client that is told no password. */
function requirePlainPeers(cache: CachingBucket | undefined, context: Context<StoreGatewayProps>): void {
  const { tls, basicAuth } = context.props.httpConfig?._settings() ?? {};
  if ((!tls && !basicAuth) || cache?._plan(siteOf(context, 'caching-bucket')).config.type !== 'GROUPCACHE') return;
  throw new InputProblem(
    'is groupcache, whose pods ask each other over plain HTTP without a password, and httpConfig ends that. Take memcached or Redis, or give the store gateway HttpConfig.plain()',
  );
}

/** What only the lazy reader looks at. */
function needsLazyReader<T>({ lazyReader }: StoreGatewayOptions, value: T): T {
  if (lazyReader) return value;
  throw new InputProblem('has no effect without lazyReader: true, which maps headers late. Set it, or drop this');
}
