import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { phrase } from '../support/problem';
import { isOurs } from './place';
import type { AppRegistry, Naming } from './registry';

/** Where no construct around an object says how it is named: a bucket, a CA. */
const BY_INSTANCE: Naming = { prop: 'instance', advice: 'Give one of the two another instance or namespace' };

/** A Namespace has the name of its namespace: one stack makes it for all. */
const BY_CREATION: Naming = { prop: 'createNamespace', advice: 'Let one of the two make it' };

/**
 * The same kind, namespace and name twice in one cluster: the later would overwrite the earlier at apply. Only pairs with
 * an object of this library are judged; the rest of the app is the user's. Two constructs that share a name collide in
 * each of their objects, and are named once.
 */
export function uniqueNames(registry: AppRegistry, objects: readonly ApiObject[]): string[] {
  const seen = new Map<string, Firsts>();
  const collisions = new Map<string, Collision>();
  for (const object of objects) {
    const key = `${object.apiGroup}/${object.kind}/${namespaceOf(object)}/${object.name}`;
    const cluster = registry.clusterOf(object);
    const firsts = seen.get(key) ?? seen.set(key, new Map()).get(key)!;
    const twin = firstTwin(firsts, cluster);
    if (twin && (isOurs(object) || isOurs(twin))) add(collisions, collision(registry, object, twin));
    if (!firsts.has(cluster)) firsts.set(cluster, { object, order: firsts.size });
  }
  return [...collisions.values()].map(message);
}

/** The namespace of an object. A Namespace lies in none, whatever its chart says. */
function namespaceOf(object: ApiObject): string {
  return object.kind === 'Namespace' ? '' : (object.metadata.namespace ?? '');
}

/** The first object of a name in each cluster, with the order in which the clusters came. */
type Firsts = Map<string | undefined, { readonly object: ApiObject; readonly order: number }>;

/** The earliest object that may be in the same cluster; one whose cluster is not known may be in any. */
function firstTwin(firsts: Firsts, cluster: string | undefined): ApiObject | undefined {
  if (cluster === undefined) return firsts.values().next().value?.object;
  const [a, b] = [firsts.get(cluster), firsts.get(undefined)];
  return a && b ? (a.order < b.order ? a : b).object : (a ?? b)?.object;
}

/** Two constructs, the first object in which they collide, and how many there are. */
interface Collision {
  readonly later: IConstruct;
  readonly earlier: IConstruct;
  readonly object: ApiObject;
  readonly naming: Naming;
  count: number;
}

function add(collisions: Map<string, Collision>, found: Collision): void {
  const key = [found.later.node.path, found.earlier.node.path, found.naming.prop].join('\0');
  const known = collisions.get(key);
  if (known) known.count++;
  else collisions.set(key, found);
}

/** The outermost constructs that name the two: the stacks, or the components of one stack. */
function collision(registry: AppRegistry, object: ApiObject, twin: ApiObject): Collision {
  const [a, b] = [registry.namers(object), registry.namers(twin)];
  let apart = 0;
  while (a[apart] !== undefined && a[apart].construct === b[apart]?.construct) apart++;
  const [later, earlier] = [a[apart], b[apart]];
  return {
    later: later?.construct ?? holder(object),
    earlier: earlier?.construct ?? holder(twin),
    object,
    naming: object.kind === 'Namespace' ? BY_CREATION : ((isOurs(object) ? later : earlier)?.naming ?? BY_INSTANCE),
    count: 1,
  };
}

/** The construct that a user made: what holds an object of ours, or somebody else's object itself. */
function holder(object: ApiObject): IConstruct {
  return isOurs(object) ? object.node.scope! : object;
}

function message({ later, earlier, object, naming, count }: Collision): string {
  const within = object.kind === 'Namespace' ? '' : ` in namespace ${object.metadata.namespace ?? '(none)'}`;
  const what = `${object.kind} ${object.name}${within}`;
  const more = count > 1 ? `, and ${count - 1} more with it` : '';
  const prop = isOurs(object) ? naming.prop : 'name';
  return phrase(later.node.path, prop, `${what} exists already at ${earlier.node.path}${more}. ${naming.advice}`);
}
