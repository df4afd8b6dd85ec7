import { InputProblem } from '../support/problem';
import { having } from '../support/rows';
import { readStruct, required, type StructTable } from '../support/table';
import type { Row } from '../support/table';
import type { BlockSelector } from './block-selector';
import { BlockIssue } from './bucket-tool-options';
import type * as options from './bucket-tool-options';
import * as tables from './bucket-tool-tables';
import type { Arg, Option } from './option';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REPLICATION, type ReplicationOptions } from './replication';

/** A tool as it is run. */
export interface ToolPlan {
  /** Last word of the command. */
  readonly word: string;
  readonly args: readonly Arg[];
  readonly disk?: tables.ToolTable<unknown>['disk'];
  /** The blocks that it works on, as the prop says. */
  readonly blocks?: BlockSelector;
  /** The second bucket. */
  readonly destination?: ObjstoreConfig;
}

/** A tool of `thanos tools bucket` that works on the bucket once (https://thanos.io/tip/components/tools.md/). */
export class BucketTool {
  /** Lists the blocks. */
  public static ls(options: options.BucketLsOptions = {}): BucketTool {
    return new BucketTool(() => planOf(tables.LS, options));
  }

  /** Shows all blocks in a table. */
  public static inspect(options: options.BucketInspectOptions = {}): BucketTool {
    return new BucketTool(() => planOf(tables.INSPECT, options));
  }

  /** Looks for faults in the blocks. It fetches each of them to the pod's disk, one at a time. */
  public static verify(options: options.BucketVerifyOptions = {}): BucketTool {
    return new BucketTool(() => {
      const plan = planOf(tables.VERIFY, options);
      requireIndexAlone(options);
      return plan;
    });
  }

  /**
   * Deletes blocks that were marked for deletion long enough ago, and what was left of uploads that broke off: what a
   * compactor does after each pass, and may do at the same time. A `deleteDelay` takes `unsafeChangesBlocks`.
   */
  public static cleanup(options: options.BucketCleanupOptions = {}): BucketTool {
    return new BucketTool(() => planOf(tables.CLEANUP, options));
  }

  /**
   * Marks blocks for deletion that are older than is kept. No compactor may run on the bucket at the same time. Takes
   * `unsafeChangesBlocks`.
   */
  public static retention(options: options.BucketRetentionOptions): BucketTool {
    return new BucketTool(() => planOf(tables.RETENTION_TOOL, options));
  }

  /**
   * Makes samples of 5 minutes and 1 hour, as a compactor does. Thanos goes on until it is stopped: the Job needs a
   * `deadline`, after which Kubernetes counts it as failed.
   */
  public static downsample(options: options.BucketDownsampleOptions = {}): BucketTool {
    return new BucketTool(() => planOf(tables.DOWNSAMPLE, options));
  }

  /** Copies blocks to a second bucket, with its own CA and keys, once. As they appear: BucketReplicate. */
  public static replicate(options: ReplicationOptions): BucketTool {
    return new BucketTool(() => {
      const plan = planOf({ word: 'replicate', options: REPLICATION }, options);
      return { ...plan, args: [...plan.args, ['--single-run']], destination: options.destination };
    });
  }

  /** Puts a mark beside blocks. Takes `unsafeChangesBlocks`. */
  public static mark(options: options.BucketMarkOptions): BucketTool {
    return new BucketTool(() => planOf(tables.MARK, options));
  }

  /** Takes a mark away from blocks. Takes `unsafeChangesBlocks`. */
  public static unmark(options: options.BucketUnmarkOptions): BucketTool {
    return new BucketTool(() => {
      const plan = planOf(tables.UNMARK, options);
      return { ...plan, args: [...plan.args, ['--remove']] };
    });
  }

  /**
   * Makes new blocks of old ones, without some series or with other labels. `dryRun: false` takes `unsafeChangesBlocks`:
   * once the old blocks are deleted, nothing brings them back.
   */
  public static rewrite(options: options.BucketRewriteOptions): BucketTool {
    return new BucketTool(() => {
      const plan = planOf(tables.REWRITE, options);
      requireChanges(options);
      return plan;
    });
  }

  readonly #plan: () => ToolPlan;

  private constructor(plan: () => ToolPlan) {
    this.#plan = plan;
  }

  /**
   * What is run.
   * @internal
   */
  public _plan(): ToolPlan {
    return this.#plan();
  }
}

/** How it is read. */
export const BUCKET_TOOL = required((value: unknown): BucketTool => {
  const tool = having<BucketTool>({ _plan: 'function' }, 'a BucketTool; write BucketTool.ls()')(value);
  tool._plan();
  return tool;
}, 'Say which, such as BucketTool.ls()');

function planOf<P>({ word, options, disk }: tables.ToolTable<P>, given: P): ToolPlan {
  const rows = Object.entries(options as Record<string, Option<Row<unknown>, any, any>>);
  const table = Object.fromEntries(rows.map(([name, { read }]) => [name, read])) as StructTable<P>;
  const read = readStruct(table, given) as Record<string, unknown>;
  const { blocks } = read as { blocks?: BlockSelector };
  return { word, disk, blocks, args: rows.flatMap(([name, { args }]) => args?.(read[name], undefined as never) ?? []) };
}

/** What Thanos refuses, or what would change nothing. */
function requireChanges({
  deletions = [],
  relabel = [],
  deleteBlocks,
  dryRun = true,
}: options.BucketRewriteOptions): void {
  if (deletions.length + relabel.length === 0)
    throw new InputProblem('deletions: is empty, and so is relabel: there is nothing to rewrite. Give one of the two');
  if (deleteBlocks && dryRun)
    throw new InputProblem('deleteBlocks: has no effect in a dry run. Set dryRun: false, or drop it');
}

/** The other faults are those of several blocks, and Thanos ends where it is told ids. Its own choice has one of them. */
function requireIndexAlone({ ids, issues }: options.BucketVerifyOptions): void {
  if (ids === undefined || (issues?.length === 1 && issues[0] === BlockIssue.INDEX_KNOWN_ISSUES)) return;
  throw new InputProblem(
    'ids: go with issues: [BlockIssue.INDEX_KNOWN_ISSUES] alone, or Thanos ends. Say so, or drop them',
  );
}
