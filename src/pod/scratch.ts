import type { Size } from 'cdk8s';
import { Quantity, type Volume } from '../support/k8s';
import { objectName } from '../support/names';
import { size } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { quantity } from '../support/units';

/** Room on a volume that comes and goes with the pod. */
export interface ScratchOptions {
  /** Size of the volume. */
  readonly size: Size;
  /**
   * Storage class.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
}

/** How it is read. */
export const SCRATCH: StructTable<ScratchOptions> = {
  size: required(size, 'Give a Size'),
  storageClassName: objectName,
};

/**
 * The volume: a claim of the pod's own, or the node's disk.
 * @internal
 */
export function scratchVolume(name: string, options?: ScratchOptions): Volume {
  if (options === undefined) return { name, emptyDir: {} };
  const spec = {
    accessModes: ['ReadWriteOnce'],
    storageClassName: options.storageClassName,
    resources: { requests: { storage: Quantity.fromString(quantity(options.size)) } },
  };
  return { name, ephemeral: { volumeClaimTemplate: { spec } } };
}
