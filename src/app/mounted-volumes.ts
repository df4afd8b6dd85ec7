import { list, mounts, podSpecs } from '../manifest/pod-specs';
import { problemAt } from './boundary/verdict';
import type { Finished } from './finished';
import { isOurs } from './place';
import type { Standing } from './registry';

/**
 * Mounts of the library's own pods whose volume a patch took away or renamed: the API server refuses such a pod
 * (https://kubernetes.io/docs/concepts/storage/volumes/). What a Grant mounts is judged with the Grant.
 */
export function mountedVolumes(app: Standing, objects: readonly Finished[]): string[] {
  return objects
    .filter(({ object }) => isOurs(object))
    .flatMap((one) => {
      const claims = list(one.json.spec?.volumeClaimTemplates).map(({ metadata }) => metadata?.name);
      const granted = app.grants
        .filter(({ own, workload }) => own && workload === one.object)
        .flatMap(({ facts }) => facts.mounts.map(({ volume }) => volume.name));
      return podSpecs(one.json)
        .filter(({ spec }) => Array.isArray(spec.containers))
        .flatMap((pod) => {
          const there = new Set([...list(pod.spec.volumes).map(({ name }) => name), ...claims, ...granted]);
          return mounts(pod)
            .filter(({ volume }) => !there.has(volume))
            .map(({ volume, path }) => problemAt(one, path, lost(volume)));
        });
    });
}

function lost(volume: string): string {
  return `mounts the volume ${volume}, which the pod does not have: the API server refuses it. Undo the patch, or remove the mount too`;
}
