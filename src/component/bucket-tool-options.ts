import type { Duration } from 'cdk8s';
import type { BlockDeletion } from './block-deletion';
import type { HashFunc } from './block-discovery';
import type { BlockSelector } from './block-selector';
import type { BlockTime } from './block-time';
import type { RetentionOptions } from './retention';

/** How `thanos tools bucket inspect` writes its table. */
export enum InspectOutput {
  /** A table for people. */
  TABLE = 'table',
  /** Values with commas between them. */
  CSV = 'csv',
  /** Values with tabs between them. */
  TSV = 'tsv',
}

/** A column by which `thanos tools bucket inspect` sorts. */
export enum InspectColumn {
  /** Id of the block. */
  ULID = 'ULID',
  /** Its first moment. */
  FROM = 'FROM',
  /** Its last moment. */
  UNTIL = 'UNTIL',
  /** The time that it spans. */
  RANGE = 'RANGE',
  /** Time until it is downsampled. */
  UNTIL_DOWN = 'UNTIL-DOWN',
  /** Series. */
  SERIES = '#SERIES',
  /** Samples. */
  SAMPLES = '#SAMPLES',
  /** Chunks. */
  CHUNKS = '#CHUNKS',
  /** How often it was merged. */
  LEVEL = 'COMP-LEVEL',
  /** Whether merging it failed. */
  FAILED = 'COMP-FAILED',
  /** External labels. */
  LABELS = 'LABELS',
  /** Resolution. */
  RESOLUTION = 'RESOLUTION',
  /** Who made it. */
  SOURCE = 'SOURCE',
}

/** What `thanos tools bucket verify` looks for. */
export enum BlockIssue {
  /** Faults of the index; each block is fetched to the pod's disk. */
  INDEX_KNOWN_ISSUES = 'index_known_issues',
  /** Blocks of one stream that overlap in time. */
  OVERLAPPED_BLOCKS = 'overlapped_blocks',
  /** Blocks that were merged twice. */
  DUPLICATED_COMPACTION = 'duplicated_compaction',
}

/** A file beside a block that says what is to become of it. */
export enum BlockMarker {
  /** The block is deleted once the delay of whoever deletes is over. */
  DELETION = 'deletion-mark.json',
  /** The block is merged no more. */
  NO_COMPACT = 'no-compact-mark.json',
  /** The block is not downsampled. */
  NO_DOWNSAMPLE = 'no-downsample-mark.json',
}

/** What `thanos tools bucket ls` can be told. */
export interface BucketLsOptions {
  /**
   * `json`, `wide`, or a Go template for each block (`--output`).
   * @default - the ids alone
   */
  readonly output?: string;
  /**
   * Leave out blocks that are marked for deletion (`--exclude-delete`).
   * @default false
   */
  readonly excludeMarked?: boolean;
  /**
   * Which blocks are listed (`--selector.relabel-config`).
   * @default - all
   */
  readonly blocks?: BlockSelector;
  /**
   * Blocks that end before this time are left out (`--min-time`).
   * @default - none
   */
  readonly minTime?: BlockTime;
  /**
   * Blocks that begin after this time are left out (`--max-time`).
   * @default - none
   */
  readonly maxTime?: BlockTime;
  /**
   * Longest time of the listing (`--timeout`).
   * @default - Thanos' own, 5 minutes
   */
  readonly timeout?: Duration;
}

/** What `thanos tools bucket inspect` can be told. */
export interface BucketInspectOptions {
  /**
   * External labels that a block must have (`--selector`).
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Columns by which the blocks are sorted (`--sort-by`).
   * @default - Thanos' own, FROM and UNTIL
   */
  readonly sortBy?: InspectColumn[];
  /**
   * How the table is written (`--output`).
   * @default - Thanos' own, InspectOutput.TABLE
   */
  readonly output?: InspectOutput;
  /**
   * Longest time of reading the blocks' descriptions (`--timeout`).
   * @default - Thanos' own, 5 minutes
   */
  readonly timeout?: Duration;
}

/** What `thanos tools bucket verify` can be told. */
export interface BucketVerifyOptions {
  /**
   * What is looked for (`--issues`).
   * @default - Thanos' own, BlockIssue.INDEX_KNOWN_ISSUES and BlockIssue.OVERLAPPED_BLOCKS
   */
  readonly issues?: BlockIssue[];
  /**
   * Blocks that are looked at (`--id`); goes with `issues: [BlockIssue.INDEX_KNOWN_ISSUES]` alone.
   * @default - all
   */
  readonly ids?: string[];
}

/** What `thanos tools bucket cleanup` can be told. */
export interface BucketCleanupOptions {
  /**
   * How long a block that is marked for deletion stays in the bucket (`--delete-delay`). Store gateways ignore it after half
   * of the delay that they are told; a block that goes earlier fails queries. `cleanup` deletes at once what is older.
   * @default - Thanos' own, 48 hours
   */
  readonly deleteDelay?: Duration;
  /**
   * Age at which a block is looked at (`--consistency-delay`).
   * @default - Thanos' own, 30 minutes
   */
  readonly consistencyDelay?: Duration;
  /**
   * Descriptions of blocks that are fetched at once (`--block-sync-concurrency`).
   * @default - Thanos' own, 20
   */
  readonly blockSyncConcurrency?: number;
  /**
   * Which blocks are looked at (`--selector.relabel-config`).
   * @default - all
   */
  readonly blocks?: BlockSelector;
}

/** What `thanos tools bucket retention` can be told. */
export interface BucketRetentionOptions extends BucketCleanupOptions {
  /** How long blocks are kept, by resolution; what is older is marked for deletion. */
  readonly retention: RetentionOptions;
}

/** What `thanos tools bucket downsample` can be told. */
export interface BucketDownsampleOptions {
  /**
   * Time between two passes (`--wait-interval`).
   * @default - Thanos' own, 5 minutes
   */
  readonly waitInterval?: Duration;
  /**
   * Blocks that are downsampled at once (`--downsample.concurrency`).
   * @default - Thanos' own, 1
   */
  readonly concurrency?: number;
  /**
   * Files of a block that are fetched or sent at once (`--block-files-concurrency`).
   * @default - Thanos' own, 1
   */
  readonly blockFilesConcurrency?: number;
  /**
   * Hash of the files of the blocks that it makes (`--hash-func`).
   * @default - none
   */
  readonly hashFunc?: HashFunc;
}

/** What `thanos tools bucket mark --remove` can be told. */
export interface BucketUnmarkOptions {
  /** Blocks (`--id`). */
  readonly ids: string[];
  /** The mark. */
  readonly marker: BlockMarker;
}

/** What `thanos tools bucket mark` can be told. */
export interface BucketMarkOptions extends BucketUnmarkOptions {
  /** Why, for people: it is written into the mark (`--details`). */
  readonly details: string;
}

/** What `thanos tools bucket rewrite` can be told: `deletions`, `relabel` or both. */
export interface BucketRewriteOptions {
  /** Blocks (`--id`). */
  readonly ids: string[];
  /**
   * Series that are left out of the new blocks (`--rewrite.to-delete-config`).
   * @default - none
   */
  readonly deletions?: BlockDeletion[];
  /**
   * Prometheus' relabel configs, in its own words, for the labels of each series (`--rewrite.to-relabel-config`).
   * @default - none
   */
  readonly relabel?: any[];
  /**
   * Show the changes alone (`--dry-run`).
   * @default true
   */
  readonly dryRun?: boolean;
  /**
   * Mark the old blocks for deletion afterwards (`--delete-blocks`). Otherwise old and new ones overlap.
   * @default false
   */
  readonly deleteBlocks?: boolean;
  /**
   * The blocks are those of a plain Prometheus: external labels are not asked for (`--prom-blocks`).
   * @default false
   */
  readonly promBlocks?: boolean;
  /**
   * Write each change into a file of the new block, which takes time (`--rewrite.add-change-log`).
   * @default - Thanos' own, true
   */
  readonly changeLog?: boolean;
  /**
   * Hash of the files of the blocks that it makes (`--hash-func`).
   * @default - none
   */
  readonly hashFunc?: HashFunc;
}
