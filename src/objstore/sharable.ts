import { ApiObject } from 'cdk8s';
import { isOurs } from '../app/place';
import { InputProblem, found } from '../support/problem';

/** Refuses to share the bucket with a component of this library, which takes it as a prop or not at all, or without a reason. */
export function requireSharable(object: ApiObject, reason: string): void {
  if (typeof object !== 'object' || object === null || !ApiObject.isApiObject(object))
    throw new InputProblem(`${found(object)} is not an ApiObject. Give the object's, ApiObject.of(it)`);
  if (isOurs(object))
    throw new InputProblem(
      `${object.kind} ${object.name} is an object of this library. Components that open the bucket take the prop objstore`,
    );
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new InputProblem('reason is empty; say why, for whoever reads the grant table');
}
