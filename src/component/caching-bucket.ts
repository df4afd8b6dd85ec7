import type { Duration, Size } from 'cdk8s';
import { duration, size, text, wholeNumber } from '../support/rows';
import { readStruct, type StructTable } from '../support/table';
import { bytes, goDuration, thanosSize } from '../support/units';
import { envToken } from '../support/env-token';
import { POD_NAME_ENV } from './external-labels';
import type { CachePlan, CacheSite } from './cache-plan';
import { MEMCACHED, memcachedConfig, type MemcachedOptions } from './memcached';
import { IN_MEMORY, type InMemoryCacheOptions, inMemoryConfig } from './memory-cache';
import { REDIS, type RedisOptions, redisPlan } from './redis';

/** What every cache of the bucket can be told. */
export interface CachingBucketOptions {
  /**
   * Size of the pieces of chunks that are kept; whole bytes.
   * @default - Thanos' own, 16000 bytes
   */
  readonly subrangeSize?: Size;
  /**
   * Requests into which a range that is not in the cache may be split.
   * @default - Thanos' own, 3
   */
  readonly maxRangeRequests?: number;
  /**
   * Size of the largest meta file that is kept.
   * @default - Thanos' own, 1 MiB
   */
  readonly metafileMaxSize?: Size;
  /**
   * How long the size of a chunk file is kept.
   * @default - Thanos' own, 24 hours
   */
  readonly chunkAttributesTtl?: Duration;
  /**
   * How long a piece of chunks is kept.
   * @default - Thanos' own, 24 hours
   */
  readonly chunkSubrangeTtl?: Duration;
  /**
   * How long the list of blocks is kept.
   * @default - Thanos' own, 5 minutes
   */
  readonly blocksIterTtl?: Duration;
  /**
   * How long it is kept that a meta file exists.
   * @default - Thanos' own, 2 hours
   */
  readonly metafileExistsTtl?: Duration;
  /**
   * How long it is kept that a meta file does not exist.
   * @default - Thanos' own, 15 minutes
   */
  readonly metafileAbsentTtl?: Duration;
  /**
   * How long the content of a meta file is kept.
   * @default - Thanos' own, 24 hours
   */
  readonly metafileContentTtl?: Duration;
}

/** A cache of the bucket in the memory of each pod. */
export interface InMemoryCachingBucketOptions extends InMemoryCacheOptions, CachingBucketOptions {}

/** A cache of the bucket in a memcached that exists. */
export interface MemcachedCachingBucketOptions extends MemcachedOptions, CachingBucketOptions {}

/** A cache of the bucket in a Redis that exists. */
export interface RedisCachingBucketOptions extends RedisOptions, CachingBucketOptions {}

/** A cache that the pods of a store gateway are together: each keeps a part, and asks the others for theirs. */
export interface GroupcacheOptions extends CachingBucketOptions {
  /**
   * Memory of each pod.
   * @default - Thanos' own
   */
  readonly maxSize?: Size;
  /**
   * Name of the group, the same in all pods.
   * @default - name of the workload
   */
  readonly group?: string;
}

const OPTIONS: StructTable<CachingBucketOptions> = {
  subrangeSize: size,
  maxRangeRequests: wholeNumber(1),
  metafileMaxSize: size,
  chunkAttributesTtl: duration,
  chunkSubrangeTtl: duration,
  blocksIterTtl: duration,
  metafileExistsTtl: duration,
  metafileAbsentTtl: duration,
  metafileContentTtl: duration,
};

const IN_MEMORY_BUCKET: StructTable<InMemoryCachingBucketOptions> = { ...IN_MEMORY, ...OPTIONS };
const IN_MEMCACHED: StructTable<MemcachedCachingBucketOptions> = { ...MEMCACHED, ...OPTIONS };
const IN_REDIS: StructTable<RedisCachingBucketOptions> = { ...REDIS, ...OPTIONS };
const GROUPCACHE: StructTable<GroupcacheOptions> = { ...OPTIONS, maxSize: size, group: text };

/** Config of the store gateway's cache of the bucket: chunks and meta files (`--store.caching-bucket.config`). */
export class CachingBucket {
  /** A cache in the memory of each pod (`IN-MEMORY`). Add its size to the pod's memory. */
  public static inMemory(options: InMemoryCachingBucketOptions = {}): CachingBucket {
    return new CachingBucket(() => {
      const read = readStruct(IN_MEMORY_BUCKET, options);
      return { config: { type: 'IN-MEMORY', config: inMemoryConfig(read), ...settings(read) } };
    });
  }

  /** A memcached that all pods share (`MEMCACHED`). */
  public static memcached(options: MemcachedCachingBucketOptions): CachingBucket {
    return new CachingBucket(() => {
      const read = readStruct(IN_MEMCACHED, options);
      return { config: { type: 'MEMCACHED', config: memcachedConfig(read), ...settings(read) } };
    });
  }

  /** A Redis that all pods share (`REDIS`). */
  public static redis(options: RedisCachingBucketOptions): CachingBucket {
    return new CachingBucket((site) => {
      const read = readStruct(IN_REDIS, options);
      const plan = redisPlan(read, site);
      return { ...plan, config: { type: 'REDIS', config: plan.config, ...settings(read) } };
    });
  }

  /** The pods' own memory, shared (`GROUPCACHE`); pods and addresses are wired here. Add its size to the pod's memory. */
  public static groupcache(options: GroupcacheOptions = {}): CachingBucket {
    return new CachingBucket((site) => {
      const read = readStruct(GROUPCACHE, options);
      const config = { type: 'GROUPCACHE', config: groupcacheConfig(read, site), ...settings(read) };
      return { config, env: [POD_NAME_ENV] };
    });
  }

  readonly #plan: (site: CacheSite) => CachePlan;

  private constructor(plan: (site: CacheSite) => CachePlan) {
    this.#plan = plan;
  }

  /**
   * The cache in the pods of a component.
   * @internal
   */
  public _plan(site: CacheSite): CachePlan {
    return this.#plan(site);
  }
}

function settings(read: CachingBucketOptions): Record<string, unknown> {
  const ttl = (time: Duration | undefined): string | undefined => time && goDuration(time);
  return {
    chunk_subrange_size: read.subrangeSize && bytes(read.subrangeSize),
    max_chunks_get_range_requests: read.maxRangeRequests,
    metafile_max_size: read.metafileMaxSize && thanosSize(read.metafileMaxSize),
    chunk_object_attrs_ttl: ttl(read.chunkAttributesTtl),
    chunk_subrange_ttl: ttl(read.chunkSubrangeTtl),
    blocks_iter_ttl: ttl(read.blocksIterTtl),
    metafile_exists_ttl: ttl(read.metafileExistsTtl),
    metafile_doesnt_exist_ttl: ttl(read.metafileAbsentTtl),
    metafile_content_ttl: ttl(read.metafileContentTtl),
  };
}

/** The pods by their names: a pod finds itself among them only where both are spelled alike, and without a slash at the end. */
function groupcacheConfig(
  { maxSize, group }: GroupcacheOptions,
  { identity, replicas }: CacheSite,
): Record<string, unknown> {
  const url = (pod: string): string => `http://${identity.podHost(pod, 'http')}`;
  return {
    self_url: url(envToken('POD_NAME')),
    peers: Array.from({ length: replicas }, (_, i) => url(identity.pod(i))),
    groupcache_group: group ?? identity.workload,
    max_size: maxSize && thanosSize(maxSize),
  };
}
