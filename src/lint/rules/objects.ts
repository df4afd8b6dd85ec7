import { references } from '../../manifest/pod-specs';
import type { Hit, Rule } from '../finding';
import { identity, type ManifestObject } from '../manifest-object';
import type { Pod } from '../pod';
import { at, list } from '../shape';
import type { World } from '../world';

export const duplicateObject: Rule = {
  id: 'duplicate-object',
  severity: 'error',
  about: 'two objects with the same kind, namespace and name: the later overwrites the earlier',
  check: ({ objects }) => {
    const seen = new Map<string, ManifestObject>();
    return objects.flatMap((object): Hit[] => {
      const key = identity(object);
      const twin = seen.get(key);
      seen.set(key, twin ?? object);
      if (!twin || object.name === '') return [];
      return [{ object, path: 'metadata.name', text: `stands in ${twin.file} already`, fix: 'Remove or rename one' }];
    });
  },
};

export const missingObject: Rule = {
  id: 'missing-object',
  severity: 'info',
  about: 'a pod of the bucket needs a Secret or ConfigMap that is not in the manifests',
  check: (world) => [...new Map(world.pods.flatMap((pod) => missing(world, pod))).values()],
};

/** By kind and name, so that ten pods that need one Secret are one hint. */
function missing(world: World, pod: Pod): [string, Hit][] {
  if (!pod.containers.some((container) => world.usesOf(container).length > 0)) return [];
  const { namespace } = pod.object;
  return references(pod.found)
    .filter((r) => typeof r.name === 'string' && !world.provides(r.kind, namespace, r.name) && !isOptional(pod, r.path))
    .map((r) => [
      `${namespace}/${r.kind}/${r.name}`,
      {
        object: pod.object,
        path: r.path,
        text: `needs ${r.kind} ${r.name}, which is not in these manifests: the pod waits until it exists`,
        fix: 'Make sure that something else makes it',
      },
    ]);
}

function isOptional({ object }: Pod, path: string): boolean {
  const reference = at(object.json, path);
  return reference?.optional === true || list(reference).some((r) => r.optional === true);
}
