import type { ObjstoreConfig } from '../objstore/objstore-config';
import { OBJSTORE, REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';

/** Properties of a component that can't run without the bucket. */
export interface RequiredBucketProps {
  /** The bucket. Its pods get the objstore config, the CA and the keys. */
  readonly objstore: ObjstoreConfig;

  /**
   * Prove the bucket in an init container before each start. A pod then does not start while the store is away: receivers
   * would take no writes in that time.
   * @default false
   */
  readonly preflightInit?: boolean;
}

/** Properties of a component that may run without the bucket. */
export interface OptionalBucketProps {
  /**
   * The bucket. With it the pods get the objstore config, the CA and the keys.
   * @default - none: blocks stay on the pods' volumes, and the pods get neither config nor CA nor keys
   */
  readonly objstore?: ObjstoreConfig;

  /**
   * Prove the bucket in an init container before each start. A pod then does not start while the store is away: receivers
   * would take no writes in that time.
   * @default false
   */
  readonly preflightInit?: boolean;
}

/** How they are read. */
export const OPTIONAL_BUCKET: StructTable<OptionalBucketProps> = { objstore: OBJSTORE, preflightInit: yesOrNo };
export const REQUIRED_BUCKET: StructTable<RequiredBucketProps> = {
  objstore: REQUIRED_OBJSTORE,
  preflightInit: yesOrNo,
};
