import type { Duration } from 'cdk8s';
import type { Affinity, PodSpec, Toleration, TopologySpreadConstraint } from '../support/k8s';
import { found, InputProblem } from '../support/problem';
import { int32, listOf, oneOf, struct, wholeSecondsOrZero, yesOrNo } from '../support/rows';
import { required, type Row } from '../support/table';
import { seconds } from '../support/units';
import { orNone } from './or-none';
import { labelValue, qualifiedName } from '../support/names';

/** How pods of one component keep away from each other's node. */
export enum AntiAffinity {
  /** No rule. */
  NONE = 'none',
  /** Different nodes where possible. */
  PREFERRED = 'preferred',
  /** Different nodes always; a pod without a free node stays pending. */
  REQUIRED = 'required',
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

/** How tolerations are read. */
export const TOLERATIONS: Row<TolerationOptions[]> = listOf(
  struct<TolerationOptions>(
    {
      key: qualifiedName,
      operator: oneOf({ EQUAL: 'Equal', EXISTS: 'Exists' }),
      value: labelValue,
      effect: oneOf({ NO_SCHEDULE: 'NoSchedule', PREFER: 'PreferNoSchedule', NO_EXECUTE: 'NoExecute' }),
      period: wholeSecondsOrZero,
    },
    requireToleration,
  ),
);

/** How the spread is read. */
export const TOPOLOGY_SPREAD: Row<TopologySpreadOptions[]> = (value) => {
  const spreads = listOf(SPREAD)(value);
  const keys = spreads.map(({ topologyKey, required = false }) => `${topologyKey} ${required}`);
  const twice = spreads.find((_, i) => keys.indexOf(keys[i]) !== i);
  if (twice) throw new InputProblem(`${found(twice.topologyKey)} appears twice; give it once`);
  return spreads;
};

const SPREAD = struct<TopologySpreadOptions>({
  topologyKey: required(qualifiedName, 'Give a node label such as "topology.kubernetes.io/zone"'),
  maxSkew: int32(1),
  required: yesOrNo,
});

/**
 * Pods of one component on different nodes; soft unless told otherwise, so that a small cluster can run it.
 * @internal
 */
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
  }
}

/**
 * Spread over domains, judged by the pods of the component alone.
 * @internal
 */
export function topologySpread(
  { topologyKey, maxSkew = 1, required = false }: TopologySpreadOptions,
  matchLabels: Record<string, string>,
): TopologySpreadConstraint {
  return {
    topologyKey,
    maxSkew,
    whenUnsatisfiable: required ? 'DoNotSchedule' : 'ScheduleAnyway',
    labelSelector: { matchLabels },
  };
}

/** What of a pod's options says on which nodes it may run. */
interface PlacingOptions {
  readonly priorityClassName?: string;
  readonly nodeSelector?: { [key: string]: string };
  readonly tolerations?: TolerationOptions[];
  readonly runtimeClassName?: string;
}

/**
 * On which nodes a pod may run.
 * @internal
 */
export function placement(
  options: PlacingOptions,
): Pick<PodSpec, 'priorityClassName' | 'runtimeClassName' | 'nodeSelector' | 'tolerations'> {
  return {
    priorityClassName: options.priorityClassName,
    runtimeClassName: options.runtimeClassName,
    nodeSelector: orNone(options.nodeSelector),
    tolerations: orNone(options.tolerations?.map(toleration)),
  };
}

/** A toleration as Kubernetes writes it. */
function toleration({ period, ...rest }: TolerationOptions): Toleration {
  return { ...rest, tolerationSeconds: period && seconds(period, true) };
}

/** What the API server refuses of a toleration. */
function requireToleration({ key, operator, value, effect, period }: TolerationOptions): void {
  if (operator === 'Exists' && value !== undefined && value !== '')
    throw new InputProblem('value: has no effect with operator Exists; drop one of the two');
  if (key === undefined && operator !== 'Exists')
    throw new InputProblem('key: is missing; give the key of the taint, or operator "Exists" to tolerate any');
  if (period !== undefined && effect !== 'NoExecute')
    throw new InputProblem('period: needs effect "NoExecute", which alone ends running pods');
}
