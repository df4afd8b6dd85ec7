import { App, Chart } from 'cdk8s';
import { ObjstoreConfig, PrometheusRules, Query, StoreGateway, type StoreGatewayProps, ThanosStack } from '../../src';
import { bucket } from '../fixtures/bucket';
import { deployment } from '../fixtures/workloads';
import { problems } from './boundary/boundary';

const query = { endpoints: ['a:1'] };

function stacks(...all: object[]): Chart[] {
  const app = new App();
  return all.map((props, i) => new ThanosStack(app, `stack${i}`, { query, ...props }));
}

test('two stacks of one name in one namespace are refused in one line, which names the prop that helps', () => {
  expect(problems(stacks({}, {})[0])).toEqual([
    expect.stringContaining(
      'cdk8s-thanos: stack1: name: Deployment thanos-query in namespace monitoring exists already at stack0, and 2 more with it. Give the stacks different names or namespaces, or a cluster each',
    ),
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
  expect(problems(stacks(...all)[0])).toHaveLength(1);
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

/** Store gateways of one chart. */
function gateways(...all: Partial<StoreGatewayProps>[]): Chart {
  const scope = new Chart(new App(), 'test');
  const objstore = new ObjstoreConfig(scope, 'Bucket', bucket());
  all.forEach((props, i) => new StoreGateway(scope, `Store${i}`, { objstore, ...props }));
  return scope;
}

test('two components of one kind in one chart collide, and the message names the props that help', () => {
  expect(problems(gateways({}, {}))).toEqual([
    expect.stringContaining(
      'cdk8s-thanos: test/Store1: instance: StatefulSet thanos-store in namespace monitoring exists already at test/Store0, and 3 more with it. Give one of the two another instance, shard or namespace',
    ),
  ]);
});

test.each([
  ['shards', [{ shard: 'a' }, { shard: 'b' }]],
  ['zones', [{ zone: 'a' }, { zone: 'b' }]],
  [
    'shards in zones',
    [
      { zone: 'a', shard: 'a' },
      { zone: 'b', shard: 'a' },
    ],
  ],
  ['instances', [{}, { instance: 'b' }]],
])('different %s keep components of one kind in one chart apart', (_, all) => {
  expect(problems(gateways(...all))).toEqual([]);
});

test('a component without a shard beside one with a shard is refused: it would select the pods of both', () => {
  expect(problems(gateways({ shard: 'a' }, {}))).toEqual([
    expect.stringContaining(
      'cdk8s-thanos: test/Store1: shard: is not set, but test/Store0 is the shard "a" of the same kind, whose pods the selector here would find too. Give each of them a shard',
    ),
  ]);
  expect(problems(gateways({ shard: 'a' }, { instance: 'b' }))).toEqual([]);
  const beside = (text: string) => [expect.stringContaining(`${text} of the same kind, whose pods the selector here`)];
  expect(problems(gateways({}, { zone: 'a' }))).toEqual(
    beside('test/Store0: zone: is not set, but test/Store1 is the zone "a"'),
  );
  expect(problems(gateways({ zone: 'a' }, { zone: 'b', shard: 'x' }, { zone: 'a', shard: 'x' }))).toEqual(
    beside('test/Store0: shard: is not set, but test/Store2 is the shard "x"'),
  );
});

test('two components of one stack collide as components, not as stacks', () => {
  const [stack] = stacks({});
  new Query(stack, 'Second', query);
  expect(problems(stack)).toEqual([
    expect.stringContaining(
      'stack0/Second: instance: Deployment thanos-query in namespace monitoring exists already at stack0/Query,',
    ),
  ]);
});

test('two buckets, and two sets of rules, name the prop that helps', () => {
  const scope = new Chart(new App(), 'test');
  for (const id of ['A', 'B']) {
    new ObjstoreConfig(scope, id, bucket());
    new PrometheusRules(scope, `Rules${id}`, { groups: [{ name: 'g', rules: [{ record: 'a:b', expr: 'up' }] }] });
  }
  expect(problems(scope).map((line) => line.trim())).toEqual([
    expect.stringMatching(/test\/B: instance: ConfigMap .* Give one of the two another instance or namespace$/),
    expect.stringMatching(/test\/RulesB: name: PrometheusRule thanos-rules .* another name or namespace$/),
  ]);
});
