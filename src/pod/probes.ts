import { IntOrString, type Probe } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { knownFields } from '../support/shape';
import { seconds } from '../support/units';
import type { ProbeOptions, ProbesOptions } from './pod-options';

/** The probes of a container. */
export interface Probes {
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly startupProbe?: Probe;
}

/** Probes on Thanos' own `/-/healthy` and `/-/ready`; `patience` is how many liveness checks in a row may fail. */
export function thanosProbes(options: ProbesOptions = {}, patience: number): Probes {
  knownFields(options, ['liveness', 'readiness', 'startup']);
  return {
    livenessProbe: probe('/-/healthy', options.liveness ?? {}, 30, patience),
    readinessProbe: probe('/-/ready', options.readiness ?? {}, 5, undefined),
    startupProbe: options.startup && probe('/-/healthy', options.startup, 5, 60),
  };
}

function probe(path: string, options: ProbeOptions, periodSeconds: number, failures: number | undefined): Probe {
  knownFields(options, ['initialDelay', 'period', 'timeout', 'failureThreshold']);
  const { failureThreshold = failures } = options;
  if (failureThreshold !== undefined && (!Number.isInteger(failureThreshold) || failureThreshold < 1)) {
    throw new InputProblem(`failureThreshold is ${failureThreshold}; it must be a whole number of at least 1`);
  }
  return {
    httpGet: { path, port: IntOrString.fromString('http') },
    initialDelaySeconds: options.initialDelay && seconds(options.initialDelay, true),
    periodSeconds: options.period ? seconds(options.period) : periodSeconds,
    timeoutSeconds: options.timeout && seconds(options.timeout),
    failureThreshold,
  };
}
