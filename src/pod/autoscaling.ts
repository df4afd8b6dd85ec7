import { type ApiObject, Lazy, type Size } from 'cdk8s';
import type { Json } from '../support/json';
import { found, InputProblem } from '../support/problem';
import { int32, jsonList, jsonObject, size, struct } from '../support/rows';
import { required, type Row, type StructTable } from '../support/table';
import { quantity } from '../support/units';
import type { Metadata } from './objects';
import { isCpu } from './resources';

/**
 * More pods when there is more to do, by a HorizontalPodAutoscaler. The Deployment then says no number of pods: whoever applies
 * it again would undo what the autoscaler did. `replicas` is the least number. Where a Deployment that runs gets one, the number
 * of its pods falls to 1 for a moment, since the field is given up with the apply.
 */
export interface AutoscalingOptions {
  /** The most pods. */
  readonly maxReplicas: number;
  /**
   * CPU that a pod should use on average, such as `500m`. An amount, not a part of the request: that is measured for an idle
   * pod.
   * @default - not looked at
   */
  readonly cpu?: string;
  /**
   * Memory that a pod should use on average.
   * @default - not looked at
   */
  readonly memory?: Size;
  /**
   * Kubernetes JSON of further `metrics`.
   * @default - none
   */
  readonly metrics?: any[];
  /**
   * Kubernetes JSON of `behavior`: how fast pods come and go.
   * @default - Kubernetes' own
   */
  readonly behavior?: any;
}

/** An option of the components that keep nothing. */
export interface AutoscaledOptions {
  /**
   * More pods when there is more to do.
   * @default - as many as replicas says
   */
  readonly autoscaling?: AutoscalingOptions;
}

const cpu: Row<string> = (value) => {
  if (isCpu(value)) return value;
  throw new InputProblem(`${found(value)} is not an amount of CPU greater than 0; write "500m" or "2"`);
};

const TABLE: StructTable<AutoscalingOptions> = {
  maxReplicas: required(int32(1), 'Give the most pods'),
  cpu,
  memory: size,
  metrics: jsonList,
  behavior: jsonObject,
};

/** How it is read. */
export const AUTOSCALING: Row<AutoscalingOptions> = struct<AutoscalingOptions>(
  TABLE,
  ({ cpu: amount, memory, metrics = [] }) => {
    if (amount === undefined && memory === undefined && metrics.length === 0)
      throw new InputProblem('says not by what; give cpu, memory or metrics');
  },
);

/**
 * The autoscaler of a Deployment, called as it is.
 * @internal
 */
export function horizontalAutoscaler(
  metadata: Metadata,
  minReplicas: number,
  { maxReplicas, cpu: amount, memory, metrics = [], behavior }: AutoscalingOptions,
): Json {
  if (minReplicas < 1) throw new InputProblem('needs replicas of at least 1, which are its least number');
  if (maxReplicas < minReplicas)
    throw new InputProblem(`maxReplicas: is ${maxReplicas}, but replicas, the least number, are ${minReplicas}`);
  const resource = (name: string, averageValue: string) => ({
    type: 'Resource',
    resource: { name, target: { type: 'AverageValue', averageValue } },
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas,
      maxReplicas,
      metrics: [
        ...(amount === undefined ? [] : [resource('cpu', amount)]),
        ...(memory === undefined ? [] : [resource('memory', quantity(memory))]),
        ...metrics,
      ],
      ...(behavior === undefined ? {} : { behavior }),
    },
  };
}

/**
 * A scaler of this workload, whatever a patch calls it: under an old name it would find nothing, and say so in its status alone.
 * @internal
 */
export function aimedAt(workload: ApiObject, scaler: Json): Json {
  const name = Lazy.any({ produce: () => workload.toJson().metadata.name });
  const ref = 'scaleTargetRef' in scaler.spec ? 'scaleTargetRef' : 'targetRef';
  return { ...scaler, spec: { ...scaler.spec, [ref]: { ...scaler.spec[ref], name } } };
}

/**
 * Says what requests would fit, and changes nothing (https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler).
 * @internal
 */
export function resourceRecommender(metadata: Metadata, { apiVersion, kind }: Json): Json {
  return {
    apiVersion: 'autoscaling.k8s.io/v1',
    kind: 'VerticalPodAutoscaler',
    metadata,
    spec: { targetRef: { apiVersion, kind, name: metadata.name }, updatePolicy: { updateMode: 'Off' } },
  };
}
