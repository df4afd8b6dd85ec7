import type { ApiObject } from 'cdk8s';
import { phrase } from '../support/problem';
import { brokenGrant } from './broken-grant';
import { GuardIndex } from './guard-index';
import { isOurs } from './place';
import {
  type FoundPodSpec,
  type Json,
  type Mount,
  type Reference,
  mounts,
  podSpecs,
  references,
  strayReferences,
} from '../manifest/pod-specs';
import type { AppRegistry, GrantRecord } from './registry';

/** Kinds without pods: not rendered for the check. */
const NO_PODS = new Set([
  ...['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'Namespace', 'PersistentVolumeClaim', 'PodDisruptionBudget'],
  ...[
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
    'NetworkPolicy',
    'Ingress',
    'PrometheusRule',
    'ServiceMonitor',
  ],
]);

/**
 * The CA boundary: no container outside the granted ones mounts, projects or reads into its env what a Grant carries, and
 * every granted pod still has all of it. Judged on the finished objects of the whole app, the users' patches included.
 */
export function caBoundary(registry: AppRegistry, objects: readonly ApiObject[]): string[] {
  if (registry.guarded.length === 0) return [];
  const grants = groupBy(registry.grants, (grant) => grant.workload);
  const guards = new GuardIndex(registry);
  return objects
    .filter((object) => !NO_PODS.has(object.kind))
    .flatMap((object) => {
      const json = object.toJson();
      const granted = grants.get(object) ?? [];
      const specs = podSpecs(json);
      return [
        ...specs.flatMap((found) => leaks(registry, object, json, references(found), guards, granted, found)),
        // the library's own custom resources make Secrets and bundles, they don't use them
        ...leaks(registry, object, json, isOurs(object) ? [] : strayReferences(json), guards, granted),
        ...granted.filter((grant) => grant.own).flatMap((grant) => brokenGrant(object, specs, grant)),
      ];
    });
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function leaks(
  registry: AppRegistry,
  object: ApiObject,
  json: Json,
  refs: readonly Reference[],
  guards: GuardIndex,
  granted: readonly GrantRecord[],
  pod?: FoundPodSpec,
): string[] {
  // an object without a namespace goes wherever kubectl is told to put it
  const namespace = json.metadata?.namespace;
  const cluster = registry.clusterOf(object);
  return refs.flatMap((reference) => {
    const named = `${reference.kind}/${reference.name}`;
    const matching = guards.find(named, namespace, cluster);
    if (matching.length === 0) return [];
    const held = `${matching[0].holds} (${reference.kind} ${reference.name})`;
    const grants = granted.filter(
      (g) => matching.some((guard) => guard.owner === g.owner) || g.facts.caSource === named,
    );
    if (grants.length === 0) return [outsider(object, reference.path, held, namespace)];
    const allowed = grants.flatMap((grant) => grant.containers);
    if (reference.container !== undefined) {
      return allowed.includes(reference.container)
        ? []
        : [strangerInPod(object, reference.path, reference.container, held)];
    }
    return (pod ? mounts(pod) : [])
      .filter((mount) => mount.volume === reference.volume)
      .flatMap((mount) => badMount(object, mount, held, allowed, grants));
  });
}

function outsider(object: ApiObject, path: string, held: string, namespace?: string): string {
  const text = `uses ${held}, which only pods that open the bucket may. Remove it, or let the workload in with grantTo`;
  const hint = `. The object has no namespace; give it one if it means another ${held.includes('(Secret') ? 'Secret' : 'ConfigMap'}`;
  return phrase(object.node.path, path, namespace === undefined ? text + hint : text);
}

function badMount(
  object: ApiObject,
  mount: Mount,
  held: string,
  allowed: readonly string[],
  grants: readonly GrantRecord[],
): string[] {
  if (!allowed.includes(mount.container)) return [strangerInPod(object, mount.path, mount.container, held)];
  // the library's own pods are judged whole, the shared CAs in them too
  if (mount.subPath === undefined || grants.some((grant) => grant.own)) return [];
  return [
    phrase(object.node.path, mount.path, `mounts ${held} by subPath, which never sees an update. Mount the directory`),
  ];
}

function strangerInPod(object: ApiObject, path: string, container: string, held: string): string {
  return phrase(
    object.node.path,
    path,
    `gives ${held} to the container ${container}, which doesn't open the bucket. Remove it`,
  );
}
