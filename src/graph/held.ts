import { containers } from '../manifest/pod-specs';
import { type Holding, KEY_ENV, holdings, referencesOf } from '../lint/holdings';
import { wirings } from '../lint/ca-mounts';
import type { Pod } from '../lint/pod';
import { list, text } from '../lint/shape';
import type { World } from '../lint/world';

const ORDER: readonly Holding[] = ['CA', 'config', 'keys'];

/** Tells what the pods of a workload hold of what opens the bucket. */
export function holders(world: World): (pod: Pod) => Holding[] {
  const bring = holdings(world);
  const wired = new Set(wirings(world).flatMap(({ container, used }) => (used.length > 0 ? [container] : [])));
  return (pod) => {
    const held = new Set(
      pod.containers.flatMap((container) => [
        ...referencesOf(pod, container).map((reference) => bring(pod, reference)),
        wired.has(container) ? ('CA' as const) : undefined,
        world.usesOf(container).length > 0 ? ('config' as const) : undefined,
      ]),
    );
    const literal = containers(pod.found.path, pod.found.spec).flatMap(({ container }) => list(container?.env));
    if (literal.some((env) => KEY_ENV.test(text(env.name)))) held.add('keys');
    return ORDER.filter((what) => held.has(what));
  };
}
