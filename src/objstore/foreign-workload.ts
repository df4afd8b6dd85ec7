import { ApiObject, JsonPatch } from 'cdk8s';
import { partJson } from '../support/k8s';
import { isOurs } from '../app/place';
import type { Json } from '../manifest/pod-specs';
import type { GrantRecord } from '../app/registry';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import type { Grant } from './grant';
import type { GrantOptions } from './grant-options';

/** Patches a Grant into a workload as it stands now, and says what was granted. */
export function attachGrant(
  grant: Grant,
  workload: ApiObject,
  namespace: string,
  options: GrantOptions,
): Omit<GrantRecord, 'owner'> {
  requireForeign(workload);
  knownFields(options, ['containers']);
  const json = workload.toJson();
  const at = podPath(json);
  const pod = at
    .split('/')
    .slice(1)
    .reduce((node: Json, key) => node?.[key], json);
  if (!Array.isArray(pod?.spec?.containers))
    throw new InputProblem(`${workload.kind} ${workload.name} has no pod template with containers`);
  const own = json.metadata?.namespace ?? 'default';
  if (own !== namespace)
    throw new InputProblem(
      `${workload.kind} ${workload.name} is in namespace ${own}; a pod mounts Secrets of its own namespace only, here ${namespace}`,
    );
  const names: string[] = pod.spec.containers.map((c: Json) => c.name);
  const containers = options.containers ?? names;
  for (const name of containers) {
    if (!names.includes(name))
      throw new InputProblem(
        `${workload.kind} ${workload.name} has no container ${found(name)}; it has ${names.join(', ')}`,
      );
  }
  if (containers.length === 0) throw new InputProblem('containers is empty; name one, or leave it out for all');
  requireRoom(grant, workload, pod, containers);
  workload.addJsonPatch(...patches(grant, at, pod, containers));
  return { workload, containers, facts: grant.facts, own: false, fsGroupByPlatform: false };
}

/** The components of this library take `objstore`; a Query or Grafana can't be let in at all. */
function requireForeign(workload: ApiObject): void {
  if (typeof workload !== 'object' || workload === null || !ApiObject.isApiObject(workload))
    throw new InputProblem(`${found(workload)} is no ApiObject. Give the workload's`);
  if (isOurs(workload))
    throw new InputProblem(
      `${workload.kind} ${workload.name} is a component of this library. Those that open the bucket take the prop objstore`,
    );
}

/** Kubernetes refuses a second volume of a name, and a second mount of a path. */
function requireRoom(grant: Grant, workload: ApiObject, pod: Json, containers: string[]): void {
  const names = new Set((pod.spec.volumes ?? []).map((volume: Json) => volume.name));
  const taken = grant.volumes.find((volume) => names.has(volume.name));
  if (taken)
    throw new InputProblem(
      `${workload.kind} ${workload.name} has a volume ${found(taken.name)} already; it was granted before, or must rename its own`,
    );
  for (const container of pod.spec.containers.filter((c: Json) => containers.includes(c.name))) {
    const paths = new Set((container.volumeMounts ?? []).map((mount: Json) => mount.mountPath));
    const mount = grant.mounts.find((m) => paths.has(m.mountPath));
    if (mount)
      throw new InputProblem(
        `container ${found(container.name)} mounts ${mount.mountPath} already; choose another path`,
      );
  }
}

/** Where the pod template lies; a Pod is its own template. */
function podPath(json: Json): string {
  if (json.kind === 'Pod') return '';
  return json.kind === 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template';
}

function patches(grant: Grant, at: string, pod: Json, containers: string[]): JsonPatch[] {
  const annotations = { ...pod.metadata?.annotations, [CHECKSUM_ANNOTATION]: grant.checksum };
  const metadata = { ...pod.metadata, annotations };
  return [
    JsonPatch.add(`${at}/metadata`, metadata),
    JsonPatch.add(`${at}/spec/volumes`, [...(pod.spec.volumes ?? []), ...grant.volumes.map(partJson)]),
    ...pod.spec.containers.flatMap((container: Json, i: number) =>
      containers.includes(container.name) ? containerPatches(grant, `${at}/spec/containers/${i}`, container) : [],
    ),
    ...(grant.serviceAccountName ? [JsonPatch.add(`${at}/spec/serviceAccountName`, grant.serviceAccountName)] : []),
  ];
}

function containerPatches(grant: Grant, at: string, container: Json): JsonPatch[] {
  return [
    JsonPatch.add(`${at}/volumeMounts`, [...(container.volumeMounts ?? []), ...grant.mounts.map(partJson)]),
    ...(grant.env.length > 0
      ? [JsonPatch.add(`${at}/env`, [...(container.env ?? []), ...grant.env.map(partJson)])]
      : []),
  ];
}
