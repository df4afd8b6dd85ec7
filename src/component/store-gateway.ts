import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { argLiteral } from '../support/escape';
import { Quantity } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { duration, durationOrZero, having, int32, size, struct, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { goDuration, prometheusDuration, quantity, thanosSize } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import type { IndexCache } from './index-cache';
import { type Kind, ofKind } from './kind';
import { flag, noFlag } from './option';
import type { IStoreApi } from './store-api';

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

const STORE_STORAGE: StructTable<StoreStorageOptions> = { ...STORAGE, ephemeral: yesOrNo };

const KIND: Kind<StoreGatewayProps> = {
  component: 'store',
  command: ['store'],
  ports: ['http', 'grpc'],
  workload: 'StatefulSet',
  replicas: 2,
  volume: Size.gibibytes(20),
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 8,
  graceSeconds: 120,
  options: {
    replicas: noFlag(int32(0)),
    storage: {
      read: struct(STORE_STORAGE, requireNoClaim),
      args: (_, { identity }) => [['--data-dir', identity.dataPath]],
    },
    indexCache: flag('--index-cache.config', having<IndexCache>({ _yaml: 'function' }, 'an IndexCache'), (cache) =>
      argLiteral(cache._yaml()),
    ),
    chunkPoolSize: flag('--chunk-pool-size', size, thanosSize),
    syncInterval: flag('--sync-block-duration', duration, goDuration),
    ignoreDeletionMarksDelay: flag('--ignore-deletion-marks-delay', durationOrZero, (delay) =>
      prometheusDuration(delay, true),
    ),
  },
  plan: ({ props: { storage }, identity }) => {
    if (!storage?.ephemeral) return {};
    const sizeLimit = storage.size && quantity(storage.size);
    const emptyDir = sizeLimit ? { sizeLimit: Quantity.fromString(sizeLimit) } : {};
    return { ephemeral: true, volumes: [{ name: identity.claim, emptyDir }] };
  },
};

/** Thanos Store: serves the blocks of the bucket to Query (https://thanos.io/tip/components/store.md/). */
export class StoreGateway extends BucketComponent implements IStoreApi {
  /** Undefined: the pods serve the same blocks, under the labels of their writers. */
  public readonly replicaLabel?: string;

  constructor(scope: Construct, id: string, props: StoreGatewayProps) {
    super(scope, id, ofKind(KIND, props));
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }
}

function requireNoClaim(storage: StoreStorageOptions): void {
  if (!storage.ephemeral) return;
  const claimed = (['storageClassName', 'whenDeleted', 'whenScaled', 'labels'] as const).find(
    (field) => storage[field] !== undefined,
  );
  if (claimed) throw new InputProblem(`${claimed} has no effect with ephemeral; drop one of the two`);
}
