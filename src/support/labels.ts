/** The labels that select a component's pods. Kubernetes never lets them change, so nothing else joins them. */
export function selectorLabels(instance: string, component: string, name = 'thanos'): Record<string, string> {
  return { ...objectLabels(instance, name), 'app.kubernetes.io/component': component };
}

/** The labels of an object that belongs to no single component. */
export function objectLabels(instance: string, name = 'thanos'): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance };
}

/** Pod template annotation whose change rolls the pods that opened the bucket with older content. */
export const CHECKSUM_ANNOTATION = 'checksum/objstore';
/** The same of the second bucket of a pod that opens two. */
export const SECOND_CHECKSUM_ANNOTATION = 'checksum/objstore-to';
