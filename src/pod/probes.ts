import type { Duration } from 'cdk8s';
import { IntOrString, type Probe } from '../support/k8s';
import { int32, int32Seconds, struct } from '../support/rows';
import type { StructTable } from '../support/table';
import { seconds } from '../support/units';

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

const PROBE: StructTable<ProbeOptions> = {
  initialDelay: int32Seconds(0),
  period: int32Seconds(1),
  timeout: int32Seconds(1),
  failureThreshold: int32(1),
};

/** How each probe is read. */
export const PROBES: StructTable<ProbesOptions> = {
  liveness: struct(PROBE),
  readiness: struct(PROBE),
  startup: struct(PROBE),
};

/**
 * The probes of a container.
 * @internal
 */
export interface Probes {
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly startupProbe?: Probe;
}

/**
 * How the ports are asked.
 * @internal
 */
export interface ProbedPorts {
  /**
   * The HTTP port: its name, or its number.
   * @default http
   */
  readonly http?: string | number;
  /** HTTPS, of which the kubelet verifies no certificate. */
  readonly scheme?: 'HTTPS';
  /** Set where no page can be had: this port is open when the container is ready, and the HTTP port when it is healthy. */
  readonly open?: string | number;
}

/**
 * When they judge: how many liveness checks in a row may fail, how long a pod must answer before it is ready, and at which ports.
 * @internal
 */
export interface ProbePlan {
  readonly patience?: number;
  readonly settleSeconds?: number;
  readonly probed?: ProbedPorts;
}

/**
 * Probes on Thanos' own `/-/healthy` and `/-/ready`.
 * @internal
 */
export function thanosProbes(
  options: ProbesOptions = {},
  { patience, settleSeconds, probed: { http = 'http', scheme, open } = {} }: ProbePlan,
): Probes {
  const page = (path: string): Check => ({ httpGet: { path, port: portOf(http), scheme } });
  const healthy = open === undefined ? page('/-/healthy') : { tcpSocket: { port: portOf(http) } };
  const ready = open === undefined ? page('/-/ready') : { tcpSocket: { port: portOf(open) } };
  return {
    livenessProbe: probe(healthy, options.liveness ?? {}, 30, patience),
    readinessProbe: settled(probe(ready, options.readiness ?? {}, 5, undefined), settleSeconds),
    startupProbe: options.startup && probe(healthy, options.startup, 5, 60),
  };
}

type Check = Pick<Probe, 'httpGet' | 'tcpSocket'>;

function portOf(port: string | number): IntOrString {
  return typeof port === 'number' ? IntOrString.fromNumber(port) : IntOrString.fromString(port);
}

/**
 * A budget for disruptions knows no minReadySeconds: it lets the next pod go as soon as this one is ready. So a pod is ready
 * when it has answered for some time.
 */
function settled(readiness: Probe, settleSeconds?: number): Probe {
  if (settleSeconds === undefined) return readiness;
  return { ...readiness, successThreshold: Math.ceil(settleSeconds / readiness.periodSeconds!) + 1 };
}

function probe(check: Check, options: ProbeOptions, periodSeconds: number, failures: number | undefined): Probe {
  const { failureThreshold = failures } = options;
  return {
    ...check,
    initialDelaySeconds: options.initialDelay && seconds(options.initialDelay, true),
    periodSeconds: options.period ? seconds(options.period) : periodSeconds,
    timeoutSeconds: options.timeout && seconds(options.timeout),
    failureThreshold,
  };
}
