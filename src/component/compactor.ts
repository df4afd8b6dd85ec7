import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { checked, InputProblem } from '../support/problem';
import { knownFields } from '../support/shape';
import { goDuration, milliseconds, prometheusDuration } from '../support/units';
import { wholeNumber, yesOrNo } from '../support/values';
import { BucketComponent, type RequiredBucketProps, requireObjstore } from './bucket-component';
import { commonFlags } from './common-flags';
import type { Flags } from './flags';
import { HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { DATA_DIRECTORY, DATA_VOLUME, dataClaim, type StorageOptions } from '../pod/storage';
import type { ComponentKind } from './workload-plan';

/** How long blocks are kept, by resolution. `Duration.days(0)` keeps them for ever. */
export interface RetentionOptions {
  /**
   * Raw samples. At least 40 hours, or downsampling would never see them.
   * @default Duration.days(0)
   */
  readonly raw?: Duration;
  /**
   * Samples of 5 minutes. At least 10 days, or downsampling would never see them.
   * @default Duration.days(0)
   */
  readonly fiveMinutes?: Duration;
  /**
   * Samples of 1 hour.
   * @default Duration.days(0)
   */
  readonly oneHour?: Duration;
}

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

const FIELDS = [
  'retention',
  'downsampling',
  'deleteDelay',
  'consistencyDelay',
  'concurrency',
  'downsampleConcurrency',
  'storage',
  'objstore',
  'preflightInit',
];
const HOUR_MS = 3600 * 1000;

/**
 * Thanos Compact: merges, downsamples and deletes blocks, as the only one on its bucket
 * (https://thanos.io/tip/components/compact.md/).
 *
 * @throws where a retention is under Thanos' minimum
 */
export class Compactor extends BucketComponent {
  constructor(scope: Construct, id: string, props: CompactorProps) {
    super(scope, id, props);
    const objstore = requireObjstore(this, props);
    const flags = this.#flags(props);
    this._place({
      replicas: 1,
      ports: { http: HTTP_PORT },
      pod: {
        args: flags.toArgs(),
        mounts: [{ name: DATA_VOLUME, mountPath: DATA_DIRECTORY }],
        requests: { cpu: '25m', memory: Size.mebibytes(128) },
        patience: 4,
        graceSeconds: 120,
      },
      stateful: {
        claim: checked(this, 'storage', () => dataClaim(props.storage ?? {}, Size.gibibytes(100), this.selector)),
      },
    });
    const shard = flags.value('--selector.relabel-config') ?? flags.value('--selector.relabel-config-file');
    this._registry.compactors.push({ bucket: objstore.bucketId, construct: this, shard });
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'compactor', fields: FIELDS };
  }

  #flags(props: CompactorProps): Flags {
    const { retention = {}, downsampling = true } = props;
    checked(this, 'downsampling', () => yesOrNo(props.downsampling));
    checked(this, 'concurrency', () => wholeNumber(props.concurrency, 1));
    checked(this, 'downsampleConcurrency', () => wholeNumber(props.downsampleConcurrency, 1));
    checked(this, 'retention', () => checkRetention(retention, downsampling));
    const keep = (d?: Duration): string | undefined =>
      checked(this, 'retention', () => d && prometheusDuration(d, true));
    const flags = commonFlags(['compact'], props)
      .on('--wait', true)
      .set('--data-dir', DATA_DIRECTORY)
      .set('--retention.resolution-raw', keep(retention.raw))
      .set('--retention.resolution-5m', keep(retention.fiveMinutes))
      .set('--retention.resolution-1h', keep(retention.oneHour))
      .on('--downsampling.disable', !downsampling)
      .set(
        '--delete-delay',
        checked(this, 'deleteDelay', () => props.deleteDelay && prometheusDuration(props.deleteDelay, true)),
      )
      .set(
        '--consistency-delay',
        checked(this, 'consistencyDelay', () => props.consistencyDelay && goDuration(props.consistencyDelay, true)),
      )
      .set('--compact.concurrency', props.concurrency)
      .set('--downsample.concurrency', props.downsampleConcurrency);
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? []));
  }
}

/** Thanos' own rules (cmd/thanos/compact.go): a resolution must live until the next one was made of it. */
function checkRetention(retention: RetentionOptions, downsampling: boolean): void {
  knownFields(retention, ['raw', 'fiveMinutes', 'oneHour']);
  const least = (name: 'raw' | 'fiveMinutes', hours: number, text: string): void => {
    const given = retention[name];
    const ms = given === undefined ? 0 : milliseconds(given, true);
    if (ms === 0 || !downsampling || ms >= hours * HOUR_MS) return;
    throw new InputProblem(
      `${name} is ${prometheusDuration(given!)}; it must be ${text} or more, or 0 to keep everything: before that nothing is downsampled from it`,
    );
  };
  least('raw', 40, '40 hours');
  least('fiveMinutes', 240, '10 days');
  if (retention.oneHour) milliseconds(retention.oneHour, true);
}
