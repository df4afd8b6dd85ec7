import type { ThanosComponentProps } from './thanos-component';

/** Every field that any component takes. */
export const COMPONENT_FIELDS: readonly (keyof ThanosComponentProps)[] = [
  ...([
    'image',
    'logLevel',
    'logFormat',
    'resources',
    'probes',
    'security',
    'terminationGracePeriod',
    'serviceAccountName',
  ] as const),
  ...([
    'disruptionBudget',
    'antiAffinity',
    'topologySpread',
    'nodeSelector',
    'tolerations',
    'priorityClassName',
    'affinity',
  ] as const),
  ...(['extraArgs', 'env', 'envFrom', 'volumes', 'volumeMounts', 'initContainers', 'sidecars'] as const),
  ...([
    'podLabels',
    'podAnnotations',
    'annotations',
    'serviceAnnotations',
    'instance',
    'namespace',
    'clusterDomain',
  ] as const),
];
