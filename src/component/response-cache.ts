import type { Duration, Size } from 'cdk8s';
import { duration, size } from '../support/rows';
import { readStruct, required, type StructTable } from '../support/table';
import { goDuration, thanosSize } from '../support/units';
import type { CachePlan, CacheSite } from './cache-plan';
import { MEMCACHED, memcachedConfig, type MemcachedOptions } from './memcached';
import { REDIS, type RedisOptions, redisPlan } from './redis';

/** A response cache in the memory of each pod. */
export interface InMemoryResponseCacheOptions {
  /** Size of the cache. */
  readonly maxSize: Size;
  /**
   * How long an answer is used.
   * @default - Thanos' own: until it is pushed out
   */
  readonly validity?: Duration;
}

/** A response cache in a memcached that exists. */
export interface MemcachedResponseCacheOptions extends MemcachedOptions {
  /**
   * How long an answer is used.
   * @default - Thanos' own, 24 hours
   */
  readonly expiration?: Duration;
}

/** A response cache in a Redis that exists. */
export interface RedisResponseCacheOptions extends RedisOptions {
  /**
   * How long an answer is used.
   * @default - Thanos' own, 24 hours
   */
  readonly expiration?: Duration;
}

const IN_MEMORY: StructTable<InMemoryResponseCacheOptions> = {
  maxSize: required(size, 'Give Size.mebibytes(256)'),
  validity: duration,
};
const IN_MEMCACHED: StructTable<MemcachedResponseCacheOptions> = { ...MEMCACHED, expiration: duration };
const IN_REDIS: StructTable<RedisResponseCacheOptions> = { ...REDIS, expiration: duration };

/** Config of the query frontend's cache (`--query-range.response-cache-config`). */
export class ResponseCache {
  /** A cache in the memory of each pod (`IN-MEMORY`). Add its size to the pod's memory. */
  public static inMemory(options: InMemoryResponseCacheOptions): ResponseCache {
    return new ResponseCache(() => {
      const { maxSize, validity } = readStruct(IN_MEMORY, options);
      const config = { max_size: thanosSize(maxSize), validity: validity && goDuration(validity) };
      return { config: { type: 'IN-MEMORY', config } };
    });
  }

  /** A memcached that all pods share (`MEMCACHED`). */
  public static memcached(options: MemcachedResponseCacheOptions): ResponseCache {
    return new ResponseCache(() => {
      const read = readStruct(IN_MEMCACHED, options);
      return { config: { type: 'MEMCACHED', config: { ...memcachedConfig(read), expiration: hours(read) } } };
    });
  }

  /** A Redis that all pods share (`REDIS`). */
  public static redis(options: RedisResponseCacheOptions): ResponseCache {
    return new ResponseCache((site) => {
      const read = readStruct(IN_REDIS, options);
      const plan = redisPlan(read, site);
      return { ...plan, config: { type: 'REDIS', config: { ...plan.config, expiration: hours(read) } } };
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

function hours({ expiration }: { readonly expiration?: Duration }): string | undefined {
  return expiration && goDuration(expiration);
}
