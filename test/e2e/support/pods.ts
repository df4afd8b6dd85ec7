import type { Json } from '../../render';
import { kubectl, list } from './kubectl';
import { until } from './progress';

/** Security of the suite's own pods, as "restricted" wants it. */
export const RESTRICTED_POD = {
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65534,
    runAsGroup: 65534,
    fsGroup: 65534,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};
export const RESTRICTED_CONTAINER = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};

/** Label of a stack's pods that names the component. */
export const COMPONENT = 'app.kubernetes.io/component';
/** Components whose pods open the bucket. */
export const GRANTED = ['receiver', 'compactor', 'store', 'ruler', 'bucket-web'];

export function isReady(pod: Json): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status.conditions?.some((c: Json) => c.type === 'Ready' && c.status === 'True')
  );
}

export function componentOf(object: Json): string {
  return object.metadata.labels[COMPONENT];
}

/** Pods of Thanos itself. Grafana is left out by name: its image can't be had on every test cluster. */
export async function thanosPods(namespace: string, ...components: string[]): Promise<Json[]> {
  const pods = await list(namespace, 'pods', '-l', 'app.kubernetes.io/name=thanos');
  return components.length === 0 ? pods : pods.filter((pod) => components.includes(componentOf(pod)));
}

/** Waits until every Thanos workload runs its newest template with all replicas ready, and nothing else is left of it. */
export async function thanosReady(namespace: string, limitSeconds = 420): Promise<Json[]> {
  return until(
    `every Thanos pod of ${namespace} is ready`,
    async () => {
      const workloads = await list(namespace, 'statefulsets,deployments', '-l', 'app.kubernetes.io/name=thanos');
      const late = workloads.filter((workload) => !isRolledOut(workload));
      await Promise.all(late.map(nudge));
      if (late.length > 0) throw new Error(`not rolled out: ${late.map((w) => w.metadata.name).join(', ')}`);
      const pods = await thanosPods(namespace);
      const wanted = workloads.reduce((sum, workload) => sum + workload.spec.replicas, 0);
      if (pods.length !== wanted || !pods.every(isReady))
        throw new Error(`${pods.filter(isReady).length} of ${wanted}`);
      return pods;
    },
    limitSeconds,
  );
}

/** The controller looks up to a minute late at who has been ready for minReadySeconds; at any change it looks at once. */
async function nudge({ kind, metadata: { namespace, name }, spec }: Json): Promise<void> {
  if (kind !== 'StatefulSet' || !spec.minReadySeconds) return;
  const note = `thanos-e2e/nudge=${Date.now()}`;
  await kubectl(['-n', namespace, 'annotate', 'statefulset', name, '--overwrite', note]);
}

/** As `kubectl rollout status` sees it. */
export function isRolledOut({ metadata, spec, status }: Json): boolean {
  return (
    status.observedGeneration === metadata.generation &&
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.currentRevision === undefined || status.currentRevision === status.updateRevision)
  );
}
