import { dataKey, objectName } from '../../support/names';
import { struct } from '../../support/rows';
import { required } from '../../support/table';

/** A value that lies in a Secret of the pods' namespace. */
export interface SecretValue {
  /** Name of the Secret. */
  readonly secretName: string;
  /** Key of the Secret. */
  readonly key: string;
}

/** How it is read. */
export const secretValue = struct<SecretValue>({
  secretName: required(objectName, 'Give the name of the Secret'),
  key: required(dataKey, 'Give the key of the Secret'),
});
