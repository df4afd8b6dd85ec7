import { Size } from 'cdk8s';
import type { AutoscalingOptions, ThanosComponent } from '../../src/index';
import type { Json } from '../render';
import type { PropCase } from './prop-cases';

/** Every option of an autoscaler. */
export const AUTOSCALING: AutoscalingOptions = {
  maxReplicas: 9,
  cpu: '500m',
  memory: Size.gibibytes(2),
  metrics: [
    { type: 'Pods', pods: { metric: { name: 'queries' }, target: { type: 'AverageValue', averageValue: '7' } } },
  ],
  behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
};

/** The option of every component that keeps nothing. */
export const AUTOSCALING_CASE: PropCase<AutoscalingOptions, ThanosComponent> = {
  value: AUTOSCALING,
  reaches: ({ objects, workload }) => {
    const { name } = workload.metadata;
    const [{ spec, metadata }] = objects.filter(({ kind }: Json) => kind === 'HorizontalPodAutoscaler');
    expect(metadata).toMatchObject({ name, labels: workload.metadata.labels });
    expect(spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      maxReplicas: 9,
      behavior: AUTOSCALING.behavior,
    });
    expect(spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '500m' } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '2Gi' } } },
      ...AUTOSCALING.metrics!,
    ]);
    expect(workload.spec).not.toHaveProperty('replicas');
  },
};
