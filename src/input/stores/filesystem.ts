import { objectName } from '../../support/names';
import { required } from '../../support/table';
import { STORE_OPTIONS, type StoreOptions } from './common';
import type { StoreKind } from './store-kind';

/** Where the volume of a filesystem store is mounted in a granted container. */
const BUCKET_DIRECTORY = '/var/thanos/bucket';

/** A folder of a volume as a bucket (https://thanos.io/tip/thanos/storage.md/#filesystem): for trials and single nodes. */
export interface FilesystemOptions extends StoreOptions {
  /** Name of a PersistentVolumeClaim that exists. Every granted pod mounts it: it takes ReadWriteMany, or a single node. */
  readonly claimName: string;
}

/** A volume. */
export const FILESYSTEM: StoreKind<FilesystemOptions> = {
  type: 'FILESYSTEM',
  fields: { ...STORE_OPTIONS, claimName: required(objectName, 'Give the name of a PersistentVolumeClaim') },
  config: () => ({ directory: BUCKET_DIRECTORY }),
  bucketId: ({ claimName }, namespace) => `volume:${claimName}.${namespace}`,
  keys: () => 'none',
  volume: ({ claimName }) => ({ claimName, mountPath: BUCKET_DIRECTORY }),
  warnings: ({ claimName }) => [
    {
      prop: 'claimName',
      text: `every pod that opens the bucket mounts the claim ${claimName}: it must be ReadWriteMany, or all of them on one node`,
    },
  ],
};
