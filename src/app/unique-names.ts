import type { IConstruct } from 'constructs';
import { phrase } from '../support/problem';
import type { Finished } from './finished';
import { isOurs } from './place';
import type { Naming, Standing } from './registry';
import { groupKind } from '../manifest/group-kind';

/** Where no construct around an object says how it is named: a bucket, a CA. */
const BY_INSTANCE: Naming = { prop: 'instance', advice: 'Give one of the two another instance or namespace' };

/** A Namespace has the name of its namespace: one stack makes it for all. */
const BY_CREATION: Naming = { prop: 'createNamespace', advice: 'Let one of the two make it' };

/** A Bundle is cluster-scoped: its namespace tells nothing apart. */
const BY_BUNDLE: Naming = {
  prop: 'name',
  advice: 'Give one of the two another name or instance; a Bundle lies in no namespace',
};

/**
 * The same kind, namespace and name twice in one cluster: the later would overwrite the earlier at apply. Only pairs with
 * an object of this library are judged; the rest of the app is the user's. Two constructs that share a name collide in
 * each of their objects, and are named once.
 */
export function uniqueNames(app: Standing, objects: readonly Finished[]): string[] {
  const seen = new Map<string, Firsts>();
  const collisions = new Map<string, Collision>();
  for (const one of objects) {
    const key = `${groupKind(one.json)}/${namespaceOf(one) ?? ''}/${one.name}`;
    const cluster = app.clusterOf(one.object);
    const firsts = seen.get(key) ?? seen.set(key, new Map()).get(key)!;
    const twin = firstTwin(firsts, cluster);
    if (twin && (isOurs(one.object) || isOurs(twin.object))) add(collisions, collision(app, one, twin));
    if (!firsts.has(cluster)) firsts.set(cluster, { one, order: firsts.size });
  }
  return [...collisions.values()].map(message);
}

/** Kinds of this library that lie in no namespace, whatever their chart says. */
const CLUSTER_SCOPED = ['/Namespace', 'trust.cert-manager.io/Bundle'];

function namespaceOf({ json, namespace }: Finished): string | undefined {
  return CLUSTER_SCOPED.includes(groupKind(json)) ? undefined : namespace;
}

/** The first object of a name in each cluster, with the order in which the clusters came. */
type Firsts = Map<string | undefined, { readonly one: Finished; readonly order: number }>;

/** The earliest object that may be in the same cluster; one whose cluster is not known may be in any. */
function firstTwin(firsts: Firsts, cluster: string | undefined): Finished | undefined {
  if (cluster === undefined) return firsts.values().next().value?.one;
  const [a, b] = [firsts.get(cluster), firsts.get(undefined)];
  return a && b ? (a.order < b.order ? a : b).one : (a ?? b)?.one;
}

/** Two constructs, the first object in which they collide, and how many there are. */
interface Collision {
  readonly later: IConstruct;
  readonly earlier: IConstruct;
  readonly one: Finished;
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
function collision(app: Standing, one: Finished, twin: Finished): Collision {
  const [a, b] = [app.namers(one.object), app.namers(twin.object)];
  let apart = 0;
  while (a[apart] !== undefined && a[apart].construct === b[apart]?.construct) apart++;
  const [later, earlier] = [a[apart], b[apart]];
  return {
    later: later?.construct ?? holder(one.object),
    earlier: earlier?.construct ?? holder(twin.object),
    one,
    naming: namingOf(one, (isOurs(one.object) ? later : earlier)?.naming),
    count: 1,
  };
}

function namingOf({ json }: Finished, naming: Naming = BY_INSTANCE): Naming {
  if (groupKind(json) === '/Namespace') return BY_CREATION;
  return groupKind(json) === 'trust.cert-manager.io/Bundle' ? BY_BUNDLE : naming;
}

/** The construct that a user made: what holds an object of ours, or somebody else's object itself. */
function holder(object: IConstruct): IConstruct {
  return isOurs(object) ? object.node.scope! : object;
}

function message({ later, earlier, one, naming, count }: Collision): string {
  const clusterScoped = CLUSTER_SCOPED.includes(groupKind(one.json));
  const within = clusterScoped ? '' : ` in namespace ${one.namespace ?? '(none)'}`;
  const more = count > 1 ? `, and ${count - 1} more with it` : '';
  const prop = isOurs(one.object) ? naming.prop : 'name';
  const what = `${one.kind} ${one.name}${within} exists already at ${earlier.node.path}${more}`;
  return phrase(later.node.path, prop, `${what}. ${naming.advice}`);
}
