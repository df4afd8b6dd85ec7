import type { Size } from 'cdk8s';
import { type KubePersistentVolumeClaimProps, Quantity } from '../support/k8s';
import type { Identity } from '../support/identity';
import { objectName } from '../support/names';
import { labelMap, oneOf, size } from '../support/rows';
import type { StructTable } from '../support/table';
import { quantity } from '../support/units';

/** What happens to the volumes. */
export enum VolumeRetention {
  /** They stay, with the data. */
  RETAIN = 'Retain',
  /** They are deleted, with the data. */
  DELETE = 'Delete',
}

/** The volume `data` of each pod. Kubernetes lets none of this change later. */
export interface StorageOptions {
  /**
   * Size of each volume.
   * @default - receiver 50 GiB, compactor 100 GiB, store 20 GiB, ruler 10 GiB
   */
  readonly size?: Size;
  /**
   * Storage class.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
  /**
   * When the StatefulSet is deleted.
   * @default VolumeRetention.RETAIN
   */
  readonly whenDeleted?: VolumeRetention;
  /**
   * When the StatefulSet is scaled down.
   * @default VolumeRetention.RETAIN
   */
  readonly whenScaled?: VolumeRetention;
  /**
   * Labels of the claims.
   * @default - the selector's
   */
  readonly labels?: { [key: string]: string };
}

/** How the volume is read. */
export const STORAGE: StructTable<StorageOptions> = {
  size,
  storageClassName: storageClass,
  whenDeleted: oneOf(VolumeRetention, 'VolumeRetention'),
  whenScaled: oneOf(VolumeRetention, 'VolumeRetention'),
  labels: labelMap,
};

/**
 * The volume of a StatefulSet's pods as its claim template.
 * @internal
 */
export interface ClaimPlan {
  readonly claim: KubePersistentVolumeClaimProps;
  readonly retention: { readonly whenDeleted: string; readonly whenScaled: string };
}

/**
 * The claim, kept when pods or the StatefulSet go unless told otherwise.
 * @internal
 */
export function dataClaim(options: StorageOptions, defaultSize: Size, identity: Identity): ClaimPlan {
  return {
    claim: {
      metadata: { name: identity.claim, labels: { ...options.labels, ...identity.selector } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: options.storageClassName,
        resources: { requests: { storage: Quantity.fromString(quantity(options.size ?? defaultSize)) } },
      },
    },
    retention: {
      whenDeleted: options.whenDeleted ?? VolumeRetention.RETAIN,
      whenScaled: options.whenScaled ?? VolumeRetention.RETAIN,
    },
  };
}

/** The empty name means volumes without a class, made by hand. */
function storageClass(name: unknown): string {
  return name === '' ? '' : objectName(name as string);
}
