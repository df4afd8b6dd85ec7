import type { Reference } from '../manifest/pod-specs';
import { holdings } from './holdings';
import { type PackedObject, withoutPods } from './packed-object';
import { World } from './world';

/**
 * The world of objects in which the pods are left out of which no rule speaks: those that have nothing to do with Thanos, and
 * are given nothing of what opens a bucket.
 */
export function worldOf(objects: readonly PackedObject[], now: Date): World {
  const without = new World(
    objects.map((one) => (one.bystander ? withoutPods(one) : one)),
    now,
  );
  const held = holdings(without);
  const given = new Set(
    objects.filter((object) => object.bystander?.some((name) => held({ object }, mounted(name)) !== undefined)),
  );
  if (given.size === 0) return without;
  return new World(
    objects.map((one) => (one.bystander && !given.has(one) ? withoutPods(one) : one)),
    now,
  );
}

/** As if a volume brought it, which is what most is asked of. */
function mounted(name: string): Pick<Reference, 'kind' | 'name' | 'volume'> {
  const [kind, ...rest] = name.split('/');
  return { kind: kind as Reference['kind'], name: rest.join('/'), volume: '' };
}
