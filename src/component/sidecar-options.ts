import type { Duration } from 'cdk8s';
import { COMPONENT_OPTIONS } from '../pod/component-options';
import type { EnvSource, EnvVariable } from '../pod/env';
import type { ImageOptions } from '../pod/image';
import type { LogFormat, LogLevel } from '../pod/logging';
import type { ProbesOptions } from '../pod/probes';
import type { ResourceOptions } from '../pod/resources';
import { duration, text, yesOrNo } from '../support/rows';
import { InputProblem, found } from '../support/problem';
import type { StructTable } from '../support/table';
import { storeUrl } from '../input/stores/common';

/** What the container of a ThanosSidecar can be told. */
export interface SidecarContainerOptions {
  /**
   * URL of the Prometheus beside it (`--prometheus.url`).
   * @default - http://localhost at the port and path that its `--web.listen-address`, `--web.route-prefix` and
   * `--web.external-url` say, else http://localhost:9090
   */
  readonly prometheusUrl?: string;
  /**
   * Path of Prometheus' data in its container (`--tsdb.path`). The volume is mounted as it is there, at the same path and
   * `subPath`.
   * @default - its `--storage.tsdb.path`; /prometheus where it has no arguments at all, as in the official image
   */
  readonly tsdbPath?: string;
  /**
   * Upload blocks that Prometheus compacted before it had a sidecar too (`--shipper.upload-compacted`).
   * @default false
   */
  readonly uploadCompacted?: boolean;
  /**
   * How long Prometheus may take to be ready (`--prometheus.ready_timeout`).
   * @default - Thanos' own, 10 min
   */
  readonly readyTimeout?: Duration;
  /**
   * Image.
   * @default - quay.io/thanos/thanos in the version that this library was measured with
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
   * Requests and limits.
   * @default - requests of 25m CPU and 128 MiB memory
   */
  readonly resources?: ResourceOptions;
  /**
   * Probes.
   * @default - on `/-/healthy` and `/-/ready`
   */
  readonly probes?: ProbesOptions;
  /**
   * More environment variables.
   * @default - none
   */
  readonly env?: EnvVariable[];
  /**
   * Environment variables from whole Secrets or ConfigMaps.
   * @default - none
   */
  readonly envFrom?: EnvSource[];
  /**
   * More arguments, `--flag=value` or `--flag`.
   * @default - none
   */
  readonly extraArgs?: string[];
}

const { image, logLevel, logFormat, resources, probes, env, envFrom, extraArgs } = COMPONENT_OPTIONS;

/** How they are read. */
export const SIDECAR_CONTAINER: StructTable<SidecarContainerOptions> = {
  prometheusUrl: storeUrl,
  tsdbPath: absolute,
  uploadCompacted: yesOrNo,
  readyTimeout: duration,
  image,
  logLevel,
  logFormat,
  resources,
  probes,
  env,
  envFrom,
  extraArgs,
};

function absolute(value: unknown): string {
  const path = text(value);
  if (/^\/[^\s$]+$/.test(path)) return path;
  throw new InputProblem(`${found(value)} is not the absolute path of a directory`);
}
