import { App, Chart } from 'cdk8s';
import { ObjstoreConfig, Query, StoreGateway, ThanosStack } from '../../src';
import { bucket } from '../fixtures/bucket';
import { deployment } from '../fixtures/workloads';
import { problems } from './boundary/boundary';

const query = { endpoints: ['a:1'] };

function stacks(...all: object[]): Chart[] {
  const app = new App();
  return all.map((props, i) => new ThanosStack(app, `stack${i}`, { query, ...props }));
}

test('two stacks of one name in one namespace are refused, each object by its path', () => {
  expect(problems(stacks({}, {})[0])).toEqual([
    expect.stringContaining(
      'cdk8s-thanos: stack1/Query/Resource: name: Deployment thanos-query in namespace monitoring exists already at stack0/Query/Resource',
    ),
    expect.stringContaining('stack1/Query/Service: name: Service thanos-query in namespace monitoring exists already'),
    expect.stringContaining('stack1/Query/DisruptionBudget: name: PodDisruptionBudget thanos-query'),
  ]);
});

test.each([
  ['names', [{ name: 'a' }, { name: 'b' }]],
  ['namespaces', [{ namespace: 'a' }, { namespace: 'b' }]],
  ['clusters', [{ cluster: 'a' }, { cluster: 'b' }]],
])('different %s keep them apart', (_, all) => {
  expect(problems(stacks(...all)[0])).toEqual([]);
});

test.each([
  ['the same cluster', [{ cluster: 'a' }, { cluster: 'a' }]],
  ['one without a cluster, which may be the same', [{ cluster: 'a' }, {}]],
  ['the third of three', [{ cluster: 'a' }, { cluster: 'b' }, { cluster: 'b' }]],
])('%s does not', (_, all) => {
  expect(problems(stacks(...all)[0])).toHaveLength(3);
});

test("somebody else's object under a name of the library is refused, from either side", () => {
  for (const first of [true, false]) {
    const scope = new Chart(new App(), 'test');
    const theirs = () => deployment(scope, undefined, { name: 'thanos-query' });
    if (first) theirs();
    new Query(scope, 'Query', query);
    if (!first) theirs();
    expect(problems(scope)).toEqual([
      expect.stringContaining('Deployment thanos-query in namespace monitoring exists already'),
    ]);
  }
});

test("two objects of somebody else's are their business", () => {
  const scope = new Chart(new App(), 'test');
  new Query(scope, 'Query', query);
  deployment(scope, undefined, { id: 'A' });
  deployment(scope, undefined, { id: 'B' });
  expect(problems(scope)).toEqual([]);
});

test('two components of one kind in one chart collide', () => {
  const scope = new Chart(new App(), 'test');
  const objstore = new ObjstoreConfig(scope, 'Bucket', bucket());
  new StoreGateway(scope, 'A', { objstore });
  new StoreGateway(scope, 'B', { objstore });
  expect(problems(scope)[0]).toContain(
    'test/B/Resource: name: StatefulSet thanos-store in namespace monitoring exists',
  );
});
