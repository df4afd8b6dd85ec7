import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { stackAround } from '../app/instance';
import { COMPONENT_LABEL } from '../support/labels';
import type { ThanosStackProps } from './thanos-stack-props';

type Annotations = Readonly<Record<string, string>>;

/** Annotates every object in a stack, those that are made later too, where the object itself does not say otherwise. */
export function annotate(stack: Construct, { annotations = {}, syncWave }: ThanosStackProps): void {
  if (syncWave === undefined && Object.keys(annotations).length === 0) return;
  const annotateOne = (object: ApiObject): void =>
    addMissing(object, { ...annotations, ...(syncWave === undefined ? {} : waveOf(object, syncWave)) });
  stack.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .forEach(annotateOne);
  appChecks(stack).placed.within(stack, (object) => {
    if (stackAround(object) === stack) annotateOne(object);
  });
}

function addMissing(object: ApiObject, annotations: Annotations): void {
  const own = annotationsOf(object);
  for (const [key, value] of Object.entries(annotations))
    if (!Object.hasOwn(own, key)) object.metadata.addAnnotation(key, value);
}

function annotationsOf({ metadata }: ApiObject): Annotations {
  return (metadata.toJson() as { annotations?: Annotations }).annotations ?? {};
}

const ARGO = 'argocd.argoproj.io';
/** What a preflight says itself of when it runs (`preflight.hook`). */
const HOOK = /^(argocd\.argoproj\.io|helm\.sh)\//;
const PREFLIGHT = 'preflight';
/** Kinds that come before the pods that read or need them. */
const READ = [
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'PersistentVolumeClaim'],
  // a pod that comes before its policies may speak to nobody, or to anyone
  ...['NetworkPolicy', 'CiliumNetworkPolicy'],
  ...['Bundle', 'Certificate', 'ExternalSecret', 'SealedSecret', 'ObjectBucketClaim', 'PrometheusRule'],
];

/**
 * Argo CD syncs a wave when all of the one before is healthy, and stops at a failed Job: the bucket is proved when its CA
 * and config are there, and before any pod starts. As a hook the Job that was removed after its time is no difference. No
 * other Job is one: a hook runs again at each sync.
 */
function waveOf(object: ApiObject, components: number): Annotations {
  const wave = (before: number): Annotations => ({ [`${ARGO}/sync-wave`]: `${components - before}` });
  const { kind } = object;
  if (kind === 'Namespace') return wave(3);
  if (READ.includes(kind)) return wave(2);
  if (kind !== 'Job' || object.metadata.getLabel(COMPONENT_LABEL) !== PREFLIGHT) return wave(0);
  const hooked = Object.keys(annotationsOf(object)).some((key) => HOOK.test(key));
  const hook = { [`${ARGO}/hook`]: 'Sync', [`${ARGO}/hook-delete-policy`]: 'BeforeHookCreation' };
  return { ...wave(1), ...(hooked ? {} : hook) };
}
