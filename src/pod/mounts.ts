import { dnsLabel } from '../support/names';
import { InputProblem, found } from '../support/problem';
import { listOf, struct, yesOrNo } from '../support/rows';
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
    name: required(dnsLabel, 'Give the name of the volume'),
    mountPath: required(mountPath, 'Give where it appears'),
    subPath,
    readOnly: yesOrNo,
  }),
);

/** Absolute, and what the API server takes. */
function mountPath(path: unknown): string {
  if (typeof path === 'string' && path.startsWith('/') && !path.includes(':')) return path;
  throw new InputProblem(`${found(path)} is not a path in the container: it starts with "/" and has no ":"`);
}

function subPath(path: unknown): string {
  if (typeof path === 'string' && path !== '' && !path.startsWith('/') && !path.split('/').includes('..')) return path;
  throw new InputProblem(`${found(path)} is not a path in the volume: it does not start with "/" and has no ".."`);
}
