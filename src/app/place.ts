import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Json } from '../support/json';
import { found, InputProblem } from '../support/problem';
import { PlainObject } from './plain-object';
import { AppRegistry } from './registry';

const OURS = new WeakSet<IConstruct>();

/**
 * Puts a finished manifest into the tree. An ApiObject, since the typed classes map a body a second time, after the
 * users' patches, and drop every field that Kubernetes 1.28 didn't know.
 */
export function place(scope: Construct, id: string, manifest: Json): ApiObject {
  const object = new PlainObject(scope, id, manifest);
  OURS.add(object);
  AppRegistry.of(object).placed.add({ object, manifest });
  return object;
}

/** Whether an object was made by this library. */
export function isOurs(object: IConstruct): boolean {
  return OURS.has(object);
}

/** The ApiObject of a workload, or the one that an L2 construct of any cdk8s-plus wraps. */
export function workloadObject(construct: IConstruct | undefined): ApiObject {
  if (typeof construct === 'object' && construct !== null) {
    const inner = ApiObject.isApiObject(construct) ? construct : construct.node?.defaultChild;
    if (inner !== undefined && ApiObject.isApiObject(inner)) return inner;
  }
  throw new InputProblem(`${found(construct)} is not a workload. Give a construct of cdk8s-plus, or ApiObject.of(it)`);
}
