import type { PodOptions } from '../pod/pod-options';
import type { ThanosComponentProps } from './thanos-component';

/** Every field of PodOptions. */
export const POD_FIELDS: readonly (keyof PodOptions)[] = [
  ...(['resources', 'nodeSelector', 'tolerations', 'priorityClassName', 'affinity'] as const),
  ...(['env', 'envFrom', 'volumes', 'volumeMounts', 'initContainers', 'sidecars'] as const),
  ...(['podLabels', 'podAnnotations', 'annotations', 'serviceAnnotations'] as const),
];

/** Every field that any component takes. */
export const COMPONENT_FIELDS: readonly (keyof ThanosComponentProps)[] = [
  ...POD_FIELDS,
  ...([
    'image',
    'logLevel',
    'logFormat',
    'probes',
    'security',
    'terminationGracePeriod',
    'serviceAccountName',
  ] as const),
  ...(['disruptionBudget', 'antiAffinity', 'topologySpread', 'extraArgs'] as const),
  ...(['instance', 'namespace', 'clusterDomain'] as const),
];
