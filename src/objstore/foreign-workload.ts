import { type ApiObject, JsonPatch } from 'cdk8s';
import { toJson_EnvVar, toJson_Volume, toJson_VolumeMount } from 'cdk8s-plus-28/lib/imports/k8s';
import type { Json } from '../app/pod-specs';
import type { GrantRecord } from '../app/registry';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import { InputProblem, found } from '../support/problem';
import type { Grant } from './grant';
import type { GrantOptions } from './grant-options';

/** Patches a Grant into a workload as it stands now, and says what was granted. */
export function attachGrant(
  grant: Grant,
  workload: ApiObject,
  namespace: string,
  options: GrantOptions,
): Omit<GrantRecord, 'owner'> {
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
  workload.addJsonPatch(...patches(grant, at, pod, containers));
  return { workload, containers, facts: grant.facts, own: false, fsGroupByPlatform: false };
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
    JsonPatch.add(`${at}/spec/volumes`, [...(pod.spec.volumes ?? []), ...grant.volumes.map(toJson_Volume)]),
    ...pod.spec.containers.flatMap((container: Json, i: number) =>
      containers.includes(container.name) ? containerPatches(grant, `${at}/spec/containers/${i}`, container) : [],
    ),
    ...(grant.serviceAccountName ? [JsonPatch.add(`${at}/spec/serviceAccountName`, grant.serviceAccountName)] : []),
  ];
}

function containerPatches(grant: Grant, at: string, container: Json): JsonPatch[] {
  return [
    JsonPatch.add(`${at}/volumeMounts`, [...(container.volumeMounts ?? []), ...grant.mounts.map(toJson_VolumeMount)]),
    ...(grant.env.length > 0
      ? [JsonPatch.add(`${at}/env`, [...(container.env ?? []), ...grant.env.map(toJson_EnvVar)])]
      : []),
  ];
}
