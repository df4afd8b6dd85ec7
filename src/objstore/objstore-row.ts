import type { ObjectStorage } from '../input/stores/object-storage';
import { InputProblem } from '../support/problem';
import { having } from '../support/rows';
import { required, type Row } from '../support/table';
import type { ObjstoreConfig } from './objstore-config';

const CONFIG = 'an ObjstoreConfig. Give new ObjstoreConfig(this, …) or stack.objstore';
const STORAGE =
  "an ObjectStorage; write ObjectStorage.s3({ … }), another store's, or fromSecretName('objstore') for an objstore.yml of yours";

/** How a reference to a bucket is read. */
export const OBJSTORE = untold<ObjstoreConfig>(
  { bucketId: 'string', _grantOwn: 'function', _preflight: 'function' },
  CONFIG,
);
export const REQUIRED_OBJSTORE = required(OBJSTORE, 'Give an ObjstoreConfig');

/** How an object store is read. */
export const OBJECT_STORAGE = untold<ObjectStorage>({ _source: 'function' }, STORAGE);

/** As `having`, but for a text: it may be an objstore.yml with its keys, of which a message shows nothing. */
function untold<T>(members: Parameters<typeof having<T>>[0], what: string): Row<T> {
  const row = having<T>(members, what);
  return (value) => {
    if (typeof value === 'string') throw new InputProblem(`is a text, not ${what}`);
    return row(value);
  };
}
