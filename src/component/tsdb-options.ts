import { Duration, type Size } from 'cdk8s';
import { InputProblem } from '../support/problem';
import { durationOrZero, size, struct, wholeNumber, yesOrNo } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { bytes, milliseconds, prometheusDuration, thanosSize } from '../support/units';
import { type Arg, toggled, written } from './option';

/** The databases of a receiver, one for each tenant. */
export interface TsdbOptions {
  /**
   * How old a sample may be that comes after newer ones (`--tsdb.out-of-order.time-window`); 0: it is refused. The blocks
   * then overlap: the bucket's compactor needs verticalCompaction, or halts.
   * @default - Thanos' own, 0
   */
  readonly outOfOrderWindow?: Duration;
  /**
   * Samples in a chunk of those that came out of order, 1 to 255 (`--tsdb.out-of-order.cap-max`).
   * @default - Thanos' own, 32
   */
  readonly outOfOrderChunk?: number;
  /**
   * How far in the future a sample may be (`--tsdb.too-far-in-future.time-window`); 0: as far as it likes. A database refuses
   * what is older than its newest sample by more than half a block: with 0, one writer whose clock is hours ahead has the
   * samples of all others refused, for good (measured).
   * @default - a quarter of a block, 30 minutes; Thanos' own, 0, before 0.32
   */
  readonly futureWindow?: Duration;
  /**
   * How much time a block has, a minute or more (`--tsdb.min-block-duration` and `--tsdb.max-block-duration`, which are
   * the same for blocks that are uploaded). It decides how much memory the samples need that are in no block yet, and how
   * long the last ones are in no bucket.
   * @default - Thanos' own, 2 hours
   */
  readonly blockDuration?: Duration;
  /**
   * What the blocks of a tenant may take on the volume (`--tsdb.max-retention-bytes`). The oldest go first, be they
   * uploaded or not.
   * @default - Thanos' own, no limit
   */
  readonly maxSize?: Size;
  /**
   * Compress the write-ahead log (`--tsdb.wal-compression`).
   * @default - Thanos' own, true
   */
  readonly walCompression?: boolean;
  /**
   * Keep the lock file, which stops a second process on the same volume (`--tsdb.no-lockfile`).
   * @default - Thanos' own, true
   */
  readonly lockFile?: boolean;
  /**
   * Exemplars that are kept of each tenant (`--tsdb.max-exemplars`); 0: none.
   * @default - Thanos' own, 0
   */
  readonly maxExemplars?: number;
  /**
   * Cache of postings of what is in no block yet (`--tsdb.head.expanded-postings-cache-size`).
   * @default - Thanos' own, none
   */
  readonly headPostingsCache?: Size;
  /**
   * Cache of postings of the blocks (`--tsdb.block.expanded-postings-cache-size`).
   * @default - Thanos' own, none
   */
  readonly blockPostingsCache?: Size;
  /**
   * Chunks that may wait to be written (`--tsdb.write-queue-size`, a hidden flag); 0: no queue.
   * @default - Thanos' own, 0
   */
  readonly writeQueue?: number;
  /**
   * Write what is in memory to the volume when the pod ends, for a faster start
   * (`--tsdb.memory-snapshot-on-shutdown`, a hidden flag).
   * @default - Thanos' own, false
   */
  readonly snapshotOnShutdown?: boolean;
  /**
   * Keep each text of a label once (`--writer.intern`, a hidden flag): less memory for more work.
   * @default - Thanos' own, false
   */
  readonly internLabels?: boolean;
  /**
   * Tell Query which names of metrics there are, so that it asks less (`--enable-feature=metric-names-filter`).
   * @default - Thanos' own, false
   */
  readonly metricNamesFilter?: boolean;
}

const MINUTE = 60_000;

/** Thanos divides by the minutes of a block, and panics where there is none (measured). */
const blockDuration: Row<Duration> = (value) => {
  if (milliseconds(value) >= MINUTE) return value;
  throw new InputProblem(`is ${milliseconds(value)} ms; a block has at least a minute`);
};

const TABLE: StructTable<TsdbOptions> = {
  outOfOrderWindow: durationOrZero,
  outOfOrderChunk: wholeNumber(1, 255),
  futureWindow: durationOrZero,
  blockDuration,
  maxSize: size,
  walCompression: yesOrNo,
  lockFile: yesOrNo,
  maxExemplars: wholeNumber(0),
  headPostingsCache: size,
  blockPostingsCache: size,
  writeQueue: wholeNumber(0),
  snapshotOnShutdown: yesOrNo,
  internLabels: yesOrNo,
  metricNamesFilter: yesOrNo,
};

/** How they are read. */
export const TSDB: Row<TsdbOptions> = struct(TABLE);

const BLOCK = Duration.hours(2);
/** The minor version that brought the flag. */
const FUTURE_SINCE = 32;
const FUTURE = '--tsdb.too-far-in-future.time-window';

/** What a writer whose clock is ahead may do no harm with: half of what the database leaves to the others. */
function defaultFuture({ blockDuration: block = BLOCK }: TsdbOptions, minor = Infinity): Duration | undefined {
  return minor >= FUTURE_SINCE ? Duration.millis(milliseconds(block) / 4) : undefined;
}

/** Their flags, for a minor version of Thanos. */
export function tsdbFlags(tsdb: TsdbOptions = {}, minor?: number): Arg[] {
  const block = tsdb.blockDuration && prometheusDuration(tsdb.blockDuration);
  const window = (value: Duration | undefined) => value && prometheusDuration(value, true);
  return [
    ...written('--tsdb.out-of-order.time-window', window(tsdb.outOfOrderWindow)),
    ...written('--tsdb.out-of-order.cap-max', tsdb.outOfOrderChunk),
    ...written(FUTURE, window(tsdb.futureWindow ?? defaultFuture(tsdb, minor))),
    ...written('--tsdb.min-block-duration', block),
    ...written('--tsdb.max-block-duration', block),
    ...written('--tsdb.max-retention-bytes', tsdb.maxSize && thanosSize(tsdb.maxSize)),
    ...toggled('tsdb.wal-compression', tsdb.walCompression),
    ...toggled('tsdb.no-lockfile', tsdb.lockFile === undefined ? undefined : !tsdb.lockFile),
    ...written('--tsdb.max-exemplars', tsdb.maxExemplars),
    ...written('--tsdb.head.expanded-postings-cache-size', tsdb.headPostingsCache && bytes(tsdb.headPostingsCache)),
    ...written('--tsdb.block.expanded-postings-cache-size', tsdb.blockPostingsCache && bytes(tsdb.blockPostingsCache)),
    ...written('--tsdb.write-queue-size', tsdb.writeQueue),
    ...toggled('tsdb.memory-snapshot-on-shutdown', tsdb.snapshotOnShutdown),
    ...toggled('writer.intern', tsdb.internLabels),
    ...written('--enable-feature', tsdb.metricNamesFilter ? 'metric-names-filter' : undefined),
  ];
}
