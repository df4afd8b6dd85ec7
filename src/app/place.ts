import { ApiObject, type ApiObjectProps } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Json } from '../manifest/pod-specs';

const OURS = new WeakSet<IConstruct>();

/**
 * Puts a finished manifest into the tree. A plain ApiObject, since the typed classes map a body a second time, after the
 * users' patches, and drop every field that Kubernetes 1.28 didn't know.
 */
export function place(scope: Construct, id: string, manifest: Json): ApiObject {
  const object = new ApiObject(scope, id, manifest as ApiObjectProps);
  OURS.add(object);
  return object;
}

/** Whether an object was made by this library. */
export function isOurs(object: IConstruct): boolean {
  return OURS.has(object);
}
