import type { Duration } from 'cdk8s';
import { objectName } from '../support/names';
import { anyText, listOf, oneOf, struct, wholeSeconds } from '../support/rows';
import type { StructTable } from '../support/table';
import { IMAGE, type ImageOptions } from './image';
import { LogFormat, LogLevel } from './logging';
import { POD_OPTIONS, type PodOptions } from './pod-options';
import { SECURITY, type SecurityOptions } from './security';

/** What every pod that runs Thanos can be told: components, and the Job that proves the bucket. */
export interface ThanosPodOptions extends PodOptions {
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
   * ServiceAccount of the pods. Its token is not mounted. Where the objstore's keys are those of an account, it is that one.
   * @default - that of the objstore's keys, else the one that serviceAccount makes, else the namespace's default
   */
  readonly serviceAccountName?: string;
  /**
   * More arguments, `--flag=value` or `--flag`. One that is set already is replaced; repeatable ones are added.
   * Kubernetes expands `$(NAME)` in them.
   * @default - none
   */
  readonly extraArgs?: string[];
}

/** How the options of every pod that runs Thanos are read. */
export const THANOS_POD_OPTIONS: StructTable<ThanosPodOptions> = {
  ...POD_OPTIONS,
  image: struct(IMAGE),
  logLevel: oneOf(LogLevel, 'LogLevel'),
  logFormat: oneOf(LogFormat, 'LogFormat'),
  security: SECURITY,
  terminationGracePeriod: wholeSeconds,
  serviceAccountName: objectName,
  extraArgs: listOf(anyText),
};
