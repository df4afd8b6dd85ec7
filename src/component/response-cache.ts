import type { Duration, Size } from 'cdk8s';
import { duration, size } from '../support/rows';
import { readStruct, required, type StructTable } from '../support/table';
import { goDuration, thanosSize } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { memcachedAddresses } from './memcached';

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
export interface MemcachedResponseCacheOptions {
  /** Addresses, `host:port`; with `dns+` or `dnssrv+` before a name they are looked up. */
  readonly addresses: string[];
  /**
   * How long an answer is used.
   * @default - Thanos' own, 24 hours
   */
  readonly expiration?: Duration;
  /**
   * Size of the largest item; memcached's own limit must be as high.
   * @default - Thanos' own, 1 MiB
   */
  readonly maxItemSize?: Size;
}

const IN_MEMORY: StructTable<InMemoryResponseCacheOptions> = {
  maxSize: required(size, 'Give Size.mebibytes(256)'),
  validity: duration,
};
const MEMCACHED: StructTable<MemcachedResponseCacheOptions> = {
  addresses: required(memcachedAddresses, 'Give host:port'),
  expiration: duration,
  maxItemSize: size,
};

/** Config of the query frontend's cache (`--query-range.response-cache-config`). */
export class ResponseCache {
  /** A cache in the memory of each pod (`IN-MEMORY`). Add its size to the pod's memory. */
  public static inMemory(options: InMemoryResponseCacheOptions): ResponseCache {
    return new ResponseCache(() => {
      const { maxSize, validity } = readStruct(IN_MEMORY, options);
      const config = { max_size: thanosSize(maxSize), validity: validity && goDuration(validity) };
      return thanosYaml({ type: 'IN-MEMORY', config });
    });
  }

  /** A memcached that all pods share (`MEMCACHED`). */
  public static memcached(options: MemcachedResponseCacheOptions): ResponseCache {
    return new ResponseCache(() => {
      const { addresses, expiration, maxItemSize } = readStruct(MEMCACHED, options);
      const config = {
        addresses,
        expiration: expiration && goDuration(expiration),
        max_item_size: maxItemSize && thanosSize(maxItemSize),
      };
      return thanosYaml({ type: 'MEMCACHED', config });
    });
  }

  readonly #yaml: () => string;

  private constructor(yaml: () => string) {
    this.#yaml = yaml;
  }

  /**
   * The config's text.
   * @internal
   */
  public _yaml(): string {
    return this.#yaml();
  }
}
