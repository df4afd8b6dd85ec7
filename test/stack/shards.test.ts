import { App, Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  BlockSelector,
  BlockTime,
  Compactor,
  type StackCompactorOptions,
  type StackStoreGatewayOptions,
  StoreGateway,
  ThanosStack,
  type ThanosStackProps,
} from '../../src';
import { quietly } from '../component/made';
import { problems } from '../app/boundary/boundary';
import { bucket } from '../fixtures/bucket';
import { type Json, render } from '../render';

function stack(props: ThanosStackProps): ThanosStack {
  return new ThanosStack(new App(), 'stack', { objstore: bucket(), ...props });
}

const DAYS = (days: number) => BlockTime.ago(Duration.days(days));
const TIME = [{ name: 'recent', since: DAYS(30) }, { name: 'middle', since: DAYS(365), replicas: 1 }, { name: 'old' }];

function workloads(made: ThanosStack): Json[] {
  return quietly(() => render(made)).filter(({ kind }) => kind === 'StatefulSet');
}

function flag(workload: Json, name: string): string | undefined {
  const args: string[] = workload.spec.template.spec.containers[0].args;
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Part and number of parts that a workload says it has. */
function hashOf(workload: Json): string | undefined {
  const text = flag(workload, '--selector.relabel-config');
  if (text === undefined) return undefined;
  const [hash, keep] = parse(text);
  return `${hash.source_labels.join()} ${keep.regex}/${hash.modulus}`;
}

describe('shards of store gateways', () => {
  const store = (shards: StackStoreGatewayOptions['shards'], over: StackStoreGatewayOptions = {}) =>
    stack({ storeGateway: { ...over, shards }, query: {} });

  it('by hash: each has a part, and pods, Services, budget and selector of its own', () => {
    const made = stack({ storeGateway: { shards: { hash: 3 } } });
    expect(made.storeGateway).toBeUndefined();
    expect(made.storeGateways.map(({ workloadName }) => workloadName)).toEqual(
      ['h0', 'h1', 'h2'].map((shard) => `thanos-store-${shard}`),
    );
    const all = workloads(made);
    expect(all.map(hashOf)).toEqual(['__block_id 0/3', '__block_id 1/3', '__block_id 2/3']);
    expect(all[1].spec.selector.matchLabels).toEqual({
      'app.kubernetes.io/name': 'thanos',
      'app.kubernetes.io/instance': 'thanos',
      'app.kubernetes.io/component': 'store',
      'thanos.io/shard': 'h1',
    });
    const objects = quietly(() => render(made));
    for (const kind of ['PodDisruptionBudget', 'StatefulSet'])
      expect(objects.filter((object) => object.kind === kind)).toHaveLength(3);
    expect(problems(made)).toEqual([]);
  });

  it('by time: each ends where the one before it begins, and the last has no beginning', () => {
    const all = workloads(store({ time: TIME }, { replicas: 4 }));
    const range = (workload: Json) => [
      workload.metadata.name,
      workload.spec.replicas,
      flag(workload, '--min-time'),
      flag(workload, '--max-time'),
    ];
    expect(all.map(range)).toEqual([
      ['thanos-store-recent', 4, '-30d', undefined],
      ['thanos-store-middle', 1, '-1y', '-30d'],
      ['thanos-store-old', 4, undefined, '-1y'],
    ]);
  });

  it('by both: each time in each part', () => {
    const made = store({ time: TIME.slice(1), hash: 2 });
    expect(workloads(made).map((one) => [one.metadata.name, hashOf(one), flag(one, '--min-time')])).toEqual([
      ['thanos-store-middle-h0', '__block_id 0/2', '-1y'],
      ['thanos-store-middle-h1', '__block_id 1/2', '-1y'],
      ['thanos-store-old-h0', '__block_id 0/2', undefined],
      ['thanos-store-old-h1', '__block_id 1/2', undefined],
    ]);
    expect(problems(made)).toEqual([]);
  });

  it('are all sources of Query', () => {
    const made = store({ time: TIME, hash: 2 });
    const query = quietly(() => render(made)).find(({ metadata }) => metadata.name === 'thanos-query')!;
    for (const gateway of made.storeGateways)
      expect(flag(query, '--endpoint.sd-config')).toContain(gateway.storeApiAddress);
  });

  it('all ignore what the compactor marked in time', () => {
    const made = stack({ storeGateway: { shards: { hash: 2 } }, compactor: { deleteDelay: Duration.hours(4) } });
    const stores = workloads(made).filter(({ metadata }) => metadata.name.includes('store'));
    expect(stores.map((one) => flag(one, '--ignore-deletion-marks-delay'))).toEqual(['2h', '2h']);
  });

  it.each<[string, object, string]>([
    ['none', {}, 'shards: is empty; give hash, time or both, or leave it out'],
    ['a number', 3 as unknown as object, 'shards: is 3, not an object with fields. Give { hash: 3 }, or { time: […] }'],
    ['one part', { hash: 1 }, 'shards: hash: is 1; it must be a whole number of at least 2'],
    ['one time', { time: [{ name: 'a' }] }, 'shards: time: has fewer than two parts'],
    [
      'a hole before',
      { time: [TIME[0], { name: 'b', since: DAYS(60) }] },
      'shards: time: [1]: since: leaves a hole: nobody would serve what is older. Leave it out of the last part',
    ],
    [
      'an overlap',
      { time: [TIME[0], { name: 'b', since: DAYS(10) }, { name: 'c' }] },
      'shards: time: [1]: since: -10d is not before -30d, where the part before it begins',
    ],
    [
      'no beginning of the newest',
      { time: [{ name: 'a' }, { name: 'b' }] },
      'shards: time: [0]: since: is missing; only the last part, the oldest, has no beginning',
    ],
    [
      'a name twice',
      { time: [TIME[0], { name: 'recent' }] },
      'shards: time: "recent" is the name of two parts; give each its own',
    ],
    ['a name that is none', { time: [{ name: 'A' }] }, 'shards: time: [0]: name: "A" is not a DNS label'],
  ])('refuses %s', (_, shards, message) => {
    expect(() => store(shards)).toThrow(`cdk8s-thanos: stack: storeGateway: ${message}`);
  });

  it.each<[string, StackStoreGatewayOptions, object]>([
    ['blocks', { blocks: BlockSelector.labelValues('a', ['b']) }, { hash: 2 }],
    ['minTime', { minTime: DAYS(9) }, { time: TIME }],
    ['maxTime', { maxTime: DAYS(9) }, { time: TIME }],
  ])('refuses %s beside shards that decide it', (prop, over, shards) => {
    expect(() => store(shards, over)).toThrow(
      `cdk8s-thanos: stack: storeGateway: ${prop}: is what shards decides for each part. Drop one of the two`,
    );
  });
});

describe('shards of compactors', () => {
  const compactor = (shards: StackCompactorOptions['shards'], over: StackCompactorOptions = {}) =>
    stack({ compactor: { ...over, shards } });

  it('by a hash of labels', () => {
    const made = compactor({ hash: { total: 2, labels: ['cluster', 'tenant_id'] } });
    expect(made.compactor).toBeUndefined();
    expect(workloads(made).map((one) => [one.metadata.name, hashOf(one)])).toEqual([
      ['thanos-compactor-h0', 'cluster,tenant_id 0/2'],
      ['thanos-compactor-h1', 'cluster,tenant_id 1/2'],
    ]);
    expect(made.compactors).toHaveLength(2);
    expect(problems(made)).toEqual([]);
  });

  it('by the values of a label, one of them for the rest', () => {
    const parts = [
      { name: 'eu', values: ['eu-1', 'eu-2'] },
      { name: 'us', values: ['us.1'] },
    ];
    const made = compactor({ values: { label: 'cluster', parts: [...parts, { name: 'rest' }] } });
    const rules = workloads(made).map((one) => parse(flag(one, '--selector.relabel-config')!)[0]);
    expect(rules.map(({ action, regex }) => `${action} ${regex}`)).toEqual([
      'keep eu-1|eu-2',
      'keep us\\.1',
      'drop eu-1|eu-2|us\\.1',
    ]);
    expect(problems(made)).toEqual([]);
    expect(problems(compactor({ values: { label: 'cluster', parts, whole: true } }))).toEqual([]);
  });

  const values = (parts: object[], over = {}) => ({ values: { label: 'cluster', parts, ...over } });
  const [a, b, rest] = [{ name: 'a', values: ['x'] }, { name: 'b', values: ['y'] }, { name: 'rest' }];
  it.each<[string, object, string]>([
    ['none', {}, 'shards: give hash or values, exactly one of the two'],
    [
      'a number',
      3 as unknown as object,
      'shards: is 3, not an object with fields. Give { hash: { total: 3, labels: […] } }, or { values: { label: …, parts: […] } }',
    ],
    ['both', { hash: { total: 2, labels: ['a'] }, ...values([a, rest]) }, 'shards: give hash or values, exactly one'],
    ['a hash of nothing', { hash: { total: 2 } }, 'shards: hash: labels: is missing. Name the external labels'],
    ['one part', values([a]), 'shards: values: parts: are fewer than two'],
    ['a hole', values([a, b]), 'shards: values: parts: leave a hole: blocks with other values have no compactor'],
    [
      'an overlap',
      values([a, { name: 'c', values: ['y', 'x'] }, rest]),
      'shards: values: parts: overlap: "x" is in two; two compactors on a block corrupt it',
    ],
    ['two for the rest', values([rest, { name: 'c' }]), 'shards: values: parts: "rest" and "c" both have no values'],
    ['a name twice', values([a, { name: 'a' }]), 'shards: values: parts: "a" is the name of two; give each its own'],
    [
      'a whole with a rest',
      values([a, rest], { whole: true }),
      'shards: values: whole: has no effect, since "rest" takes the rest. Drop it',
    ],
  ])('refuses %s', (_, shards, message) => {
    expect(() => compactor(shards)).toThrow(`cdk8s-thanos: stack: compactor: ${message}`);
  });

  it('refuses blocks beside shards, and a hash of the label of replicas', () => {
    const hash = { total: 2, labels: ['prometheus_replica'] };
    expect(() => compactor({ hash }, { blocks: BlockSelector.labelValues('a', ['b']) })).toThrow(
      'cdk8s-thanos: stack: compactor: blocks: is what shards decides for each part. Drop one of the two',
    );
    expect(() => compactor({ hash }, { verticalCompaction: { replicaLabels: ['prometheus_replica'] } })).toThrow(
      'cdk8s-thanos: stack/Compactor-h0: blocks: "prometheus_replica" is one of verticalCompaction.replicaLabels',
    );
    for (const label of ['receive_replica', 'rule_replica']) {
      const parts = [{ name: 'a', values: ['x'] }, { name: 'rest' }];
      const message = (id: string) =>
        `cdk8s-thanos: stack/Compactor-${id}: blocks: "${label}" tells replicas apart, which would have several compactors`;
      expect(() => compactor({ hash: { total: 2, labels: ['cluster', label] } })).toThrow(message('h0'));
      expect(() => compactor({ values: { label, parts } })).toThrow(message('a'));
    }
  });
});

describe('parts that are made by hand', () => {
  /** What synth says of compactors or store gateways with these blocks, on the bucket of one stack. */
  function said(kind: 'compactor' | 'store', ...blocks: BlockSelector[]): string[] {
    const made = stack({ preflight: {} });
    blocks.forEach((selector, i) => {
      const props = { objstore: made.objstore!, shard: `s${i}`, blocks: selector };
      if (kind === 'compactor') new Compactor(made, `C${i}`, props);
      else new StoreGateway(made, `S${i}`, props);
    });
    return problems(made);
  }
  const hash = (index: number, total: number, ...labels: string[]) =>
    BlockSelector.hash({ index, total, labels: labels.length > 0 ? labels : undefined });
  const { labelValues, otherThan } = BlockSelector;

  it.each<[string, BlockSelector[]]>([
    ['hashes', [hash(0, 2, 'a'), hash(1, 2, 'a')]],
    ['values', [labelValues('a', ['x']), labelValues('a', ['y', 'z']), otherThan('a', ['z', 'y', 'x'])]],
  ])('compactors apart by %s are fine', (_, blocks) => {
    expect(said('compactor', ...blocks)).toEqual([]);
  });

  it.each<[string, BlockSelector[]]>([
    ['the same part', [hash(0, 2, 'a'), hash(0, 2, 'a'), hash(1, 2, 'a')]],
    ['another hash', [hash(0, 2, 'a'), hash(1, 2, 'b')]],
    ['other parts', [hash(0, 2, 'a'), hash(1, 3, 'a')]],
    ['a shared value', [labelValues('a', ['x', 'y']), labelValues('a', ['y'])]],
    ['a rest that is more', [labelValues('a', ['x', 'y']), otherThan('a', ['x'])]],
    ['two rests', [otherThan('a', ['x']), otherThan('a', ['y'])]],
    ['values of two labels', [labelValues('a', ['x']), labelValues('b', ['y'])]],
    ['a hash and a value', [hash(0, 2, 'a'), labelValues('a', ['x'])]],
  ])('compactors with %s are refused', (_, blocks) => {
    expect(said('compactor', ...blocks)[0]).toMatch(
      /cdk8s-thanos: stack\/C1: blocks: overlap with those of stack\/C0 on the same bucket \(.*\); two compactors on a block corrupt it/,
    );
  });

  it('a part that nobody has is a hole', () => {
    expect(said('compactor', hash(0, 3, 'a'), hash(2, 3, 'a'))).toEqual([
      expect.stringContaining('stack/C0: blocks: is a part of 3, but nobody in the app compacts part 1. Add it'),
    ]);
    expect(said('store', hash(1, 3))).toEqual([
      expect.stringContaining('stack/S0: blocks: is a part of 3, but nobody in the app serves part 0, 2. Add it'),
    ]);
  });

  it('store gateways that overlap are refused', () => {
    expect(said('store', hash(0, 2), hash(1, 2), hash(1, 2))).toEqual([
      expect.stringContaining('stack/S2: blocks: overlap with those of stack/S1: both serve them'),
    ]);
    expect(said('store', hash(0, 2), hash(1, 2))).toEqual([]);
  });

  it('a compactor beside one of all blocks is refused', () => {
    const made = stack({ compactor: {} });
    const props = { objstore: made.objstore!, instance: 'other', blocks: labelValues('a', ['x']) };
    new Compactor(made, 'Second', props);
    expect(problems(made)).toEqual([
      expect.stringContaining('stack/Second: objstore: a second compactor on the bucket'),
    ]);
  });

  it('an argument that takes the place of blocks counts as it stands', () => {
    const made = stack({ preflight: {} });
    for (const [i, regex] of ['x', 'y'].entries())
      new Compactor(made, `C${i}`, {
        objstore: made.objstore!,
        shard: `s${i}`,
        blocks: labelValues('a', ['same']),
        extraArgs: [`--selector.relabel-config=- {action: keep, source_labels: [a], regex: ${regex}}`],
      });
    expect(problems(made)).toEqual([]);
  });
});
