import type { IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import type { Json } from '../support/json';
import type { Grant } from '../objstore/grant';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { thanosMinor } from '../pod/image';
import type { ThanosPodOptions } from '../pod/thanos-pod-options';
import { checksum } from '../support/checksum';
import { InputProblem, checked, found } from '../support/problem';
import { Flags } from './flags';

/** kubectl shows this container's log where none is named. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** The steps after the list, each a container of its own, whose name says what failed. */
const STEPS = ['clean', 'put', 'delete'] as const;

/** Names of the containers that write. */
export const WRITING = STEPS.map((step) => `preflight-${step}`);

/** What tells one preflight's mark from another's. */
interface Writes {
  readonly objstore: ObjstoreConfig;
  readonly grant: Grant;
  readonly options: Pick<ThanosPodOptions, 'image' | 'logLevel' | 'logFormat'>;
}

/**
 * Lets a pod that lists the bucket prove put, get and delete too: with Thanos' own `tools bucket mark`, which looks whether
 * a small file is there (as S3 grants it, a get) and puts or deletes it. No shell is needed, and no Thanos looks where it
 * writes. What a run that was stopped left there, the next one cleans away first; else nothing would be put.
 *
 * Init containers come one after the other: the list first, then these, the last of them as the pod's own.
 */
export function withWrites(construct: IConstruct, template: Json, { objstore, grant, options }: Writes): Json {
  const { initContainers = [], containers } = template.spec;
  const [list, ...sidecars] = containers;
  const id = markId(construct, objstore);
  const [clean, put, last] = STEPS.map((step, i) => ({
    ...list,
    name: WRITING[i],
    args: checked(construct, 'image', () => markFlags(id, step, grant, options).toArgs()),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  }));
  for (const { name } of [...initContainers, ...sidecars])
    if (WRITING.includes(name))
      checked(construct, 'props', () => {
        throw new InputProblem(`the name ${found(name)} is taken by the preflight; choose another`);
      });
  const annotations = { ...template.metadata.annotations, [DEFAULT_CONTAINER]: list.name };
  return {
    metadata: { ...template.metadata, annotations },
    spec: { ...template.spec, initContainers: [...initContainers, list, clean, put], containers: [last, ...sidecars] },
  };
}

function markFlags(id: string, step: (typeof STEPS)[number], grant: Grant, options: Writes['options']): Flags {
  const flags = new Flags(['tools', 'bucket', 'mark'])
    .set('--log.level', options.logLevel)
    .set('--log.format', options.logFormat)
    .granted(grant)
    .set('--marker', 'no-compact-mark.json')
    .set('--id', id);
  if (step === 'put') flags.set('--details', 'cdk8s-thanos preflight: may be deleted');
  else flags.add('--remove');
  flags.requireVersion(thanosMinor(options.image));
  return flags;
}

/** An id of the stack's own, as blocks have it: the preflights of two stacks on one bucket may run at once. */
function markId(construct: IConstruct, { instance, namespace }: ObjstoreConfig): string {
  const of = JSON.stringify([appChecks(construct).clusterOf(construct) ?? '', namespace, instance]);
  return `0000000000${checksum({ of }).slice(0, 16).toUpperCase()}`;
}
