import { argLiteral } from '../support/escape';
import { InputProblem } from '../support/problem';
import { listOf, oneOf, struct, text } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { type Arg, written } from './option';

/** How the compactor merges samples of blocks that overlap (`--deduplication.func`). */
export enum CompactionFunc {
  /** Chunks that are the same are one; samples of the same time are one. Right for receivers. */
  ONE_TO_ONE = 'one-to-one',
  /** One replica at a time. Right for pairs of Prometheus servers that scrape at different moments. */
  PENALTY = 'penalty',
}

/** Merging of blocks that overlap in time. It can't be undone. */
export interface VerticalCompactionOptions {
  /**
   * External labels that tell replicas apart, which are taken off: `receive_replica`, `prometheus_replica`
   * (`--deduplication.replica-label`). Query wants the same ones.
   * @default - none: only blocks of the same labels are merged, such as those with samples that came out of order
   */
  readonly replicaLabels?: string[];
  /**
   * How samples are merged. PENALTY needs replicaLabels.
   * @default CompactionFunc.ONE_TO_ONE
   */
  readonly deduplication?: CompactionFunc;
}

const TABLE: StructTable<VerticalCompactionOptions> = {
  replicaLabels: listOf(text),
  deduplication: oneOf(CompactionFunc, 'CompactionFunc'),
};

/** How it is read. */
export const VERTICAL_COMPACTION: Row<VerticalCompactionOptions> = struct(
  TABLE,
  ({ replicaLabels = [], deduplication }) => {
    if (deduplication === CompactionFunc.PENALTY && replicaLabels.length === 0)
      throw new InputProblem('deduplication is penalty, which needs replicaLabels. Name the labels of the replicas');
  },
);

/** What the command is told of it. */
export function verticalCompactionArgs(vertical?: VerticalCompactionOptions): Arg[] {
  if (vertical === undefined) return [];
  const { replicaLabels = [], deduplication } = vertical;
  return [
    ...written('--compact.enable-vertical-compaction', true),
    ...written('--deduplication.replica-label', [...new Set(replicaLabels)].map(argLiteral)),
    // Thanos' name of the other one is the empty text
    ...written('--deduplication.func', deduplication === CompactionFunc.PENALTY ? deduplication : undefined),
  ];
}
