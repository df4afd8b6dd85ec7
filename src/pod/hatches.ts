import type { Json } from '../support/json';
import { InputProblem, found } from '../support/problem';
import type { PodOptions } from './pod-options';
import { RESTRICTED_CONTAINER } from './security';

/**
 * Merges the raw Kubernetes JSON of the users' options into a mapped pod template, so that fields newer than the typed
 * classes get through. `claims` are the volumes that a StatefulSet adds.
 */
export function mergeHatches(template: Json, options: PodOptions, claims: readonly string[] = []): Json {
  const spec = template.spec;
  const volumes = [...(spec.volumes ?? []), ...(options.volumes ?? [])];
  const [main, ...beside] = spec.containers;
  const own = options.lifecycle === undefined ? main : { ...main, lifecycle: options.lifecycle };
  const containers = [own, ...beside, ...(options.sidecars ?? []).map(restricted)];
  const initContainers = [...(spec.initContainers ?? []), ...(options.initContainers ?? []).map(restricted)];
  requireDistinctNames('volumes', volumes);
  requireDistinctNames('sidecars', [...containers, ...initContainers]);
  requireDistinctMounts(spec.containers[0]);
  const names = [...volumes.map((volume) => volume.name), ...claims];
  requireVolumes('volumeMounts', spec.containers[0], names);
  for (const sidecar of containers.slice(1)) requireVolumes('sidecars', sidecar, names);
  for (const container of initContainers) requireVolumes('initContainers', container, names);
  return {
    ...template,
    spec: {
      ...spec,
      affinity: options.affinity ?? spec.affinity,
      containers,
      initContainers: initContainers.length > 0 ? initContainers : undefined,
      volumes: volumes.length > 0 ? volumes : undefined,
    },
  };
}

/** What a container does not say of its security is what Pod Security "restricted" admits, or the pod would be refused. */
function restricted(container: Json): Json {
  const { allowPrivilegeEscalation, capabilities } = RESTRICTED_CONTAINER;
  const securityContext = { allowPrivilegeEscalation, capabilities, ...container.securityContext };
  return { ...container, securityContext };
}

function requireDistinctNames(what: string, items: Json[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item.name)) throw new InputProblem(`${what}: the name ${found(item.name)} is taken; choose another`);
    seen.add(item.name);
  }
}

function requireDistinctMounts(container: Json): void {
  const seen = new Set<string>();
  for (const mount of container.volumeMounts ?? []) {
    if (seen.has(mount.mountPath))
      throw new InputProblem(`volumeMounts: ${found(mount.mountPath)} is mounted already; choose another path`);
    seen.add(mount.mountPath);
  }
}

function requireVolumes(what: string, container: Json, volumes: readonly string[]): void {
  for (const { name } of container.volumeMounts ?? []) {
    if (!volumes.includes(name))
      throw new InputProblem(
        `${what}: ${container.name} mounts ${found(name)}, but the pod has no such volume; add it to volumes`,
      );
  }
}
