import { JsonPatch, Size } from 'cdk8s';
import { type AutoscalingOptions, Compactor, Query, type QueryProps } from '../../src/index';
import type { Json } from '../render';
import { bucket, make, type Made } from './made';

function query(autoscaling: Partial<AutoscalingOptions>, props: Partial<QueryProps> = {}): Made<Query> {
  const own = { endpoints: ['sidecar:10901'], autoscaling: autoscaling as AutoscalingOptions, ...props };
  return make((scope) => new Query(scope, 'Query', own));
}
const scaler = ({ objects }: Made<Query>): Json =>
  objects.find(({ kind }: Json) => kind === 'HorizontalPodAutoscaler').spec;

it('replicas are the least number; there is a disruption budget where there may be two pods', () => {
  expect(scaler(query({ maxReplicas: 4, cpu: '1' })).minReplicas).toBe(2);
  const one = query({ maxReplicas: 4, cpu: '1' }, { replicas: 1 });
  expect(scaler(one).minReplicas).toBe(1);
  expect(one.budgets).toHaveLength(1);
  expect(query({ maxReplicas: 1, cpu: '1' }, { replicas: 1 }).budgets).toEqual([]);
  expect(query({ maxReplicas: 4, cpu: '1' }).budgets).toHaveLength(1);
  expect(one.construct.autoscaler?.kind).toBe('HorizontalPodAutoscaler');
});

it.each(['10', '100', '2.50', '500m'])('takes %s of CPU, as requests do', (cpu) => {
  const [{ resource }] = scaler(query({ maxReplicas: 4, cpu })).metrics;
  expect(resource.target.averageValue).toBe(cpu);
});

it('recommends for the CronJob of a compactor that works by the clock', () => {
  const made = make(
    (scope) =>
      new Compactor(scope, 'Compactor', {
        objstore: bucket(scope),
        schedule: { cron: '0 */6 * * *' },
        recommendResources: true,
      }),
  );
  const { targetRef } = made.objects.find(({ kind }: Json) => kind === 'VerticalPodAutoscaler').spec;
  expect(targetRef).toEqual({ apiVersion: 'batch/v1', kind: 'CronJob', name: 'thanos-compactor' });
});

it('autoscaler and recommender follow a workload that a patch renames', () => {
  const { objects } = make((scope) => {
    const made = new Query(scope, 'Query', {
      endpoints: ['sidecar:10901'],
      autoscaling: { maxReplicas: 4, cpu: '1' },
      recommendResources: true,
    });
    made.workload.addJsonPatch(JsonPatch.replace('/metadata/name', 'asker'));
    return made;
  });
  const refs = objects.flatMap(({ spec }: Json) => spec?.scaleTargetRef ?? spec?.targetRef ?? []);
  expect(refs.map(({ kind, name }: Json) => `${kind} ${name}`)).toEqual(['Deployment asker', 'Deployment asker']);
});

it('what is not said is not there', () => {
  expect(scaler(query({ maxReplicas: 4, memory: Size.gibibytes(1) }))).toEqual({
    scaleTargetRef: expect.anything(),
    minReplicas: 2,
    maxReplicas: 4,
    metrics: [
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
    ],
  });
});

it.each<[string, Partial<AutoscalingOptions>, Partial<QueryProps>, string]>([
  ['no most', { cpu: '1' }, {}, 'maxReplicas: is missing. Give the most pods'],
  ['nothing to go by', { maxReplicas: 3 }, {}, 'says not by what; give cpu, memory or metrics'],
  ['an empty list', { maxReplicas: 3, metrics: [] }, {}, 'says not by what; give cpu, memory or metrics'],
  [
    'fewer than the least',
    { maxReplicas: 3, cpu: '1' },
    { replicas: 4 },
    'maxReplicas: is 3, but replicas, the least number, are 4',
  ],
  ['none at all', { maxReplicas: 3, cpu: '1' }, { replicas: 0 }, 'needs replicas of at least 1'],
  [
    'a percentage',
    { maxReplicas: 3, cpu: '80%' },
    {},
    'cpu: "80%" is not an amount of CPU greater than 0; write "500m" or "2"',
  ],
  ['no CPU', { maxReplicas: 3, cpu: '0' }, {}, 'cpu: "0" is not an amount of CPU'],
])('%s', (_, autoscaling, props, message) => {
  expect(() => query(autoscaling, props)).toThrow(`cdk8s-thanos: test/Query: autoscaling: ${message}`);
});
