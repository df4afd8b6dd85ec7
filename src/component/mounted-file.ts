import { checksum } from '../support/checksum';
import type { Extras } from './kind';
import type { SecretFileOptions } from './secret-file';

/** Files that hold passwords are for the pod's group alone. */
export const SECRET_MODE = 0o440;

/** A file of a component: the name of its volume and folder, and its key where none is given. */
export interface MountedFile {
  readonly name: string;
  readonly key: string;
}

/** Path of the file in the container. */
export function secretFilePath({ name, key }: MountedFile, file: SecretFileOptions): string {
  return `/etc/thanos/${name}/${file.key ?? key}`;
}

/** What brings the file into the pods. */
export function secretFileExtras({ name, key: own }: MountedFile, file: SecretFileOptions | undefined): Extras {
  if (file === undefined) return {};
  const { secretName, key = own, revision } = file;
  return {
    volumes: [{ name, secret: { secretName, defaultMode: SECRET_MODE, items: [{ key, path: key }] } }],
    mounts: [{ name, mountPath: `/etc/thanos/${name}`, readOnly: true }],
    annotations: revision === undefined ? {} : { [`checksum/${name}`]: checksum({ revision }) },
  };
}
