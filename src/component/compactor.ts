import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { durationOrZero, struct, wholeNumber, yesOrNo } from '../support/rows';
import { goDuration, prometheusDuration } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import { type Kind, ofKind } from './kind';
import { flag, written } from './option';
import { judgeCompaction } from './compaction';
import { RETENTION, type RetentionOptions } from './retention';

/** What a Compactor can be told. There is no `replicas`: two compactors corrupt a bucket. */
export interface CompactorOptions extends ComponentOptions {
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
   * The volume: scratch space for the largest group of blocks.
   * @default - 100 GiB
   */
  readonly storage?: StorageOptions;
}

/** Properties of a Compactor. */
export interface CompactorProps extends CompactorOptions, ComponentPlacementProps, RequiredBucketProps {}

const keep = (time: Duration): string => prometheusDuration(time, true);

const KIND: Kind<CompactorProps> = {
  component: 'compactor',
  command: ['compact'],
  args: ['--wait'],
  ports: ['http'],
  workload: 'StatefulSet',
  replicas: 1,
  volume: Size.gibibytes(100),
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  options: {
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
  },
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
