import type { Affinity, PodSpec, Toleration, TopologySpreadConstraint } from '../support/k8s';
import type { IConstruct } from 'constructs';
import { checked, InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { seconds } from '../support/units';
import { orNone } from './or-none';
import { AntiAffinity, type PodOptions, type TolerationOptions, type TopologySpreadOptions } from './pod-options';

/** Pods of one component on different nodes; soft unless told otherwise, so that a small cluster can run it. */
export function antiAffinity(wanted: AntiAffinity, matchLabels: Record<string, string>): Affinity | undefined {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels } };
  switch (wanted) {
    case AntiAffinity.NONE:
      return undefined;
    case AntiAffinity.REQUIRED:
      return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    case AntiAffinity.PREFERRED:
      return {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
      };
    default:
      throw new InputProblem(`${found(wanted)} is not one of ${Object.values(AntiAffinity).join(', ')}`);
  }
}

/** Spread over domains, judged by the pods of the component alone. */
export function topologySpread(
  options: TopologySpreadOptions,
  matchLabels: Record<string, string>,
): TopologySpreadConstraint {
  knownFields(options, ['topologyKey', 'maxSkew', 'required']);
  const { topologyKey, maxSkew = 1, required = false } = options;
  if (!topologyKey)
    throw new InputProblem('topologyKey is missing; give a node label such as "topology.kubernetes.io/zone"');
  if (!Number.isInteger(maxSkew) || maxSkew < 1)
    throw new InputProblem(`maxSkew is ${maxSkew}; it must be a whole number of at least 1`);
  return {
    topologyKey,
    maxSkew,
    whenUnsatisfiable: required ? 'DoNotSchedule' : 'ScheduleAnyway',
    labelSelector: { matchLabels },
  };
}

/** On which nodes a pod may run. */
export function placement(
  scope: IConstruct,
  options: PodOptions,
): Pick<PodSpec, 'priorityClassName' | 'nodeSelector' | 'tolerations'> {
  return {
    priorityClassName: options.priorityClassName,
    nodeSelector: orNone(options.nodeSelector),
    tolerations: orNone(checked(scope, 'tolerations', () => options.tolerations?.map(toleration))),
  };
}

/** A toleration as Kubernetes writes it. */
function toleration(options: TolerationOptions): Toleration {
  knownFields(options, ['key', 'operator', 'value', 'effect', 'period']);
  const { period, ...rest } = options;
  return { ...rest, tolerationSeconds: period && seconds(period, true) };
}
