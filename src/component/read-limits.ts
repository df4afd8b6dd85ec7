import { wholeNumber } from '../support/rows';
import type { StructTable } from '../support/table';
import { type Arg, written } from './option';

/** What one call of the StoreAPI may read; a call that reads more fails. 0 is no limit. */
export interface ReadLimitsOptions {
  /**
   * Series of one call (`--store.limits.request-series`).
   * @default - Thanos' own, no limit
   */
  readonly series?: number;
  /**
   * Samples of one call, counted as 120 for each chunk (`--store.limits.request-samples`).
   * @default - Thanos' own, no limit
   */
  readonly samples?: number;
}

/** How they are read. */
export const READ_LIMITS: StructTable<ReadLimitsOptions> = { series: wholeNumber(0), samples: wholeNumber(0) };

/** Their flags. */
export function readLimitFlags(limits: ReadLimitsOptions = {}): Arg[] {
  return [
    ...written('--store.limits.request-series', limits.series),
    ...written('--store.limits.request-samples', limits.samples),
  ];
}
