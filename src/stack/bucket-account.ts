import type { Construct } from 'constructs';
import { place } from '../app/place';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { serviceAccountObject, type ServiceAccountOptions } from '../pod/service-account';
import { objectLabels } from '../support/labels';

/**
 * Makes the ServiceAccount of all pods that open the bucket, called as its keys say, else as the stack. Queries and their
 * frontends do not get it: what a cloud hands out for the account opens the bucket.
 */
export function placeBucketAccount(
  scope: Construct,
  options: ServiceAccountOptions,
  stack: { readonly name: string; readonly namespace: string; readonly objstore: ObjstoreConfig },
): string {
  const name = stack.objstore._grant.serviceAccountName ?? stack.name;
  const labels = objectLabels(stack.name);
  place(scope, 'BucketServiceAccount', serviceAccountObject(name, options, { namespace: stack.namespace, labels }));
  return name;
}
