import type { Duration, Size } from 'cdk8s';

/** Level of the least important log line that is written (`--log.level`). */
export enum LogLevel {
  /** Everything, requests to the store included. */
  DEBUG = 'debug',
  /** What happens. */
  INFO = 'info',
  /** What may need attention. */
  WARN = 'warn',
  /** Failures alone. */
  ERROR = 'error',
}

/** Form of the log lines (`--log.format`). */
export enum LogFormat {
  /** `key=value` pairs. */
  LOGFMT = 'logfmt',
  /** A JSON object per line. */
  JSON = 'json',
  /** JSON with the field names of journald. */
  JOURNALD = 'journald',
}

/** How pods of one component keep away from each other's node. */
export enum AntiAffinity {
  /** No rule. */
  NONE = 'none',
  /** Different nodes where possible. */
  PREFERRED = 'preferred',
  /** Different nodes always; a pod without a free node stays pending. */
  REQUIRED = 'required',
}

/** A container image. */
export interface ImageOptions {
  /**
   * Registry and repository.
   * @default quay.io/thanos/thanos
   */
  readonly repository?: string;
  /**
   * Tag. With a digest it is for the reader only.
   * @default - the version that this library was measured with
   */
  readonly tag?: string;
  /**
   * Digest, `sha256:` and 64 hex digits.
   * @default - by tag
   */
  readonly digest?: string;
  /**
   * Names of the pull Secrets.
   * @default - none
   */
  readonly pullSecrets?: string[];
}

/** An amount of each resource. */
export interface ResourceAmounts {
  /**
   * CPU as a Kubernetes quantity: `500m`, `2`.
   * @default - none
   */
  readonly cpu?: string;
  /**
   * Memory.
   * @default - none
   */
  readonly memory?: Size;
  /**
   * Ephemeral storage: logs and emptyDir.
   * @default - none
   */
  readonly ephemeralStorage?: Size;
}

/** Resources of the Thanos container. */
export interface ResourceOptions {
  /**
   * What the scheduler sets aside.
   * @default - CPU and memory by measured footprint
   */
  readonly requests?: ResourceAmounts;
  /**
   * What the container may not exceed.
   * @default - none: a guessed limit is an outage
   */
  readonly limits?: ResourceAmounts;
}

/** Timing of one probe. */
export interface ProbeOptions {
  /**
   * Wait before the first check, whole seconds.
   * @default - none
   */
  readonly initialDelay?: Duration;
  /**
   * Time between checks, whole seconds.
   * @default - 30 s for liveness, 5 s for readiness and startup
   */
  readonly period?: Duration;
  /**
   * Time for an answer, whole seconds.
   * @default - Kubernetes' own, 1 s
   */
  readonly timeout?: Duration;
  /**
   * Failed checks in a row that count.
   * @default - 4 for liveness (8 for receiver and store), 3 for readiness, 60 for startup
   */
  readonly failureThreshold?: number;
}

/** Probes of the Thanos container: `/-/healthy` and `/-/ready`. */
export interface ProbesOptions {
  /**
   * When to restart the container.
   * @default - every 30 s
   */
  readonly liveness?: ProbeOptions;
  /**
   * When to send traffic.
   * @default - every 5 s
   */
  readonly readiness?: ProbeOptions;
  /**
   * How long to wait for a slow start before liveness counts.
   * @default - no startup probe
   */
  readonly startup?: ProbeOptions;
}

/** An environment variable of the Thanos container: a value, or one source. */
export interface EnvVariable {
  /** Name of the variable. */
  readonly name: string;
  /**
   * Value. `$(NAME)` is Kubernetes' syntax for another variable.
   * @default - from a source
   */
  readonly value?: string;
  /**
   * Secret to read from, with `key`.
   * @default - none
   */
  readonly secretName?: string;
  /**
   * ConfigMap to read from, with `key`.
   * @default - none
   */
  readonly configMapName?: string;
  /**
   * Key of the Secret or ConfigMap.
   * @default - none
   */
  readonly key?: string;
  /**
   * Field of the pod, such as `status.podIP`.
   * @default - none
   */
  readonly fieldPath?: string;
}

/** All keys of a Secret or ConfigMap as environment variables. */
export interface EnvSource {
  /**
   * Name of the Secret.
   * @default - a ConfigMap
   */
  readonly secretName?: string;
  /**
   * Name of the ConfigMap.
   * @default - a Secret
   */
  readonly configMapName?: string;
  /**
   * Put before each name.
   * @default - nothing
   */
  readonly prefix?: string;
}

/** A mount of the Thanos container. */
export interface VolumeMountOptions {
  /** Name of the volume. */
  readonly name: string;
  /** Where it appears. */
  readonly mountPath: string;
  /**
   * File or folder of the volume. Such a mount never sees an update.
   * @default - the volume's root
   */
  readonly subPath?: string;
  /**
   * Refuse writes.
   * @default false
   */
  readonly readOnly?: boolean;
}

/** A taint that the pods tolerate. */
export interface TolerationOptions {
  /**
   * Key of the taint.
   * @default - any
   */
  readonly key?: string;
  /**
   * `Equal` or `Exists`.
   * @default - Kubernetes' own, Equal
   */
  readonly operator?: string;
  /**
   * Value of the taint.
   * @default - none
   */
  readonly value?: string;
  /**
   * `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
   * @default - all
   */
  readonly effect?: string;
  /**
   * How long a running pod stays after a NoExecute taint, whole seconds.
   * @default - for ever
   */
  readonly period?: Duration;
}

/** How the pods of a component are spread over a domain. */
export interface TopologySpreadOptions {
  /** Node label that names the domain, such as `topology.kubernetes.io/zone`. */
  readonly topologyKey: string;
  /**
   * How uneven the spread may be.
   * @default 1
   */
  readonly maxSkew?: number;
  /**
   * Leave a pod pending rather than spread unevenly.
   * @default false
   */
  readonly required?: boolean;
}

/** User, group and volume group of the pods. */
export interface SecurityOptions {
  /**
   * Let OpenShift choose user, group and fsGroup: none is written. The only way to leave fsGroup out, without which
   * elsewhere the pods can't read the mounted keys.
   * @default false
   */
  readonly openShift?: boolean;
  /**
   * User id.
   * @default 65534
   */
  readonly user?: number;
  /**
   * Group id.
   * @default 65532
   */
  readonly group?: number;
  /**
   * Group that may read the mounted files and the volumes.
   * @default 65534
   */
  readonly fsGroup?: number;
}

/** Budget for voluntary disruptions (node drains). */
export interface DisruptionBudgetOptions {
  /**
   * Whether there is one.
   * @default - true when there are two or more replicas
   */
  readonly enabled?: boolean;
  /**
   * Pods that may be away at once.
   * @default 1
   */
  readonly maxUnavailable?: number;
}

/** What happens to the volumes. */
export enum VolumeRetention {
  /** They stay, with the data. */
  RETAIN = 'Retain',
  /** They are deleted, with the data. */
  DELETE = 'Delete',
}

/** The volume `data` of each pod. Kubernetes lets none of this change later. */
export interface StorageOptions {
  /**
   * Size of each volume.
   * @default - receiver 50 GiB, compactor 100 GiB, store 20 GiB, ruler 10 GiB
   */
  readonly size?: Size;
  /**
   * Storage class.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;
  /**
   * When the StatefulSet is deleted.
   * @default VolumeRetention.RETAIN
   */
  readonly whenDeleted?: VolumeRetention;
  /**
   * When the StatefulSet is scaled down.
   * @default VolumeRetention.RETAIN
   */
  readonly whenScaled?: VolumeRetention;
  /**
   * Labels of the claims.
   * @default - the selector's
   */
  readonly labels?: { [key: string]: string };
}

/** What every pod of this library can be told: resources, where it runs, and the ways out to Kubernetes' own JSON. */
export interface PodOptions {
  /**
   * Requests and limits.
   * @default - requests by measured footprint, no limits
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
  /**
   * Annotations of the Services.
   * @default - none
   */
  readonly serviceAnnotations?: { [key: string]: string };
}

/** What every component of Thanos can be told; in a stack, per component. */
export interface ComponentOptions extends PodOptions {
  /**
   * Image.
   * @default - the stack's, else quay.io/thanos/thanos in the version that this library was measured with
   */
  readonly image?: ImageOptions;
  /**
   * Log level.
   * @default - Thanos' own, info
   */
  readonly logLevel?: LogLevel;
  /**
   * Log format.
   * @default - Thanos' own, logfmt
   */
  readonly logFormat?: LogFormat;
  /**
   * Probes.
   * @default - liveness and readiness
   */
  readonly probes?: ProbesOptions;
  /**
   * User, group and fsGroup.
   * @default - the stack's, else 65534, 65532 and 65534
   */
  readonly security?: SecurityOptions;
  /**
   * How long a pod may take to stop, whole seconds. Receivers upload their head in that time.
   * @default - 900 s for the receiver, 120 s for the others
   */
  readonly terminationGracePeriod?: Duration;
  /**
   * ServiceAccount of the pods. Its token is not mounted.
   * @default - that of the S3 credentials, else the namespace's default
   */
  readonly serviceAccountName?: string;
  /**
   * Disruption budget.
   * @default - one pod at a time, when there are two or more replicas
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;
  /**
   * Whether pods of the component keep to different nodes.
   * @default AntiAffinity.PREFERRED
   */
  readonly antiAffinity?: AntiAffinity;
  /**
   * Spread over zones or other domains.
   * @default - none
   */
  readonly topologySpread?: TopologySpreadOptions[];
  /**
   * More arguments, `--flag=value` or `--flag`. One that is set already is replaced; repeatable ones are added.
   * Kubernetes expands `$(NAME)` in them.
   * @default - none
   */
  readonly extraArgs?: string[];
}

/** Where a component belongs. */
export interface PlacementProps {
  /**
   * Name of the stack: prefix of the objects' names, and the label `app.kubernetes.io/instance`.
   * @default thanos
   */
  readonly instance?: string;
  /**
   * Namespace.
   * @default - the objstore's, else the chart's, else monitoring
   */
  readonly namespace?: string;
  /**
   * DNS domain of the cluster.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}
