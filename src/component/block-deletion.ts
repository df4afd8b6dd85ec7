import { InputProblem } from '../support/problem';
import { date, listOf, struct, text } from '../support/rows';
import { required, type StructTable } from '../support/table';

/** A range of time, both ends included. */
export interface BlockIntervalOptions {
  /** Its first moment, to the millisecond. */
  readonly from: Date;
  /** Its last moment, to the millisecond. */
  readonly until: Date;
}

/** Series that a rewrite leaves out of a block. */
export interface BlockDeletion {
  /** Which series, as a selector of PromQL: `{job="api",path!~"/health.*"}`. */
  readonly matchers: string;
  /**
   * Only their samples in these times.
   * @default - all
   */
  readonly intervals?: BlockIntervalOptions[];
}

const INTERVAL: StructTable<BlockIntervalOptions> = {
  from: required(date, 'Give a Date'),
  until: required(date, 'Give a Date'),
};

const TABLE: StructTable<BlockDeletion> = {
  matchers: required(text, 'Give a selector such as {job="api"}'),
  intervals: listOf(
    struct(INTERVAL, ({ from, until }) => {
      if (from > until) throw new InputProblem('from: lies after until. Swap them');
    }),
  ),
};

/** How they are read. */
export const BLOCK_DELETIONS = listOf(struct(TABLE));

/** As Thanos reads them (`[]metadata.DeletionRequest`). */
export function deletionRequests(deletions: readonly BlockDeletion[]): object[] {
  return deletions.map(({ matchers, intervals }) => ({
    matchers,
    intervals: intervals?.map(({ from, until }) => ({ mint: from.getTime(), maxt: until.getTime() })),
  }));
}
