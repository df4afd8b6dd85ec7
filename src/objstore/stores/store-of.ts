import type { Construct } from 'constructs';
import { S3_FIELDS } from '../../input/s3-fields';
import type { ObjectStorage } from '../../input/stores/object-storage';
import { checked } from '../../support/problem';
import { knownFields } from '../../support/shape';
import { readOwn } from '../../support/table';
import type { ObjectStore } from '../object-store';
import { s3Store } from '../s3/s3-store';
import { otherStore } from './other-store';
import { ownStore } from './own-store';

/** The driver of an ObjectStorage. */
export function storeOf(scope: Construct, storage: ObjectStorage, instance: string, namespace: string): ObjectStore {
  const source = storage._source();
  if ('own' in source) return ownStore(scope, source.own, instance, namespace);
  if ('kind' in source) return otherStore(scope, source.kind, source.options, instance, namespace);
  checked(scope, 'objectStorage', () => knownFields(source.s3, Object.keys(S3_FIELDS)));
  return s3Store(scope, readOwn(scope, S3_FIELDS, source.s3), instance, namespace);
}
