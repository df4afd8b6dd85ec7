import { sourcesOf } from '../files';
import type { Rule } from '../finding';
import type { ObjstoreUse } from '../objstore-uses';
import type { Pod } from '../pod';
import { at, isMap } from '../shape';
import type { World } from '../world';

const CHECKSUM = /checksum|hash|revision/i;
/** Checksums of something else. */
const OTHER = /hashring|rule|cache|template-hash/i;
const RELOADER = /reloader|wave\.pusher\.com/i;
/** The suffix that a Kustomize generator gives to names, and changes with the content. */
const KUSTOMIZE_HASH = /-[bcdfghkmt2456789]{10}$/;
/** Workloads whose controller makes new pods for a changed template. */
const ROLLED = ['Deployment', 'StatefulSet', 'DaemonSet'];

export const noChecksum: Rule = {
  id: 'no-checksum',
  severity: 'warning',
  about: 'pods that open the bucket do not roll when config or CA change, and Thanos reads both once, at start',
  check: (world) =>
    world.pods
      .filter((pod) => !pod.operator && isRolled(pod))
      .filter((pod) => uses(world, pod).some(({ via }) => via !== 'argument') && !rolls(world, pod))
      .map((pod) => ({
        object: pod.object,
        path: `${pod.found.path.replace(/\.?spec$/, '')}.metadata.annotations`,
        text: 'has no checksum of the config and CA: a changed one is not used until somebody restarts the pods',
        fix: 'Add an annotation with the hash of both to the pod template, or let a reloader controller restart it',
      })),
};

/** Of a custom resource nobody here knows what its controller does. */
function isRolled({ object }: Pod): boolean {
  return ROLLED.includes(object.kind) && String(object.json.apiVersion).startsWith('apps/');
}

function uses(world: World, pod: Pod): ObjstoreUse[] {
  return pod.containers.flatMap((container) => world.usesOf(container));
}

function rolls(world: World, pod: Pod): boolean {
  const own = Object.keys(pod.annotations);
  const outer = at(pod.object.json, 'metadata.annotations');
  if (
    own.some((a) => CHECKSUM.test(a) && !OTHER.test(a)) ||
    [...own, ...Object.keys(isMap(outer) ? outer : {})].some((a) => RELOADER.test(a))
  )
    return true;
  const names = uses(world, pod).flatMap(({ container, ref }) => [
    ...(ref ? [ref.name] : []),
    ...container.mounts.flatMap((m) => sourcesOf(world, container, m.volume).map((s) => s.name)),
  ]);
  return names.length > 0 && names.every((name) => KUSTOMIZE_HASH.test(name));
}
