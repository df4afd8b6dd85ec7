import { posix } from 'node:path';
import { containers, type FoundPodSpec } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import type { Finished } from '../finished';
import { isOurs } from '../place';
import type { GrantRecord, ShareRecord } from '../registry';
import { NOTHING, problemAt, together, type Verdict, warningAt } from './verdict';

/** Where the kubelet keeps the volumes of a node's pods (https://kubernetes.io/docs/reference/node/kubelet-files/). */
const KUBELET = '/var/lib/kubelet';

/** Ways around the API: a shared process namespace shows a neighbour's files and env, the kubelet's folder every pod's. */
export function nodeAccess(
  one: Finished,
  pod: FoundPodSpec,
  granted: readonly GrantRecord[],
  shared: readonly ShareRecord[],
  bucketIsNear: () => boolean,
): Verdict {
  if (shared.length > 0) return NOTHING;
  return together([
    sharedProcesses(one, pod, granted),
    hostProcesses(one, pod, bucketIsNear),
    ...kubeletVolumes(one, pod, bucketIsNear),
  ]);
}

function sharedProcesses(one: Finished, { path, spec }: FoundPodSpec, granted: readonly GrantRecord[]): Verdict {
  if (spec.shareProcessNamespace !== true || granted.length === 0) return NOTHING;
  const allowed = granted.flatMap((grant) => grant.containers);
  const names = containers(path, spec).map(({ container, at }) => ({
    name: String(container.name),
    // an init container is gone when the others start, unless it is a sidecar
    stays: !at.includes('initContainers') || container.restartPolicy === 'Always',
  }));
  const stranger = names.find(({ name, stays }) => !allowed.includes(name) && stays);
  if (stranger === undefined) return NOTHING;
  const text = `lets the container ${stranger.name}, which doesn't open the bucket, read the CA and the keys under /proc. Remove it`;
  return { problems: [problemAt(one, `${path}.shareProcessNamespace`, text)], warnings: [] };
}

/** A privileged container that sees the node's processes sees their files and env. */
function hostProcesses(one: Finished, { path, spec }: FoundPodSpec, bucketIsNear: () => boolean): Verdict {
  const privileged = containers(path, spec).some(({ container }) => container.securityContext?.privileged === true);
  if (spec.hostPID !== true || !privileged || !bucketIsNear()) return NOTHING;
  const text = `with a privileged container shows the files and variables of every pod on the node. If it must, say so with share`;
  return { problems: [], warnings: [warningAt(one, `${path}.hostPID`, text)] };
}

function kubeletVolumes(one: Finished, { path, spec }: FoundPodSpec, bucketIsNear: () => boolean): Verdict[] {
  const volumes: Json[] = Array.isArray(spec.volumes) ? spec.volumes : [];
  return volumes.flatMap((volume, i): Verdict[] => {
    const host = volume?.hostPath?.path;
    if (typeof host !== 'string' || !reaches(posix.normalize(host)) || !bucketIsNear()) return [];
    const at = `${path}.volumes[${i}].hostPath`;
    if (isOurs(one.object)) {
      const text = `${host} shows the volumes of every pod on the node, the CA and the keys among them. Remove it`;
      return [{ problems: [problemAt(one, at, text)], warnings: [] }];
    }
    const text = `${host} shows the volumes of every pod on the node, the CA and the keys among them. If it must, say so with share`;
    return [{ problems: [], warnings: [warningAt(one, at, text)] }];
  });
}

/** Whether a folder of the node holds the pods' volumes, or lies among them. */
function reaches(folder: string): boolean {
  const path = folder === '/' ? folder : folder.replace(/\/$/, '');
  if (path === KUBELET || path.startsWith(`${KUBELET}/pods`)) return true;
  return path === '/' || KUBELET.startsWith(`${path}/`);
}
