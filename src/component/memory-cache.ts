import type { Size } from 'cdk8s';
import { InputProblem } from '../support/problem';
import { size } from '../support/rows';
import type { StructTable } from '../support/table';
import { bytes, thanosSize } from '../support/units';

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

const DEFAULT_MAX_BYTES = 250 * 1024 * 1024;
/** Thanos' default for the largest item, which it does not lower together with `max_size` and then refuses. */
const DEFAULT_MAX_ITEM_BYTES = 125 * 1024 * 1024;

/** How it is read. */
export const IN_MEMORY: StructTable<InMemoryCacheOptions> = { maxSize: size, maxItemSize: size };

/** The `config` of a cache in memory. */
export function inMemoryConfig({ maxSize, maxItemSize }: InMemoryCacheOptions): Record<string, unknown> {
  const limit = maxSize ? bytes(maxSize) : DEFAULT_MAX_BYTES;
  if (maxItemSize && bytes(maxItemSize) > limit)
    throw new InputProblem(
      `maxItemSize is ${bytes(maxItemSize)} bytes, above maxSize of ${limit}; Thanos refuses that`,
    );
  const item = maxItemSize ?? (limit < DEFAULT_MAX_ITEM_BYTES ? maxSize : undefined);
  return { max_size: maxSize && thanosSize(maxSize), max_item_size: item && thanosSize(item) };
}
