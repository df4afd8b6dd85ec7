import { having } from '../support/rows';
import { required } from '../support/table';
import type { ObjectStorage } from '../input/stores/object-storage';
import type { ObjstoreConfig } from './objstore-config';

/** How a reference to a bucket is read. */
export const OBJSTORE = having<ObjstoreConfig>(
  { bucketId: 'string', _grantOwn: 'function', _preflight: 'function' },
  'an ObjstoreConfig. Give new ObjstoreConfig(this, …) or stack.objstore',
);
export const REQUIRED_OBJSTORE = required(OBJSTORE, 'Give an ObjstoreConfig');

/** How an object store is read. */
export const OBJECT_STORAGE = having<ObjectStorage>({ _source: 'function' }, 'an ObjectStorage');
