import { type Duration, Size } from 'cdk8s';
import { Quantity } from '../support/k8s';
import type { Construct } from 'constructs';
import { argLiteral } from '../support/escape';
import { checked, InputProblem } from '../support/problem';
import { goDuration, prometheusDuration, quantity, thanosSize } from '../support/units';
import { BucketComponent, type RequiredBucketProps, requireObjstore } from './bucket-component';
import { commonFlags } from './common-flags';
import type { IndexCache } from './index-cache';
import { GRPC_PORT, HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { DATA_DIRECTORY, DATA_VOLUME, dataClaim, type StorageOptions } from '../pod/storage';
import type { IStoreApi } from './store-api';
import type { ComponentKind } from './workload-plan';

/** The volume of a store gateway: a cache of block headers that it can build again. */
export interface StoreStorageOptions extends StorageOptions {
  /**
   * An emptyDir instead of a claim: every restart starts cold.
   * @default false
   */
  readonly ephemeral?: boolean;
}

/** What a StoreGateway can be told. */
export interface StoreGatewayOptions extends ComponentOptions {
  /**
   * Pods; each serves all blocks.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Index cache.
   * @default - Thanos' own: in memory, 250 MiB
   */
  readonly indexCache?: IndexCache;
  /**
   * Memory for the chunks of running queries (`--chunk-pool-size`).
   * @default - Thanos' own, 2 GiB
   */
  readonly chunkPoolSize?: Size;
  /**
   * How often the bucket is looked at for new blocks.
   * @default - Thanos' own, 15 minutes
   */
  readonly syncInterval?: Duration;
  /**
   * Age from which a block that is marked for deletion is ignored; half of the compactor's deleteDelay.
   * @default - Thanos' own, 24 hours
   */
  readonly ignoreDeletionMarksDelay?: Duration;
  /**
   * The volume.
   * @default - 20 GiB each
   */
  readonly storage?: StoreStorageOptions;
}

/** Properties of a StoreGateway. */
export interface StoreGatewayProps extends StoreGatewayOptions, ComponentPlacementProps, RequiredBucketProps {}

const FIELDS = [
  'replicas',
  'indexCache',
  'chunkPoolSize',
  'syncInterval',
  'ignoreDeletionMarksDelay',
  'storage',
  'objstore',
  'preflightInit',
];

/** Thanos Store: serves the blocks of the bucket to Query (https://thanos.io/tip/components/store.md/). */
export class StoreGateway extends BucketComponent implements IStoreApi {
  /** Undefined: the pods serve the same blocks, under the labels of their writers. */
  public readonly replicaLabel?: string;

  constructor(scope: Construct, id: string, props: StoreGatewayProps) {
    super(scope, id, props);
    requireObjstore(this, props);
    const { ephemeral, ...storage } = props.storage ?? {};
    const claim = checked(this, 'storage', () => dataClaim(storage, Size.gibibytes(20), this.selector));
    this._place({
      replicas: props.replicas ?? 2,
      ports: { http: HTTP_PORT, grpc: GRPC_PORT },
      pod: {
        args: this.#args(props),
        volumes: ephemeral ? [checked(this, 'storage', () => emptyDir(storage))] : [],
        mounts: [{ name: DATA_VOLUME, mountPath: DATA_DIRECTORY }],
        requests: { cpu: '25m', memory: Size.mebibytes(128) },
        patience: 8,
        graceSeconds: 120,
      },
      stateful: { claim: ephemeral ? undefined : claim },
    });
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'store', fields: FIELDS };
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }

  #args(props: StoreGatewayProps): string[] {
    const cache = checked(this, 'indexCache', () => props.indexCache?._yaml());
    const flags = commonFlags(['store'], props)
      .set('--data-dir', DATA_DIRECTORY)
      .set('--index-cache.config', cache && argLiteral(cache))
      .set(
        '--chunk-pool-size',
        checked(this, 'chunkPoolSize', () => props.chunkPoolSize && thanosSize(props.chunkPoolSize)),
      )
      .set(
        '--sync-block-duration',
        checked(this, 'syncInterval', () => props.syncInterval && goDuration(props.syncInterval)),
      )
      .set(
        '--ignore-deletion-marks-delay',
        checked(
          this,
          'ignoreDeletionMarksDelay',
          () => props.ignoreDeletionMarksDelay && prometheusDuration(props.ignoreDeletionMarksDelay, true),
        ),
      );
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs();
  }
}

function emptyDir(storage: StorageOptions) {
  const claimed = (['storageClassName', 'whenDeleted', 'whenScaled', 'labels'] as const).find(
    (field) => storage[field] !== undefined,
  );
  if (claimed) throw new InputProblem(`${claimed} has no effect with ephemeral; drop one of the two`);
  const sizeLimit = storage.size && quantity(storage.size);
  return { name: DATA_VOLUME, emptyDir: sizeLimit ? { sizeLimit: Quantity.fromString(sizeLimit) } : {} };
}
