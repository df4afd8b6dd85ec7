import type { ObjectStorage } from '../input/stores/object-storage';
import { InputProblem } from '../support/problem';
import { having } from '../support/rows';
import { required, type Row } from '../support/table';
import type { ObjstoreConfig } from './objstore-config';

const CONFIG = 'an ObjstoreConfig. Give new ObjstoreConfig(this, …) or stack.objstore';
const STORAGE =
  "an ObjectStorage; write ObjectStorage.s3({ … }), another store's, or fromSecretName('objstore') for an objstore.yml of yours";

/** How a reference to a bucket is read. */
export const OBJSTORE: Row<ObjstoreConfig> = noText(
  CONFIG,
  having<ObjstoreConfig>({ bucketId: 'string', _grantOwn: 'function', _preflight: 'function' }, CONFIG),
);
export const REQUIRED_OBJSTORE = required(OBJSTORE, 'Give an ObjstoreConfig');

/** How an object store is read. */
export const OBJECT_STORAGE: Row<ObjectStorage> = noText(
  STORAGE,
  having<ObjectStorage>({ _source: 'function' }, STORAGE),
);

/** A text may be an objstore.yml with its keys, of which a message shows nothing. */
function noText<T>(what: string, row: Row<T>): Row<T> {
  return (value) => {
    if (typeof value === 'string') throw new InputProblem(`is a text, not ${what}`);
    return row(value);
  };
}
