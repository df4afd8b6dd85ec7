import type { ManifestObject } from '../lint/manifest-object';

/** Autoscalers by the workloads that they scale. */
export type Autoscalers = ReadonlyMap<string, ManifestObject>;

/** Finds the autoscalers among objects. */
export function autoscalers(objects: readonly ManifestObject[]): Autoscalers {
  const scalers = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
  return new Map(
    scalers.map((scaler) => {
      const { kind, name } = scaler.json.spec?.scaleTargetRef ?? {};
      return [key(scaler.namespace, kind, name), scaler];
    }),
  );
}

/** Kind and pods of a workload: as many as it says, or what its autoscaler keeps them between. */
export function howMany({ kind, name, namespace, json }: ManifestObject, scalers: Autoscalers): string {
  const scaler = scalers.get(key(namespace, kind, name))?.json.spec;
  if (scaler) return `${kind}, ${scaler.minReplicas ?? 1} to ${scaler.maxReplicas} pods`;
  const replicas = json.spec?.replicas ?? (['Deployment', 'StatefulSet', 'Prometheus'].includes(kind) ? 1 : undefined);
  if (typeof replicas !== 'number') return kind;
  return `${kind}, ${replicas} ${replicas === 1 ? 'pod' : 'pods'}`;
}

function key(...parts: readonly unknown[]): string {
  return parts.map(String).join('\0');
}
