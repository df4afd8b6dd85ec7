import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import type { ThanosStackProps } from './thanos-stack-props';

type Annotations = Readonly<Record<string, string>>;

/** Annotates every object in a stack, those that are made later too, where the object itself does not say otherwise. */
export function annotate(stack: Construct, { annotations = {}, syncWave, preflight }: ThanosStackProps): void {
  if (syncWave === undefined && Object.keys(annotations).length === 0) return;
  appChecks(stack).eachPlaced(({ object }) => {
    if (!object.node.scopes.includes(stack)) return;
    const wave = syncWave === undefined ? {} : waveOf(object, syncWave, preflight?.hook !== undefined);
    addMissing(object, { ...annotations, ...wave });
  });
}

function addMissing(object: ApiObject, annotations: Annotations): void {
  const own = (object.metadata.toJson() as { annotations?: Annotations }).annotations ?? {};
  for (const [key, value] of Object.entries(annotations))
    if (!Object.hasOwn(own, key)) object.metadata.addAnnotation(key, value);
}

const ARGO = 'argocd.argoproj.io';
/** Kinds that come before the pods that read or need them. */
const READ = [
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'PersistentVolumeClaim'],
  // a pod that comes before its policies may speak to nobody, or to anyone
  ...['NetworkPolicy', 'CiliumNetworkPolicy'],
  ...['Bundle', 'Certificate', 'ExternalSecret', 'SealedSecret', 'ObjectBucketClaim', 'PrometheusRule'],
];

/**
 * Argo CD syncs a wave when all of the one before is healthy, and stops at a failed Job: the bucket is proved when its CA
 * and config are there, and before any pod starts. As a hook the Job that was removed after its time is no difference.
 */
function waveOf({ kind }: ApiObject, components: number, hooked: boolean): Annotations {
  const wave = (before: number): Annotations => ({ [`${ARGO}/sync-wave`]: `${components - before}` });
  if (kind === 'Namespace') return wave(3);
  if (READ.includes(kind)) return wave(2);
  if (kind !== 'Job') return wave(0);
  const hook = { [`${ARGO}/hook`]: 'Sync', [`${ARGO}/hook-delete-policy`]: 'BeforeHookCreation' };
  return { ...wave(1), ...(hooked ? {} : hook) };
}
