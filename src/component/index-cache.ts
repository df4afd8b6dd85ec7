import type { Duration, Size } from 'cdk8s';
import { InputProblem } from '../support/problem';
import { duration, size } from '../support/rows';
import { readStruct, required, type StructTable } from '../support/table';
import { bytes, goDuration, thanosSize } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { memcachedAddresses } from './memcached';

/** A cache in the memory of each pod. */
export interface InMemoryCacheOptions {
  /**
   * Size of the cache.
   * @default - Thanos' own, 250 MiB
   */
  readonly maxSize?: Size;
  /**
   * Size of the largest item; not above maxSize.
   * @default - Thanos' own, 125 MiB, or maxSize where that is less
   */
  readonly maxItemSize?: Size;
}

/** A cache in a memcached that exists. */
export interface MemcachedOptions {
  /** Addresses, `host:port`; with `dns+` or `dnssrv+` before a name they are looked up. */
  readonly addresses: string[];
  /**
   * Timeout of one request.
   * @default - Thanos' own, 500 ms
   */
  readonly timeout?: Duration;
  /**
   * Size of the largest item; memcached's own limit must be as high.
   * @default - Thanos' own, 1 MiB
   */
  readonly maxItemSize?: Size;
  /**
   * How often the addresses are looked up.
   * @default - Thanos' own, 10 s
   */
  readonly dnsUpdateInterval?: Duration;
}

const DEFAULT_MAX_BYTES = 250 * 1024 * 1024;
/** Thanos' default for the largest item, which it does not lower together with `max_size` and then refuses. */
const DEFAULT_MAX_ITEM_BYTES = 125 * 1024 * 1024;

/** Config of the store gateway's index cache (`--index-cache.config`). */
export class IndexCache {
  /** A cache in the memory of each pod (`IN-MEMORY`). Add its size to the pod's memory. */
  public static inMemory(options: InMemoryCacheOptions = {}): IndexCache {
    return new IndexCache(() => thanosYaml({ type: 'IN-MEMORY', config: inMemoryConfig(options) }));
  }

  /** A memcached that all pods share (`MEMCACHED`). */
  public static memcached(options: MemcachedOptions): IndexCache {
    return new IndexCache(() => thanosYaml({ type: 'MEMCACHED', config: memcachedConfig(options) }));
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

const IN_MEMORY: StructTable<InMemoryCacheOptions> = { maxSize: size, maxItemSize: size };
const MEMCACHED: StructTable<MemcachedOptions> = {
  addresses: required(memcachedAddresses, 'Give host:port'),
  timeout: duration,
  maxItemSize: size,
  dnsUpdateInterval: duration,
};

function inMemoryConfig(given: InMemoryCacheOptions): Record<string, unknown> {
  const { maxSize, maxItemSize } = readStruct(IN_MEMORY, given);
  const limit = maxSize ? bytes(maxSize) : DEFAULT_MAX_BYTES;
  if (maxItemSize && bytes(maxItemSize) > limit)
    throw new InputProblem(
      `maxItemSize is ${bytes(maxItemSize)} bytes, above maxSize of ${limit}; Thanos refuses that`,
    );
  const item = maxItemSize ?? (limit < DEFAULT_MAX_ITEM_BYTES ? maxSize : undefined);
  return { max_size: maxSize && thanosSize(maxSize), max_item_size: item && thanosSize(item) };
}

function memcachedConfig(given: MemcachedOptions): Record<string, unknown> {
  const { addresses, timeout, maxItemSize, dnsUpdateInterval } = readStruct(MEMCACHED, given);
  return {
    addresses,
    timeout: timeout && goDuration(timeout),
    max_item_size: maxItemSize && thanosSize(maxItemSize),
    dns_provider_update_interval: dnsUpdateInterval && goDuration(dnsUpdateInterval),
  };
}
