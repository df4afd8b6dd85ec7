import type { Duration } from 'cdk8s';
import { InputProblem } from '../support/problem';
import { duration, struct, wholeNumber } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { goDuration, milliseconds } from '../support/units';
import type { Arg } from './option';

/** How range queries are split by their own length. */
export interface DynamicSplitOptions {
  /** Pieces of a query (`--query-range.horizontal-shards`). */
  readonly shards: number;
  /** A query over less time is not split (`--query-range.min-split-interval`). */
  readonly minInterval: Duration;
  /** Longest piece; a longer query is split into more (`--query-range.max-split-interval`). */
  readonly maxInterval: Duration;
}

const TABLE: StructTable<DynamicSplitOptions> = {
  shards: required(wholeNumber(1), 'Give a number of pieces, such as 4'),
  minInterval: required(duration, 'Give Duration.hours(1)'),
  maxInterval: required(duration, 'Give Duration.days(1)'),
};

/** How it is read. */
export const DYNAMIC_SPLIT = struct(TABLE, ({ minInterval, maxInterval }) => {
  if (milliseconds(minInterval) > milliseconds(maxInterval))
    throw new InputProblem('minInterval: is longer than maxInterval; the shortest query to split is the shorter one');
});

/** Its flags. Thanos takes it only where the fixed interval is 0. */
export function dynamicSplitFlags(split: DynamicSplitOptions | undefined): Arg[] {
  if (split === undefined) return [];
  return [
    ['--query-range.split-interval', '0s'],
    ['--query-range.horizontal-shards', split.shards],
    ['--query-range.min-split-interval', goDuration(split.minInterval)],
    ['--query-range.max-split-interval', goDuration(split.maxInterval)],
  ];
}
