import { ApiObject } from 'cdk8s';
import { phrase } from '../support/problem';
import { type FoundPodSpec, type Json, type Mount, mounts, podSpecs, references } from './pod-specs';
import type { AppRegistry, GrantRecord, GuardedObject } from './registry';

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
  const guards = groupBy(registry.guarded, (guard) => `${guard.kind}/${guard.name}`);
  return objects
    .filter((object) => !NO_PODS.has(object.kind))
    .flatMap((object) => {
      const json = object.toJson();
      const granted = grants.get(object) ?? [];
      const specs = podSpecs(json);
      return [
        ...specs.flatMap((found) => leaks(registry, object, json, found, guards, granted)),
        ...granted
          .filter((grant) => grant.own)
          .flatMap((grant) => specs.flatMap((found) => wholeness(object, found, grant))),
      ];
    });
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function leaks(
  registry: AppRegistry,
  object: ApiObject,
  json: Json,
  found: FoundPodSpec,
  guards: Map<string, GuardedObject[]>,
  granted: readonly GrantRecord[],
): string[] {
  const namespace = json.metadata?.namespace ?? 'default';
  const cluster = registry.clusterOf(object);
  return references(found).flatMap((reference) => {
    const matching = (guards.get(`${reference.kind}/${reference.name}`) ?? []).filter(
      (g) => g.namespace === namespace && sameCluster(registry.clusterOf(g.owner), cluster),
    );
    if (matching.length === 0) return [];
    const held = `${matching[0].holds} (${reference.kind} ${reference.name})`;
    const grants = granted.filter((grant) => matching.some((guard) => guard.owner === grant.owner));
    if (grants.length === 0) return [outsider(object, reference.path, held)];
    const allowed = grants.flatMap((grant) => grant.containers);
    if (reference.container !== undefined) {
      return allowed.includes(reference.container)
        ? []
        : [strangerInPod(object, reference.path, reference.container, held)];
    }
    return mounts(found)
      .filter((mount) => mount.volume === reference.volume)
      .flatMap((mount) => badMount(object, mount, held, allowed));
  });
}

/** Objects whose cluster is not known may meet any. */
function sameCluster(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function outsider(object: ApiObject, path: string, held: string): string {
  return phrase(
    object.node.path,
    path,
    `uses ${held}, which only pods that open the bucket may. Remove it, or let the workload in with grantTo`,
  );
}

function badMount(object: ApiObject, mount: Mount, held: string, allowed: readonly string[]): string[] {
  if (!allowed.includes(mount.container)) return [strangerInPod(object, mount.path, mount.container, held)];
  if (mount.subPath === undefined) return [];
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

/** What a patch may have broken in a pod of the library: the volumes, their mounts, the group that may read them. */
function wholeness(object: ApiObject, found: FoundPodSpec, grant: GrantRecord): string[] {
  const present = mounts(found).filter((m) => grant.containers.includes(m.container));
  const volumes = new Set((found.spec.volumes ?? []).map((v: Json) => v.name));
  const problems = grant.facts.mounts
    .filter(
      ({ volume, path }) => !volumes.has(volume) || !present.some((m) => m.volume === volume && m.mountPath === path),
    )
    .map(({ volume, path }) =>
      phrase(
        object.node.path,
        found.path,
        `lost the volume ${volume} at ${path} by a patch; Thanos would not start. Undo the patch`,
      ),
    );
  if (!grant.fsGroupByPlatform && found.spec.securityContext?.fsGroup === undefined) {
    const text =
      "is missing: without it the pod can't read the mounted files (mode 0440). Undo the patch, or set security.openShift";
    problems.push(phrase(object.node.path, `${found.path}.securityContext.fsGroup`, text));
  }
  return problems;
}
