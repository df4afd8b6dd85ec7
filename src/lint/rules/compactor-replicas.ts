import type { Rule } from '../finding';
import type { Container, Pod } from '../pod';
import { at } from '../shape';

export const compactorReplicas: Rule = {
  id: 'compactor-replicas',
  severity: 'error',
  about: 'a workload runs several compactors on the same blocks, which corrupts the bucket',
  check: (world) => {
    const compactors = world.pods.filter((pod) => pod.containers.some(compactsAll));
    return [
      ...compactors
        .filter((pod) => replicas(pod) > 1)
        .map((pod) => ({
          object: pod.object,
          path: 'spec.replicas',
          text: `runs ${replicas(pod)} compactors on the same blocks: each undoes the work of the others and corrupts the bucket`,
          fix: 'Set replicas to 1; to divide the work, give each shard a workload of its own with --selector.relabel-config',
        })),
      ...compactors.filter(overlaps).map((pod) => ({
        object: pod.object,
        path: 'spec.concurrencyPolicy',
        text: 'lets a pass of the compactor begin while another one lasts: each undoes the work of the other and corrupts the bucket',
        fix: 'Set concurrencyPolicy to Forbid',
      })),
    ];
  },
};

/** A CronJob starts the next Job whatever the last one does, unless it is told otherwise. */
function overlaps({ object }: Pod): boolean {
  return object.kind === 'CronJob' && (at(object.json, 'spec.concurrencyPolicy') ?? 'Allow') === 'Allow';
}

/** Pods of one workload have the same flags, and so the same blocks, unless their selector is made of each pod's env. */
function compactsAll({ thanos, words }: Container): boolean {
  const line = words.map(({ word }) => word);
  const divided = line.some((word) => word.includes('selector.relabel-config')) && line.some((w) => w.includes('$('));
  return thanos && line.includes('compact') && !divided;
}

function replicas({ object }: Pod): number {
  return Number(at(object.json, 'spec.replicas') ?? 1);
}
