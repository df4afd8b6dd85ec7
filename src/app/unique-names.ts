import type { ApiObject } from 'cdk8s';
import { phrase } from '../support/problem';
import { isOurs } from './place';
import type { AppRegistry } from './registry';

/**
 * The same kind, namespace and name twice in one cluster: the later would overwrite the earlier at apply. Only pairs with
 * an object of this library are judged; the rest of the app is the user's.
 */
export function uniqueNames(registry: AppRegistry, objects: readonly ApiObject[]): string[] {
  const seen = new Map<string, Firsts>();
  const problems: string[] = [];
  for (const object of objects) {
    const key = `${object.apiGroup}/${object.kind}/${object.metadata.namespace ?? ''}/${object.name}`;
    const cluster = registry.clusterOf(object);
    const firsts = seen.get(key) ?? seen.set(key, new Map()).get(key)!;
    const twin = firstTwin(firsts, cluster);
    if (twin && (isOurs(object) || isOurs(twin))) problems.push(collision(object, twin));
    if (!firsts.has(cluster)) firsts.set(cluster, { object, order: firsts.size });
  }
  return problems;
}

/** The first object of a name in each cluster, with the order in which the clusters came. */
type Firsts = Map<string | undefined, { readonly object: ApiObject; readonly order: number }>;

/** The earliest object that may be in the same cluster; one whose cluster is not known may be in any. */
function firstTwin(firsts: Firsts, cluster: string | undefined): ApiObject | undefined {
  if (cluster === undefined) return firsts.values().next().value?.object;
  const [a, b] = [firsts.get(cluster), firsts.get(undefined)];
  return a && b ? (a.order < b.order ? a : b).object : (a ?? b)?.object;
}

function collision(object: ApiObject, twin: ApiObject): string {
  const what = `${object.kind} ${object.name} in namespace ${object.metadata.namespace ?? '(none)'}`;
  return phrase(
    object.node.path,
    'name',
    `${what} exists already at ${twin.node.path}. Give the stacks different names or namespaces, or a cluster each`,
  );
}
