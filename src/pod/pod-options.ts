import { objectName } from '../support/names';
import { annotationMap, labelMap } from '../support/rows';
import type { StructTable } from '../support/table';
import { ENV, ENV_FROM, type EnvSource, type EnvVariable } from './env';
import { DNS, type DnsOptions, HOST_ALIASES, type HostAliasOptions } from './dns';
import { VOLUME_MOUNTS, type VolumeMountOptions } from './mounts';
import { RAW_AFFINITY, RAW_CONTAINERS, RAW_LIFECYCLE, RAW_VOLUMES } from './raw';
import { RESOURCES, type ResourceOptions } from './resources';
import { TOLERATIONS, type TolerationOptions } from './scheduling';

/** What every pod of this library can be told: resources, where it runs, and the ways out to Kubernetes' own JSON. */
export interface PodOptions {
  /**
   * Requests and limits.
   * @default - requests by measured footprint; no limits, but Grafana's memory
   */
  readonly resources?: ResourceOptions;
  /**
   * Labels that a node must have.
   * @default - any node; for Thanos components in a stack, the stack's
   */
  readonly nodeSelector?: { [key: string]: string };
  /**
   * Taints that the pods tolerate.
   * @default - none; for Thanos components in a stack, the stack's
   */
  readonly tolerations?: TolerationOptions[];
  /**
   * Priority class.
   * @default - the cluster's default; for Thanos components in a stack, the stack's
   */
  readonly priorityClassName?: string;
  /**
   * Kubernetes JSON of `affinity`. A Thanos component uses it instead of `antiAffinity`.
   * @default - from antiAffinity, where there is one
   */
  readonly affinity?: any;
  /**
   * Runtime class, such as that of gVisor.
   * @default - the cluster's
   */
  readonly runtimeClassName?: string;
  /**
   * Names of hosts beside what DNS says.
   * @default - none
   */
  readonly hostAliases?: HostAliasOptions[];
  /**
   * How the pods look up names.
   * @default - Kubernetes' own
   */
  readonly dns?: DnsOptions;
  /**
   * Kubernetes JSON of the main container's `lifecycle`, in place of the library's own; `{}` for none.
   * @default - of Query, QueryFrontend, ReceiveRouter and BucketWeb a preStop of `sleep 5`, so that a pod which ends answers until
   * each node has taken its address out of the Service; of others none
   */
  readonly lifecycle?: any;
  /**
   * Environment of the main container. A variable that is set already is replaced.
   * @default - none
   */
  readonly env?: EnvVariable[];
  /**
   * Environment of the main container from whole Secrets and ConfigMaps.
   * @default - none
   */
  readonly envFrom?: EnvSource[];
  /**
   * Kubernetes JSON of further volumes.
   * @default - none
   */
  readonly volumes?: any[];
  /**
   * Mounts of the main container.
   * @default - none
   */
  readonly volumeMounts?: VolumeMountOptions[];
  /**
   * Kubernetes JSON of containers that run before the main one.
   * @default - none
   */
  readonly initContainers?: any[];
  /**
   * Kubernetes JSON of containers that run beside the main one.
   * @default - none
   */
  readonly sidecars?: any[];
  /**
   * Labels of the pods.
   * @default - the three that select them
   */
  readonly podLabels?: { [key: string]: string };
  /**
   * Annotations of the pods.
   * @default - the checksum, where the pods open the bucket
   */
  readonly podAnnotations?: { [key: string]: string };
  /**
   * Annotations of the workload itself, for GitOps tools.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** How the options of every pod are read. */
export const POD_OPTIONS: StructTable<PodOptions> = {
  resources: RESOURCES,
  nodeSelector: labelMap,
  tolerations: TOLERATIONS,
  priorityClassName: objectName,
  affinity: RAW_AFFINITY,
  runtimeClassName: objectName,
  hostAliases: HOST_ALIASES,
  dns: DNS,
  lifecycle: RAW_LIFECYCLE,
  env: ENV,
  envFrom: ENV_FROM,
  volumes: RAW_VOLUMES,
  volumeMounts: VOLUME_MOUNTS,
  initContainers: RAW_CONTAINERS,
  sidecars: RAW_CONTAINERS,
  podLabels: labelMap,
  podAnnotations: annotationMap,
  annotations: annotationMap,
};
