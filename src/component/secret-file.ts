import { dataKey, objectName } from '../support/names';
import { struct, text } from '../support/rows';
import { required, type StructTable } from '../support/table';

/** A file in a Secret that exists. Thanos reads it when it starts. */
export interface SecretFileOptions {
  /** Name of the Secret. */
  readonly secretName: string;
  /**
   * Its key.
   * @default - said where the file is used
   */
  readonly key?: string;
  /**
   * Change it when the content changes: the pods roll.
   * @default - none: they read it again when they next start
   */
  readonly revision?: string;
}

const TABLE: StructTable<SecretFileOptions> = {
  secretName: required(objectName, 'Give the name of a Secret'),
  key: dataKey,
  revision: text,
};

/** How it is read. */
export const SECRET_FILE = struct(TABLE);
