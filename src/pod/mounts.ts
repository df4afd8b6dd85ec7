import { listOf, struct, text, yesOrNo } from '../support/rows';
import { required, type Row } from '../support/table';

/** A mount of the Thanos container. */
export interface VolumeMountOptions {
  /** Name of the volume. */
  readonly name: string;
  /** Where it appears. */
  readonly mountPath: string;
  /**
   * File or folder of the volume. Such a mount never sees an update.
   * @default - the volume's root
   */
  readonly subPath?: string;
  /**
   * Refuse writes.
   * @default false
   */
  readonly readOnly?: boolean;
}

/** How the users' mounts of the main container are read. */
export const VOLUME_MOUNTS: Row<VolumeMountOptions[]> = listOf(
  struct<VolumeMountOptions>({
    name: required(text, 'Give the name of the volume'),
    mountPath: required(text, 'Give where it appears'),
    subPath: text,
    readOnly: yesOrNo,
  }),
);
