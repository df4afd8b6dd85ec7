import { argLiteral, goQuoted } from '../support/escape';
import { InputProblem } from '../support/problem';
import {
  duration,
  durationOrZero,
  jsonList,
  listOf,
  mapOf,
  oneOf,
  struct,
  text,
  wholeNumber,
  yesOrNo,
} from '../support/rows';
import { required } from '../support/table';
import { goDuration, prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { BLOCK_DELETIONS, deletionRequests } from './block-deletion';
import { HashFunc } from './block-discovery';
import { blockIds } from './block-id';
import { BLOCK_SELECTOR, relabelConfig } from './block-selector';
import { BLOCK_TIME } from './block-time';
import * as tool from './bucket-tool-options';
import { labelName } from './external-labels';
import { flag, type OptionTable, toggle, written } from './option';
import { RETENTION, type RetentionOptions } from './retention';

/** A tool of `thanos tools bucket`: its options, in the order of the flags, and where it needs room. */
export interface ToolTable<P> {
  /** Last word of the command. */
  readonly word: string;
  readonly options: OptionTable<P>;
  /** It fetches blocks: the flag of its folder, or the variable that names it. */
  readonly disk?: { readonly flag: string } | { readonly variable: string };
}

const blocks = flag('--selector.relabel-config', BLOCK_SELECTOR, relabelConfig);
const timeout = flag('--timeout', duration, goDuration);
const ids = flag('--id', blockIds, (list) => list);
const hashFunc = flag('--hash-func', oneOf(HashFunc, 'HashFunc'), (hash) => hash);
const REQUIRED_IDS = { ...ids, read: required(blockIds, 'Name the blocks') };
const keep = (time: RetentionOptions['raw']): string | undefined => time && prometheusDuration(time, true);

export const LS: ToolTable<tool.BucketLsOptions> = {
  word: 'ls',
  options: {
    output: flag('--output', text, argLiteral),
    excludeMarked: flag('--exclude-delete', yesOrNo, (wanted) => wanted),
    blocks,
    minTime: flag('--min-time', BLOCK_TIME, (time) => time._text()),
    maxTime: flag('--max-time', BLOCK_TIME, (time) => time._text()),
    timeout,
  },
};

export const INSPECT: ToolTable<tool.BucketInspectOptions> = {
  word: 'inspect',
  options: {
    labels: flag('--selector', mapOf(text, labelName), (labels) =>
      Object.entries(labels).map(([name, value]) => argLiteral(`${name}=${goQuoted(value)}`)),
    ),
    sortBy: flag('--sort-by', listOf(oneOf(tool.InspectColumn, 'InspectColumn')), (columns) => columns),
    output: flag('--output', oneOf(tool.InspectOutput, 'InspectOutput'), (output) => output),
    timeout,
  },
};

export const VERIFY: ToolTable<tool.BucketVerifyOptions> = {
  word: 'verify',
  options: { issues: flag('--issues', listOf(oneOf(tool.BlockIssue, 'BlockIssue')), (issues) => issues), ids },
  disk: { variable: 'TMPDIR' },
};

const SWEEP: OptionTable<tool.BucketCleanupOptions> = {
  deleteDelay: flag('--delete-delay', durationOrZero, keep),
  consistencyDelay: flag('--consistency-delay', durationOrZero, (delay) => goDuration(delay, true)),
  blockSyncConcurrency: flag('--block-sync-concurrency', wholeNumber(1), (blocks) => blocks),
  blocks,
};

export const CLEANUP: ToolTable<tool.BucketCleanupOptions> = { word: 'cleanup', options: SWEEP };

export const RETENTION_TOOL: ToolTable<tool.BucketRetentionOptions> = {
  word: 'retention',
  options: {
    retention: {
      read: required(struct(RETENTION, requireAny), 'Say how long which resolution is kept'),
      args: ({ raw, fiveMinutes, oneHour } = {}) => [
        ...written('--retention.resolution-raw', keep(raw)),
        ...written('--retention.resolution-5m', keep(fiveMinutes)),
        ...written('--retention.resolution-1h', keep(oneHour)),
      ],
    },
    ...SWEEP,
  },
};

export const DOWNSAMPLE: ToolTable<tool.BucketDownsampleOptions> = {
  word: 'downsample',
  options: {
    waitInterval: flag('--wait-interval', duration, goDuration),
    concurrency: flag('--downsample.concurrency', wholeNumber(1), (blocks) => blocks),
    blockFilesConcurrency: flag('--block-files-concurrency', wholeNumber(1), (files) => files),
    hashFunc,
  },
  disk: { flag: '--data-dir' },
};

const MARKED: OptionTable<tool.BucketUnmarkOptions> = {
  ids: REQUIRED_IDS,
  marker: {
    read: required(oneOf(tool.BlockMarker, 'BlockMarker'), 'Name the mark'),
    args: (marker) => written('--marker', marker),
  },
};

export const MARK: ToolTable<tool.BucketMarkOptions> = {
  word: 'mark',
  options: {
    ...MARKED,
    details: {
      read: required(text, 'Say why, for whoever reads the mark'),
      args: (details) => written('--details', details && argLiteral(details)),
    },
  },
};

export const UNMARK: ToolTable<tool.BucketUnmarkOptions> = { word: 'mark', options: MARKED };

export const REWRITE: ToolTable<tool.BucketRewriteOptions> = {
  word: 'rewrite',
  options: {
    ids: REQUIRED_IDS,
    deletions: flag('--rewrite.to-delete-config', BLOCK_DELETIONS, (some) =>
      argLiteral(thanosYaml(deletionRequests(some))),
    ),
    relabel: flag('--rewrite.to-relabel-config', jsonList, (configs) => argLiteral(thanosYaml(configs))),
    dryRun: toggle('dry-run'),
    deleteBlocks: flag('--delete-blocks', yesOrNo, (wanted) => wanted),
    promBlocks: flag('--prom-blocks', yesOrNo, (wanted) => wanted),
    changeLog: toggle('rewrite.add-change-log'),
    hashFunc,
  },
  disk: { flag: '--tmp.dir' },
};

function requireAny(retention: RetentionOptions): void {
  if (Object.values(retention as Record<string, RetentionOptions['raw']>).some((time) => time!.toMilliseconds() > 0))
    return;
  throw new InputProblem(
    'keeps everything for ever, so that there is nothing to do. Say how long one resolution is kept',
  );
}
