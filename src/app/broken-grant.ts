import type { ApiObject } from 'cdk8s';
import { phrase } from '../support/problem';
import { type FoundPodSpec, type Json, containers, mounts, references } from '../manifest/pod-specs';
import type { GrantRecord } from './registry';

/** What a patch took from a pod of the library: volumes, mounts, keys, the flag, the group that may read the files. */
export function brokenGrant(object: ApiObject, specs: readonly FoundPodSpec[], grant: GrantRecord): string[] {
  const [name] = grant.containers;
  for (const pod of specs) {
    const found = containers(pod.path, pod.spec).find(({ container }) => container.name === name);
    if (!found) continue;
    return [
      ...lostFiles(object, pod, grant),
      ...lostTrust(object, pod, grant),
      ...lostWords(object, found.container, found.at, grant),
      ...lostGroup(object, pod, grant),
    ];
  }
  return [phrase(object.node.path, 'spec', `lost the container ${name} by a patch. Undo the patch`)];
}

function lostFiles(object: ApiObject, pod: FoundPodSpec, grant: GrantRecord): string[] {
  const present = mounts(pod).filter((mount) => mount.container === grant.containers[0]);
  const volumes = new Set((pod.spec.volumes ?? []).map((volume: Json) => volume?.name));
  return grant.facts.mounts.flatMap(({ volume, path }) => {
    const mount = present.find((m) => m.volume === volume && m.mountPath === path);
    if (!mount || !volumes.has(volume)) {
      const text = `lost the volume ${volume} at ${path} by a patch; Thanos would not start. Undo the patch`;
      return [phrase(object.node.path, pod.path, text)];
    }
    if (mount.subPath === undefined) return [];
    const text = `mounts the volume ${volume} by subPath, which never sees an update. Mount the directory`;
    return [phrase(object.node.path, mount.path, text)];
  });
}

/** The CA's volume must still be the CA's. */
function lostTrust(object: ApiObject, pod: FoundPodSpec, { facts }: GrantRecord): string[] {
  const volume = facts.mounts.find(({ path }) => facts.caPath?.startsWith(`${path}/`))?.volume;
  if (volume === undefined || !(pod.spec.volumes ?? []).some((v: Json) => v?.name === volume)) return [];
  if (references(pod).some((r) => r.volume === volume && `${r.kind}/${r.name}` === facts.caSource)) return [];
  const text = `the volume ${volume} is no longer ${facts.caSource}, the CA. Undo the patch`;
  return [phrase(object.node.path, `${pod.path}.volumes`, text)];
}

/** Without keys Thanos goes on unsigned, without the flag a receiver or ruler goes on without uploads: both silently. */
function lostWords(object: ApiObject, container: Json, at: string, { facts }: GrantRecord): string[] {
  const names = (container.env ?? []).map((variable: Json) => variable?.name);
  const words = [...(container.command ?? []), ...(container.args ?? [])].map(String);
  const lost = facts.env
    .filter((name) => !names.includes(name))
    .map((name) =>
      phrase(object.node.path, `${at}.env`, `lost ${name}, which opening the bucket takes. Undo the patch`),
    );
  if (words.some((word) => word.includes(facts.configPath))) return lost;
  const text = `no longer name ${facts.configPath}: Thanos would run without the bucket. Undo the patch`;
  return [...lost, phrase(object.node.path, `${at}.args`, text)];
}

function lostGroup(object: ApiObject, { path, spec }: FoundPodSpec, grant: GrantRecord): string[] {
  if (grant.fsGroupByPlatform || typeof spec.securityContext?.fsGroup === 'number') return [];
  const text =
    "is missing: without it the pod can't read the mounted files (mode 0440). Undo the patch, or set security.openShift";
  return [phrase(object.node.path, `${path}.securityContext.fsGroup`, text)];
}
