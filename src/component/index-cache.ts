import type { Duration } from 'cdk8s';
import { duration, listOf, oneOf } from '../support/rows';
import { readStruct, type StructTable } from '../support/table';
import { goDuration } from '../support/units';
import type { CachePlan, CacheSite } from './cache-plan';
import { MEMCACHED, memcachedConfig, type MemcachedOptions } from './memcached';
import { IN_MEMORY, type InMemoryCacheOptions, inMemoryConfig } from './memory-cache';
import { REDIS, type RedisOptions, redisPlan } from './redis';

/** What an index cache may hold. */
export enum IndexCacheItem {
  /** Postings of labels. */
  POSTINGS = 'Postings',
  /** Series. */
  SERIES = 'Series',
  /** Postings of whole selectors. */
  EXPANDED_POSTINGS = 'ExpandedPostings',
}

/** What every index cache can be told. */
export interface IndexCacheOptions {
  /**
   * What it holds.
   * @default - everything
   */
  readonly items?: IndexCacheItem[];
  /**
   * How long an item is used; in memory until it is pushed out.
   * @default - Thanos' own, 24 hours
   */
  readonly ttl?: Duration;
}

/** An index cache in the memory of each pod. */
export interface InMemoryIndexCacheOptions extends InMemoryCacheOptions, IndexCacheOptions {}

/** An index cache in a memcached that exists. */
export interface MemcachedIndexCacheOptions extends MemcachedOptions, IndexCacheOptions {}

/** An index cache in a Redis that exists. */
export interface RedisIndexCacheOptions extends RedisOptions, IndexCacheOptions {}

const OPTIONS: StructTable<IndexCacheOptions> = {
  items: listOf(oneOf(IndexCacheItem, 'IndexCacheItem')),
  ttl: duration,
};
const IN_MEMORY_INDEX: StructTable<InMemoryIndexCacheOptions> = { ...IN_MEMORY, ...OPTIONS };

/** Config of the store gateway's index cache (`--index-cache.config`). */
export class IndexCache {
  /** A cache in the memory of each pod (`IN-MEMORY`). Add its size to the pod's memory. */
  public static inMemory(options: InMemoryIndexCacheOptions = {}): IndexCache {
    return new IndexCache(() => {
      const read = readStruct(IN_MEMORY_INDEX, options);
      return { config: { type: 'IN-MEMORY', config: inMemoryConfig(read), ...common(read) } };
    });
  }

  /** A memcached that all pods share (`MEMCACHED`). */
  public static memcached(options: MemcachedIndexCacheOptions): IndexCache {
    return new IndexCache(() => {
      const read = readStruct<MemcachedIndexCacheOptions>({ ...MEMCACHED, ...OPTIONS }, options);
      return { config: { type: 'MEMCACHED', config: memcachedConfig(read), ...common(read) } };
    });
  }

  /** A Redis that all pods share (`REDIS`). */
  public static redis(options: RedisIndexCacheOptions): IndexCache {
    return new IndexCache((site) => {
      const read = readStruct<RedisIndexCacheOptions>({ ...REDIS, ...OPTIONS }, options);
      const plan = redisPlan(read, site);
      return { ...plan, config: { type: 'REDIS', config: plan.config, ...common(read) } };
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

function common({ items, ttl }: IndexCacheOptions): Record<string, unknown> {
  return { enabled_items: items, ttl: ttl && goDuration(ttl) };
}
