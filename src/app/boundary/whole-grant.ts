import { posix } from 'node:path';
import { containers, type FoundPodSpec, list, mounts } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import { sameJson } from '../../manifest/same-json';
import type { Finished } from '../finished';
import type { GrantRecord } from '../registry';
import { problemAt, type Verdict } from './verdict';

/**
 * What a patch took from a pod of the library, or put in its place: volumes, mounts, keys, the flag, the checksum, the
 * group that may read the files. The pod is held against the Grant as it was made.
 */
export function wholeGrant(one: Finished, specs: readonly FoundPodSpec[], grant: GrantRecord): Verdict {
  const [name] = grant.containers;
  for (const pod of specs) {
    const found = containers(pod.path, pod.spec).find(({ container }) => container.name === name);
    if (!found) continue;
    const problems = [
      ...lostFiles(one, pod, grant),
      ...otherVolumes(one, pod, grant),
      ...covered(one, pod, grant),
      ...lostWords(one, found.container, found.at, grant),
      ...lostGroup(one, pod, grant),
      ...lostChecksum(one, pod, grant),
      ...secondCompactor(one, found.container),
      ...elsewhere(one, grant),
      ...twins(one, pod),
    ];
    return { problems, warnings: [] };
  }
  return { problems: [problemAt(one, 'spec', `lost the container ${name} by a patch. Undo the patch`)], warnings: [] };
}

/** Paths as Kubernetes cleans them: `/a/b/` and `/a//b` are `/a/b`. */
function cleaned(path: unknown): string {
  return posix.normalize(String(path)).replace(/(.)\/$/, '$1');
}

function lostFiles(one: Finished, pod: FoundPodSpec, grant: GrantRecord): string[] {
  const present = mounts(pod).filter((mount) => mount.container === grant.containers[0]);
  const volumes = new Set(list(pod.spec.volumes).map(({ name }) => name));
  return grant.facts.mounts.flatMap(({ volume: { name }, path }) => {
    const mount = present.find((m) => m.volume === name && cleaned(m.mountPath) === path);
    if (!mount || !volumes.has(name)) {
      const text = `lost the volume ${name} at ${path} by a patch; Thanos would not start. Undo the patch`;
      return [problemAt(one, pod.path, text)];
    }
    if (mount.subPath === undefined) return [];
    const text = `mounts the volume ${name} by subPath, which never sees an update. Mount the directory`;
    return [problemAt(one, mount.path, text)];
  });
}

/** A volume of the Grant must still be what it was: the same object, with the same keys at the same paths. */
function otherVolumes(one: Finished, pod: FoundPodSpec, { facts }: GrantRecord): string[] {
  const volumes = list(pod.spec.volumes);
  return facts.mounts.flatMap(({ role, volume, path }) => {
    const at = volumes.findIndex((v) => v?.name === volume.name);
    if (at < 0 || sameJson(volumes[at], volume)) return [];
    if (sameJson(sourceOf(volumes[at]), sourceOf(volume))) return [];
    const what = role === 'ca' ? `${facts.caSource}, the CA` : `what the Grant mounts at ${path}`;
    const text = `the volume ${volume.name} is no longer ${what}. Undo the patch`;
    return [problemAt(one, `${pod.path}.volumes[${at}]`, text)];
  });
}

/** Where a volume's files come from; modes are the user's. */
function sourceOf(volume: Json): Json {
  const modes = ['defaultMode', 'mode'];
  const source = { ...volume, name: undefined };
  return JSON.parse(JSON.stringify(source, (key, value) => (modes.includes(key) ? undefined : value)));
}

/** Another mount at, or below, a directory of the Grant hides what lies there. */
function covered(one: Finished, pod: FoundPodSpec, grant: GrantRecord): string[] {
  const directories = grant.facts.mounts;
  return mounts(pod)
    .filter((mount) => mount.container === grant.containers[0])
    .flatMap((mount) => {
      const path = cleaned(mount.mountPath);
      const hidden = directories.find(
        (d) => d.volume.name !== mount.volume && (path === d.path || path.startsWith(`${d.path}/`)),
      );
      if (hidden === undefined) return [];
      const text = `mounts ${mount.volume} over ${hidden.path}, where the Grant's ${hidden.volume.name} lies. Choose another path`;
      return [problemAt(one, mount.path, text)];
    });
}

/** Without keys Thanos goes on unsigned, without the flag a receiver or ruler goes on without uploads: both silently. */
function lostWords(one: Finished, container: Json, at: string, { facts }: GrantRecord): string[] {
  const env = list(container.env);
  const words = wordsOf(container);
  const lost = facts.env.flatMap((granted) => {
    // of two variables of one name the later counts
    const present = env.findLast((variable) => variable?.name === granted.name);
    if (present === undefined) {
      const text = `lost ${granted.name}, which opening the bucket takes. Undo the patch`;
      return [problemAt(one, `${at}.env`, text)];
    }
    if (granted.valueFrom === undefined || sameJson(present.valueFrom, granted.valueFrom)) return [];
    const text = `${granted.name} no longer comes from ${sourceName(granted)}. Remove yours; the objstore's credentials say where the keys are`;
    return [problemAt(one, `${at}.env[${env.indexOf(present)}]`, text)];
  });
  if (words.some((word) => word.includes(facts.configPath))) return lost;
  const text = `no longer name ${facts.configPath}: Thanos would run without the bucket. Undo the patch`;
  return [...lost, problemAt(one, `${at}.args`, text)];
}

function wordsOf({ command, args }: Json): string[] {
  return [...list(command), ...list(args)].map(String);
}

function sourceName({ valueFrom }: Json): string {
  const { secretKeyRef, configMapKeyRef } = valueFrom;
  return secretKeyRef ? `Secret ${secretKeyRef.name}` : `ConfigMap ${configMapKeyRef?.name}`;
}

function lostGroup(one: Finished, { path, spec }: FoundPodSpec, grant: GrantRecord): string[] {
  if (grant.fsGroupByPlatform || typeof spec.securityContext?.fsGroup === 'number') return [];
  const text =
    "is missing: without it the pod can't read the mounted files (mode 0440). Undo the patch, or set security.openShift";
  return [problemAt(one, `${path}.securityContext.fsGroup`, text)];
}

/** Without the checksum a changed CA or config rolls nothing. */
function lostChecksum(one: Finished, { path }: FoundPodSpec, { facts }: GrantRecord): string[] {
  const keys = path.split('.').slice(0, -1);
  const template = keys.reduce((node: Json, key) => node?.[key], one.json);
  if (template?.metadata?.annotations?.[facts.checksumAnnotation] === facts.checksum) return [];
  const text = `is not the checksum of the config and the CA: a change of them would roll nothing. Undo the patch`;
  return [problemAt(one, [...keys, 'metadata.annotations', facts.checksumAnnotation].join('.'), text)];
}

/** Kubernetes would run two on one bucket, which corrupts it. */
function secondCompactor(one: Finished, container: Json): string[] {
  const replicas = one.json.spec?.replicas;
  const words = wordsOf(container);
  if (!words.includes('compact') || replicas === undefined || replicas <= 1) return [];
  return [problemAt(one, 'spec.replicas', `is ${replicas}; two compactors corrupt the bucket. Keep it at 1, or 0`)];
}

/** A pod mounts Secrets of its own namespace only. */
function elsewhere(one: Finished, { facts }: GrantRecord): string[] {
  if (one.namespace === facts.namespace) return [];
  const text = `is ${String(one.namespace)} by a patch, but config, CA and keys lie in ${facts.namespace}. Undo the patch, and give the stack a namespace`;
  return [problemAt(one, 'metadata.namespace', text)];
}

/** What a second container of a granted name may have, nobody can say. The API server refuses it. */
function twins(one: Finished, { path, spec }: FoundPodSpec): string[] {
  const all = containers(path, spec);
  return all.flatMap(({ container, at }, i) => {
    const first = all.findIndex((other) => other.container.name === container.name);
    if (first === i) return [];
    return [problemAt(one, `${at}.name`, `${String(container.name)} is the name of ${all[first].at} too. Rename it`)];
  });
}
