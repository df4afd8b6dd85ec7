/** Label of the program, `thanos` or `grafana`. */
export const NAME_LABEL = 'app.kubernetes.io/name';
/** Label of the stack. */
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';
/** Label of the kind of a component. */
export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** The labels that select a component's pods. Kubernetes never lets them change, so nothing else joins them. */
export function selectorLabels(instance: string, component: string, name = 'thanos'): Record<string, string> {
  return { ...objectLabels(instance, name), [COMPONENT_LABEL]: component };
}

/** The labels of an object that belongs to no single component. */
export function objectLabels(instance: string, name = 'thanos'): Record<string, string> {
  return { [NAME_LABEL]: name, [INSTANCE_LABEL]: instance };
}

/** Pod template annotation whose change rolls the pods that opened the bucket with older content. */
export const CHECKSUM_ANNOTATION = 'checksum/objstore';
/** The same of the second bucket of a pod that opens two. */
export const SECOND_CHECKSUM_ANNOTATION = 'checksum/objstore-to';
