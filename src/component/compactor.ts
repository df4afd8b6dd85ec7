import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { argLiteral } from '../support/escape';
import { found, InputProblem } from '../support/problem';
import { duration, durationOrZero, oneOf, size, struct, wholeNumber, yesOrNo } from '../support/rows';
import { later } from '../support/table';
import { goDuration, prometheusDuration, thanosSize } from '../support/units';
import { BlockDiscovery, HashFunc } from './block-discovery';
import type { BlockSelection } from '../app/block-selection';
import { BLOCK_ID, BLOCK_SELECTOR, type BlockSelector, relabelConfig } from './block-selector';
import { BLOCK_PAGE_ROW, blockPageArgs, type BlockPageOptions } from './block-page';
import { BLOCK_TIME, type BlockTime } from './block-time';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import {
  COMPACTION_SCHEDULE,
  type CompactionScheduleOptions,
  requireScheduled,
  scheduledExtras,
} from './compaction-schedule';
import { RECEIVE_REPLICA, RULE_REPLICA } from './external-labels';
import { type Kind, ofKind } from './kind';
import { flag, written } from './option';
import { judgeCompaction } from './compaction';
import { VERTICAL_COMPACTION, verticalCompactionArgs, type VerticalCompactionOptions } from './vertical-compaction';
import { RETENTION, type RetentionOptions } from './retention';
import type { HttpPartOptions } from './tls/http-config';

/** What a Compactor can be told. There is no `replicas`: two compactors corrupt a bucket. */
export interface CompactorOptions extends ComponentOptions, HttpPartOptions {
  /**
   * Work at these times, and end: a CronJob, whose volume comes and goes with each pass (generic ephemeral). Delete the
   * StatefulSet of a compactor that stayed before, or two work on the bucket.
   * @default - it stays, and works every `waitInterval` (`--wait`)
   */
  readonly schedule?: CompactionScheduleOptions;
  /**
   * How long blocks are kept.
   * @default - for ever
   */
  readonly retention?: RetentionOptions;
  /**
   * Make samples of 5 minutes and 1 hour.
   * @default true
   */
  readonly downsampling?: boolean;
  /**
   * How long a deleted block stays in the bucket (`--delete-delay`). The store gateways ignore it after half of that.
   * @default - Thanos' own, 48 hours
   */
  readonly deleteDelay?: Duration;
  /**
   * Age at which a block is looked at (`--consistency-delay`).
   * @default - Thanos' own, 30 minutes
   */
  readonly consistencyDelay?: Duration;
  /**
   * Groups of blocks that are compacted at once.
   * @default - Thanos' own, 1
   */
  readonly concurrency?: number;
  /**
   * Blocks that are downsampled at once.
   * @default - Thanos' own, 1
   */
  readonly downsampleConcurrency?: number;
  /**
   * Blocks that are fetched at once for one group (`--compact.blocks-fetch-concurrency`).
   * @default - Thanos' own, 1
   */
  readonly blocksFetchConcurrency?: number;
  /**
   * Files of a block that are fetched or sent at once (`--block-files-concurrency`).
   * @default - Thanos' own, 1
   */
  readonly blockFilesConcurrency?: number;
  /**
   * Descriptions of blocks that are fetched at once (`--block-meta-fetch-concurrency`).
   * @default - Thanos' own, 32
   */
  readonly metaFetchConcurrency?: number;
  /**
   * How blocks are found.
   * @default - Thanos' own, BlockDiscovery.CONCURRENT
   */
  readonly blockDiscovery?: BlockDiscovery;
  /**
   * Merge blocks that overlap in time, which makes one of the blocks of replicas.
   * @default - none: an overlap halts the compactor
   */
  readonly verticalCompaction?: VerticalCompactionOptions;
  /**
   * Time between two passes (`--wait-interval`).
   * @default - Thanos' own, 5 minutes
   */
  readonly waitInterval?: Duration;
  /**
   * How often unfinished uploads and marked blocks are deleted while a pass lasts; 0: at its end alone.
   * @default - Thanos' own, 5 minutes
   */
  readonly cleanupInterval?: Duration;
  /**
   * How often the progress is counted for the metrics and the page; 0: never.
   * @default - Thanos' own, 5 minutes
   */
  readonly progressInterval?: Duration;
  /**
   * Which blocks it works on, where several compactors share a bucket. Each of them needs a shard, and blocks that no other
   * has; blocks that are alike in their external labels, but for those of replicas, must stay together.
   * @default - all
   */
  readonly blocks?: BlockSelector;
  /**
   * Blocks that end before this time are left alone (`--min-time`).
   * @default - all
   */
  readonly minTime?: BlockTime;
  /**
   * Blocks that begin after this time are left alone (`--max-time`).
   * @default - all
   */
  readonly maxTime?: BlockTime;
  /**
   * Hash of the files of the blocks that it makes. A file whose hash is known is not fetched again.
   * @default - none
   */
  readonly hashFunc?: HashFunc;
  /**
   * Leave blocks whose chunks are out of order alone, and go on (`--compact.skip-block-with-out-of-order-chunks`).
   * @default false
   */
  readonly skipOutOfOrderChunks?: boolean;
  /**
   * Blocks are not merged to an index above this size (`--compact.block-max-index-size`).
   * @default - Thanos' own, 64 GiB
   */
  readonly maxIndexSize?: Size;
  /**
   * How far blocks are merged: 1 to 2 hours, 2 to 8 hours, 3 to 2 days, 4 to 14 days (`--debug.max-compaction-level`).
   * @default - Thanos' own, 4
   */
  readonly maxLevel?: number;
  /**
   * Stand still on damaged data, for somebody to look at it, instead of ending and starting again (`--debug.halt-on-error`).
   * @default - Thanos' own, true
   */
  readonly haltOnError?: boolean;
  /**
   * The page of blocks and progress.
   * @default - there is one
   */
  readonly page?: BlockPageOptions;
  /**
   * Passed to Thanos (`--web.route-prefix`), whose compactor does not heed it: page and API stay at the root (thanos#6255).
   * @default - none
   */
  readonly routePrefix?: string;
  /**
   * The volume: scratch space for the largest group of blocks.
   * @default - 100 GiB
   */
  readonly storage?: StorageOptions;
}

/** Properties of a Compactor. */
export interface CompactorProps extends CompactorOptions, ComponentPlacementProps, RequiredBucketProps {}

const keep = (time: Duration): string => prometheusDuration(time, true);

const VOLUME = Size.gibibytes(100);

const KIND: Kind<CompactorProps> = {
  component: 'compactor',
  command: ['compact'],
  ports: ['http'],
  workload: 'StatefulSet',
  replicas: 1,
  volume: VOLUME,
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  without: {
    replicas:
      ': it runs alone, since two would corrupt the bucket. Divide the blocks by shards of the compactor of a stack',
  },
  options: {
    schedule: {
      read: later(() => COMPACTION_SCHEDULE),
      args: (schedule, { props }) => {
        if (schedule) requireScheduled(props);
        return written('--wait', schedule === undefined);
      },
    },
    storage: { read: struct(STORAGE), args: (_, { identity }) => [['--data-dir', identity.dataPath]] },
    retention: {
      read: struct(RETENTION),
      args: ({ raw, fiveMinutes, oneHour } = {}) => [
        ...written('--retention.resolution-raw', raw && keep(raw)),
        ...written('--retention.resolution-5m', fiveMinutes && keep(fiveMinutes)),
        ...written('--retention.resolution-1h', oneHour && keep(oneHour)),
      ],
    },
    downsampling: flag('--downsampling.disable', yesOrNo, (wanted) => !wanted),
    deleteDelay: flag('--delete-delay', durationOrZero, keep),
    consistencyDelay: flag('--consistency-delay', durationOrZero, (delay) => goDuration(delay, true)),
    concurrency: flag('--compact.concurrency', wholeNumber(1), (groups) => groups),
    downsampleConcurrency: flag('--downsample.concurrency', wholeNumber(1), (blocks) => blocks),
    blocksFetchConcurrency: flag('--compact.blocks-fetch-concurrency', wholeNumber(1), (blocks) => blocks),
    blockFilesConcurrency: flag('--block-files-concurrency', wholeNumber(1), (files) => files),
    metaFetchConcurrency: flag('--block-meta-fetch-concurrency', wholeNumber(1), (blocks) => blocks),
    blockDiscovery: flag('--block-discovery-strategy', oneOf(BlockDiscovery, 'BlockDiscovery'), (strategy) => strategy),
    verticalCompaction: { read: VERTICAL_COMPACTION, args: verticalCompactionArgs },
    waitInterval: flag('--wait-interval', duration, goDuration),
    cleanupInterval: flag('--compact.cleanup-interval', durationOrZero, (time) => goDuration(time, true)),
    progressInterval: flag('--compact.progress-interval', durationOrZero, (time) => goDuration(time, true)),
    blocks: {
      read: BLOCK_SELECTOR,
      args: (blocks, { props }) => {
        if (blocks) requireWholeStreams(blocks._selection(), props.verticalCompaction);
        return written('--selector.relabel-config', blocks && relabelConfig(blocks));
      },
    },
    minTime: flag('--min-time', BLOCK_TIME, (time) => time._text()),
    maxTime: flag('--max-time', BLOCK_TIME, (time) => time._text()),
    hashFunc: flag('--hash-func', oneOf(HashFunc, 'HashFunc'), (hash) => hash),
    skipOutOfOrderChunks: flag('--compact.skip-block-with-out-of-order-chunks', yesOrNo, (wanted) => wanted),
    maxIndexSize: flag('--compact.block-max-index-size', size, thanosSize),
    maxLevel: flag('--debug.max-compaction-level', wholeNumber(1, 4), (level) => level),
    haltOnError: flag('--no-debug.halt-on-error', yesOrNo, (wanted) => !wanted),
    page: { read: BLOCK_PAGE_ROW, args: blockPageArgs },
    routePrefix: flag('--web.route-prefix', routePrefix, argLiteral),
  },
  plan: (context) => (context.props.schedule ? scheduledExtras(context, VOLUME, context.props.schedule) : {}),
  judge: judgeCompaction,
};

/**
 * Thanos Compact: merges, downsamples and deletes blocks, as the only one on its bucket
 * (https://thanos.io/tip/components/compact.md/).
 *
 * @throws where a retention is under Thanos' minimum
 */
export class Compactor extends BucketComponent {
  constructor(scope: Construct, id: string, props: CompactorProps) {
    super(scope, id, ofKind(KIND, props));
  }
}

function routePrefix(path: unknown): string {
  if (typeof path === 'string' && /^\/[^\s?#]+$/.test(path)) return path;
  throw new InputProblem(`${found(path)} is not a path; write "/compactor"`);
}

/** Blocks that would be merged must have the same compactor. */
function requireWholeStreams(selection: BlockSelection, vertical: VerticalCompactionOptions = {}): void {
  const labels = selection.by === 'hash' ? selection.labels : [selection.label];
  if (labels.includes(BLOCK_ID))
    throw new InputProblem(
      'labels: is missing: by their ids blocks of one stream would have several compactors. Name external labels',
    );
  const replica = labels.find((label) => vertical.replicaLabels?.includes(label));
  if (replica !== undefined)
    throw new InputProblem(
      `${found(replica)} is one of verticalCompaction.replicaLabels, so that replicas would have several compactors. Take another label`,
    );
  const own = labels.find((label) => label === RECEIVE_REPLICA || label === RULE_REPLICA);
  if (own !== undefined)
    throw new InputProblem(
      `${found(own)} tells replicas apart, which would have several compactors, and none could ever merge them. Take a label of streams, such as "cluster" or "tenant_id"`,
    );
}
