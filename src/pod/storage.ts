import { type KubePersistentVolumeClaimProps, Quantity } from '../support/k8s';
import { Size } from 'cdk8s';
import { knownFields } from '../support/shape';
import { oneOf } from '../support/values';
import { quantity } from '../support/units';
import { type StorageOptions, VolumeRetention } from './pod-options';

/** Where every component keeps its data; the flags are derived from it. */
export const DATA_DIRECTORY = '/var/thanos/data';
export const DATA_VOLUME = 'data';

const FIELDS = ['size', 'storageClassName', 'whenDeleted', 'whenScaled', 'labels'];

/** The volume of a StatefulSet's pods as its claim template. */
export interface ClaimPlan {
  readonly claim: KubePersistentVolumeClaimProps;
  readonly retention: { readonly whenDeleted: string; readonly whenScaled: string };
}

/** The claim `data`, kept when pods or the StatefulSet go unless told otherwise. */
export function dataClaim(options: StorageOptions, defaultSize: Size, selector: Record<string, string>): ClaimPlan {
  knownFields(options, FIELDS);
  oneOf(options.whenDeleted, VolumeRetention);
  oneOf(options.whenScaled, VolumeRetention);
  return {
    claim: {
      metadata: { name: DATA_VOLUME, labels: { ...options.labels, ...selector } },
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
