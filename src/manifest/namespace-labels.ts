/** Label that every namespace has, with its own name. */
export const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Among the labels of pods, as Cilium sees them, that which says their namespace. */
export const CILIUM_NAMESPACE = 'io.kubernetes.pod.namespace';
/** And what stands before the labels of that namespace. */
export const CILIUM_NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
