import { App, Size } from 'cdk8s';
import { ThanosStack, type ThanosStackProps } from '../../src';
import { problems } from '../app/boundary/boundary';
import { quietly } from '../component/made';
import { bucket } from '../fixtures/bucket';
import { find, type Json, render } from '../render';

const ZONES = ['eu-1a', 'eu-1b', 'eu-1c'];

function stack(props: Partial<ThanosStackProps> = {}): ThanosStack {
  const parts = { receiver: {}, receiveRouter: {}, storeGateway: {}, query: {}, queryFrontend: {} };
  return new ThanosStack(new App(), 'stack', { objstore: bucket(), zones: ZONES, ...parts, ...props });
}

const objects = (made: ThanosStack): Json[] => quietly(() => render(made));
const named = (all: Json[], kind: string): string[] =>
  all.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
const ringsOf = (all: Json[]): Json[] =>
  JSON.parse(find(all, 'ConfigMap', 'thanos-receive-router-hashrings').data['hashrings.json']);

it('have receivers and store gateways each, on nodes of the zone, that no other selector finds', () => {
  const made = stack();
  const all = objects(made);
  expect(named(all, 'StatefulSet')).toEqual([
    ...ZONES.map((zone) => `thanos-receiver-${zone}`),
    ...ZONES.map((zone) => `thanos-store-${zone}`),
  ]);
  for (const zone of ZONES) {
    const { spec } = find(all, 'StatefulSet', `thanos-receiver-${zone}`);
    expect(spec.replicas).toBe(1);
    expect(spec.template.spec.nodeSelector).toEqual({ 'topology.kubernetes.io/zone': zone });
    expect(spec.selector.matchLabels).toEqual({
      'app.kubernetes.io/name': 'thanos',
      'app.kubernetes.io/instance': 'thanos',
      'app.kubernetes.io/component': 'receiver',
      'thanos.io/zone': zone,
    });
  }
  expect(problems(made)).toEqual([]);
  expect([made.receiver, made.storeGateway]).toEqual([undefined, undefined]);
  expect(made.receivers.map(({ workloadName }) => workloadName)).toEqual(named(all, 'StatefulSet').slice(0, 3));
  expect(made.storeGateways).toHaveLength(3);
});

it('are known to the one ring, which has a copy of each sample in each', () => {
  const all = objects(stack({ receiver: { replicas: 2 } }));
  const [ring, ...more] = ringsOf(all);
  expect(more).toEqual([]);
  expect(ring.endpoints.map(({ az }: Json) => az)).toEqual(ZONES.flatMap((zone) => [zone, zone]));
  expect(ring.endpoints[3]).toEqual({
    address: 'thanos-receiver-eu-1b-1.thanos-receiver-eu-1b-headless.monitoring.svc.cluster.local:10901',
    az: 'eu-1b',
  });
  const { args } = find(all, 'Deployment', 'thanos-receive-router').spec.template.spec.containers[0];
  expect(args).toContain('--receive.replication-factor=3');
  const { args: ingestor } = find(all, 'StatefulSet', 'thanos-receiver-eu-1a').spec.template.spec.containers[0];
  expect(ingestor.join()).not.toContain('hashrings');
});

it('have one disruption budget per kind, which finds the pods of all', () => {
  const all = objects(stack({ storeGateway: { disruptionBudget: { maxUnavailable: 2 } } }));
  const budgets = all.filter(({ kind }) => kind === 'PodDisruptionBudget');
  expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(
    ['query', 'query-frontend', 'receive-router', 'receiver', 'store'].map((part) => `thanos-${part}`),
  );
  const { spec } = find(all, 'PodDisruptionBudget', 'thanos-store');
  expect(spec).toEqual({
    maxUnavailable: 2,
    selector: {
      matchLabels: {
        'app.kubernetes.io/name': 'thanos',
        'app.kubernetes.io/instance': 'thanos',
        'app.kubernetes.io/component': 'store',
      },
    },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  });
  const none = objects(stack({ receiver: { disruptionBudget: { enabled: false } }, storeGateway: { replicas: 0 } }));
  expect(named(none, 'PodDisruptionBudget').sort()).toEqual([
    'thanos-query',
    'thanos-query-frontend',
    'thanos-receive-router',
  ]);
});

it('have each part of the bucket, and a budget for each part', () => {
  const made = stack({
    zones: ['a', 'b'],
    receiver: undefined,
    receiveRouter: undefined,
    storeGateway: { shards: { hash: 2 } },
  });
  const all = objects(made);
  expect(named(all, 'StatefulSet').sort()).toEqual(
    ['a-h0', 'a-h1', 'b-h0', 'b-h1'].map((part) => `thanos-store-${part}`),
  );
  expect(find(all, 'PodDisruptionBudget', 'thanos-store-h1').spec.selector.matchLabels).toMatchObject({
    'thanos.io/shard': 'h1',
  });
  expect(problems(made)).toEqual([]);
});

it('have receivers of each ring', () => {
  const receiver = { storage: { size: Size.gibibytes(7) } };
  const made = stack({ hashrings: [{ name: 'gold', tenants: ['a'], receiver }] });
  const all = objects(made);
  expect(ringsOf(all).map(({ hashring, endpoints }) => [hashring, endpoints[0].address.split('.')[0]])).toEqual([
    ['gold', 'thanos-receiver-gold-eu-1a-0'],
    ['default', 'thanos-receiver-eu-1a-0'],
  ]);
  expect(find(all, 'PodDisruptionBudget', 'thanos-receiver-gold').spec.selector.matchLabels).toMatchObject({
    'app.kubernetes.io/component': 'receiver-gold',
  });
  expect(problems(made)).toEqual([]);
});

it('let Query ask all of them, and spread what keeps nothing', () => {
  const all = objects(stack());
  const spread = [
    {
      topologyKey: 'topology.kubernetes.io/zone',
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: expect.anything(),
    },
  ];
  for (const part of ['query', 'query-frontend', 'receive-router'])
    expect(find(all, 'Deployment', `thanos-${part}`).spec.template.spec.topologySpreadConstraints).toEqual(spread);
  const { args } = find(all, 'Deployment', 'thanos-query').spec.template.spec.containers[0];
  for (const zone of ZONES)
    for (const part of ['receiver', 'store']) expect(args.join()).toContain(`thanos-${part}-${zone}-headless`);
});

it.each<[string, Partial<ThanosStackProps>, string]>([
  ['one alone', { zones: ['a'] }, 'are fewer than two; for one zone give its label as nodeSelector'],
  ['a zone twice', { zones: ['a', 'b', 'a'] }, '"a" stands there twice'],
  ['what is no part of a name', { zones: ['a', 'B'] }, '[1]: "B" is not a DNS label'],
  ['no list', { zones: 'a' as never }, 'is "a", not a list'],
  [
    'nothing in them',
    { receiver: undefined, receiveRouter: undefined, storeGateway: undefined },
    'have no effect: there are neither receivers nor store gateways',
  ],
  ['no router', { receiveRouter: undefined }, 'need a receiveRouter, whose ring knows the receivers of all zones'],
  ['receivers that route', { receiver: { ingestOnly: false } }, 'have receivers that only ingest: one that routes'],
])('%s', (_, props, message) => {
  expect(() => stack(props)).toThrow(`cdk8s-thanos: stack: zones: ${message}`);
});

it('a budget that Kubernetes refuses is named', () => {
  expect(() => stack({ receiver: { disruptionBudget: { maxUnavailable: 0 } } })).toThrow(
    'cdk8s-thanos: stack: receiver: disruptionBudget: maxUnavailable: is 0',
  );
});

it.each<[string, Partial<ThanosStackProps>, string]>([
  [
    'a ring in a zone, and a zone of that name',
    { zones: ['a', 'gold-a'], hashrings: [{ name: 'gold', tenants: ['x'] }] },
    'thanos/Receiver-gold@a: hashring and zone: StatefulSet thanos-receiver-gold-a in namespace monitoring exists already at thanos/Receiver@gold-a, and 2 more with it. Names of hashrings and zones are joined to that of the object: give a ring or a zone of the two another name',
  ],
  [
    'a ring that is named as the headless Service',
    { hashrings: [{ name: 'headless', tenants: ['x'] }] },
    'thanos/Receiver-headless: hashring: Service thanos-receiver-headless in namespace monitoring exists already at thanos/Receiver. Names of hashrings and zones are joined',
  ],
])('%s: the error says which name to change', (_, props, message) => {
  const all = { objstore: bucket(), receiver: {}, receiveRouter: {}, ...props };
  expect(() => objects(new ThanosStack(new App(), 'thanos', all))).toThrow(message);
});
