import type { StorageOptions } from '../pod/storage';

/** Ports of a component. Each has the same number in its containers and its Services. */
export enum ComponentPort {
  /** 10902: API, metrics and probes. */
  HTTP = 'http',
  /** 10901: StoreAPI. */
  GRPC = 'grpc',
  /** 19291: remote-write. */
  REMOTE_WRITE = 'remote-write',
}

/** What sets a component of one's own apart from others. */
export interface ComponentKind {
  /** Label `app.kubernetes.io/component`, end of the objects' names, and name of the container. */
  readonly component: string;
  /** The command: `['receive']`, `['tools', 'bucket', 'replicate']`. */
  readonly command: string[];
  /**
   * Its arguments, `--flag=value` or `--flag`. Logging and the bucket are added.
   * @default - none
   */
  readonly args?: string[];
  /**
   * Ports that it serves. Probes ask the HTTP port.
   * @default [ComponentPort.HTTP]
   */
  readonly ports?: ComponentPort[];
  /**
   * Pods.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Flag of the data directory, such as `--data-dir`. With it the component is a StatefulSet with a volume for each pod.
   * @default - none: a Deployment
   */
  readonly dataFlag?: string;
  /**
   * The volumes, where there is a `dataFlag`.
   * @default - 10 GiB each
   */
  readonly storage?: StorageOptions;
}
