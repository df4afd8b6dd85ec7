import type { ApiObject } from 'cdk8s';
import { phrase } from '../support/problem';
import { isOurs } from './place';
import type { AppRegistry } from './registry';

/**
 * The same kind, namespace and name twice in one cluster: the later would overwrite the earlier at apply. Only pairs with
 * an object of this library are judged; the rest of the app is the user's.
 */
export function uniqueNames(registry: AppRegistry, objects: readonly ApiObject[]): string[] {
  const seen = new Map<string, { object: ApiObject; cluster: string | undefined }[]>();
  const problems: string[] = [];
  for (const object of objects) {
    const key = `${object.apiGroup}/${object.kind}/${object.metadata.namespace ?? ''}/${object.name}`;
    const cluster = registry.clusterOf(object);
    const same = seen.get(key) ?? seen.set(key, []).get(key)!;
    const twin = same.find(
      (other) => other.cluster === cluster || other.cluster === undefined || cluster === undefined,
    );
    if (twin && (isOurs(object) || isOurs(twin.object))) problems.push(collision(object, twin.object));
    same.push({ object, cluster });
  }
  return problems;
}

function collision(object: ApiObject, twin: ApiObject): string {
  const what = `${object.kind} ${object.name} in namespace ${object.metadata.namespace ?? '(none)'}`;
  return phrase(
    object.node.path,
    'name',
    `${what} exists already at ${twin.node.path}. Give the stacks different names or namespaces, or a cluster each`,
  );
}
