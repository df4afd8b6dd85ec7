import type { Chart } from 'cdk8s';
import { type HashringOptions, Receiver, ReceiveRouter, type ReceiveRouterProps, TenantMatcher } from '../../src/index';
import { chart, find, type Json } from '../render';
import { make, type Made } from './made';

/** Addresses of so many members in each zone. */
const zones = (...sizes: number[]): HashringOptions['zoneEndpoints'] =>
  Object.fromEntries(
    sizes.map((size, i) => ['abc'[i], Array.from({ length: size }, (_, n) => `${'abc'[i]}${n}.example.com:10901`)]),
  );

function router(ring: HashringOptions, props: Partial<ReceiveRouterProps> = {}): Made<ReceiveRouter> {
  return make((scope) => new ReceiveRouter(scope, 'Router', { rings: [ring], ...props }));
}

function ringOf({ objects }: Made<ReceiveRouter>): Json {
  return JSON.parse(find(objects, 'ConfigMap', 'thanos-receive-router-hashrings').data['hashrings.json'])[0];
}

describe('zones', () => {
  it('of receivers and of members elsewhere reach the ring', () => {
    const made = make((scope: Chart) => {
      const receivers = ['a', 'b'].map(
        (zone) => new Receiver(scope, `Receiver-${zone}`, { zone, replicas: 1, ingestOnly: true }),
      );
      return new ReceiveRouter(scope, 'Router', {
        rings: [{ receivers, zoneEndpoints: { b: ['other:10901'], c: ['more:10901'] } }],
      });
    });
    expect(ringOf(made).endpoints).toEqual([
      { address: 'thanos-receiver-a-0.thanos-receiver-a-headless.monitoring.svc.cluster.local:10901', az: 'a' },
      { address: 'thanos-receiver-b-0.thanos-receiver-b-headless.monitoring.svc.cluster.local:10901', az: 'b' },
      { address: 'other:10901', az: 'b' },
      { address: 'more:10901', az: 'c' },
    ]);
    expect(made.flag('--receive.replication-factor')).toEqual(['3']);
    expect(made.warnings).toEqual([]);
  });

  it('of nodes are asked for beside other labels', () => {
    const nodes = (nodeSelector: Record<string, string>) =>
      make((scope) => new Receiver(scope, 'Receiver', { zone: 'a', nodeSelector })).pod.nodeSelector;
    expect(nodes({ disk: 'ssd' })).toEqual({ disk: 'ssd', 'topology.kubernetes.io/zone': 'a' });
    expect(() => nodes({ 'topology.kubernetes.io/zone': 'b' })).toThrow(
      'cdk8s-thanos: test/Receiver: zone: is "a", but nodeSelector asks for nodes of "b". Drop one of the two',
    );
  });

  it('that are too few for a majority of the copies are a warning', () => {
    expect(router({ zoneEndpoints: zones(2, 2) }).warnings).toEqual([
      'test/Router: replicationFactor: is 3 over 2 zones: one of them has 2 copies, and while it is away writes fail, which need 2. Take three zones or more',
    ]);
    expect(router({ zoneEndpoints: zones(2, 2, 2) }).warnings).toEqual([]);
    expect(router({ zoneEndpoints: zones(3) }).warnings).toEqual([]);
  });

  it.each<[string, HashringOptions, Partial<ReceiveRouterProps>, string]>([
    [
      'of some members alone',
      { endpoints: ['x:1'], zoneEndpoints: { a: ['y:1'] } },
      {},
      'rings: [0]: "x:1" is in no zone, but "y:1" is in "a". Give each member its zone, or none',
    ],
    [
      'with one member twice',
      { zoneEndpoints: { a: ['x:1'], b: ['x:1'] } },
      {},
      'rings: [0]: "x:1" is in the ring "default" twice',
    ],
    [
      'in which Thanos would search for ever',
      { zoneEndpoints: zones(1, 4) },
      { replicationFactor: 4 },
      'replicationFactor: is 4, but the zones of ring "default" have places for 3, since zone "a" has 1 and no other',
    ],
    [
      'older Thanos does not know',
      { zoneEndpoints: zones(3) },
      { image: { tag: 'v0.31.0' } },
      'image: is Thanos 0.31, but rings with zones need 0.32 or newer. Take a newer tag',
    ],
    [
      'hashmod does not know',
      { zoneEndpoints: zones(3) },
      { extraArgs: ['--receive.hashrings-algorithm=hashmod'] },
      'extraArgs: the algorithm "hashmod" knows neither zones nor shuffleSharding, which ring "default" has',
    ],
  ])('%s', (_, ring, props, message) => {
    expect(() => router(ring, props)).toThrow(`cdk8s-thanos: test/Router: ${message}`);
  });

  it.each([
    [[1, 4], 3],
    [[2, 2], 4],
    [[2, 3, 9], 8],
  ])('of %j members have places for %d copies', (sizes, places) => {
    const ring = { zoneEndpoints: zones(...sizes) };
    expect(() => router(ring, { replicationFactor: places })).not.toThrow();
    expect(() => router(ring, { replicationFactor: places + 1 })).toThrow('replicationFactor: is');
  });
});

describe('shuffle sharding', () => {
  it('says its sizes, and of each override how tenants are compared, since Thanos has no default there', () => {
    const shuffleSharding = {
      shardSize: 3,
      cacheSize: 7,
      ignoreZones: true,
      overrides: [
        { shardSize: 4, tenants: ['a'] },
        { shardSize: 6, tenants: ['big-*'], tenantMatcher: TenantMatcher.GLOB },
      ],
    };
    expect(ringOf(router({ zoneEndpoints: zones(2, 2, 2), shuffleSharding })).shuffle_sharding_config).toEqual({
      shard_size: 3,
      cache_size: 7,
      zone_awareness_disabled: true,
      overrides: [
        { shard_size: 4, tenants: ['a'], tenant_matcher_type: 'exact' },
        { shard_size: 6, tenants: ['big-*'], tenant_matcher_type: 'glob' },
      ],
    });
  });

  const six = zones(2, 2, 2);
  it.each<[string, HashringOptions, Partial<ReceiveRouterProps>, string]>([
    [
      'more than a ring has',
      { endpoints: ['a:1', 'b:1', 'c:1'], shuffleSharding: { shardSize: 4 } },
      {},
      'rings: [0]: shuffleSharding: shardSize: is 4, which is 4 of the ring; it has 3',
    ],
    [
      'more than a zone has',
      { zoneEndpoints: zones(1, 2, 2), shuffleSharding: { shardSize: 4 } },
      {},
      'rings: [0]: shuffleSharding: shardSize: is 4, which is 2 of zone "a"; it has 1',
    ],
    [
      'fewer than copies',
      { endpoints: ['a:1', 'b:1', 'c:1'], shuffleSharding: { shardSize: 2 } },
      {},
      'rings: [0]: shuffleSharding: shardSize: is 2, but each sample is stored 3 times; a tenant needs as many receivers',
    ],
    [
      'fewer than copies of some tenants',
      { zoneEndpoints: zones(4), shuffleSharding: { shardSize: 3, overrides: [{ shardSize: 1, tenants: ['x'] }] } },
      {},
      'rings: [0]: shuffleSharding: overrides: [0]: shardSize: is 1, but each sample is stored 3 times',
    ],
    [
      'an override of nobody',
      { zoneEndpoints: six, shuffleSharding: { shardSize: 3, overrides: [{ shardSize: 1, tenants: [] }] } },
      {},
      'rings: [0]: shuffleSharding: overrides: [0]: tenants: is empty; name some, or drop the override',
    ],
    [
      'a tenant twice',
      { zoneEndpoints: six, shuffleSharding: { shardSize: 3, overrides: [{ shardSize: 3, tenants: ['x', 'x'] }] } },
      {},
      'rings: [0]: shuffleSharding: overrides: [0]: tenants: "x" stands there twice',
    ],
    [
      'a glob that Thanos does not read',
      {
        zoneEndpoints: six,
        shuffleSharding: {
          shardSize: 3,
          overrides: [{ shardSize: 3, tenants: ['['], tenantMatcher: TenantMatcher.GLOB }],
        },
      },
      {},
      'rings: [0]: shuffleSharding: overrides: [0]: tenants: "[" is not a glob that Thanos reads',
    ],
    [
      'zones left out of account with many copies',
      { zoneEndpoints: six, shuffleSharding: { shardSize: 4, ignoreZones: true } },
      { replicationFactor: 4 },
      'rings: [0]: shuffleSharding: ignoreZones: with 4 copies, Thanos searches for ever',
    ],
    [
      'with an older Thanos',
      { zoneEndpoints: six, shuffleSharding: { shardSize: 3 } },
      { image: { tag: 'v0.38.0' } },
      'image: is Thanos 0.38, but rings with shuffleSharding need 0.39 or newer. Take a newer tag',
    ],
  ])('%s', (_, ring, props, message) => {
    expect(() => router(ring, props)).toThrow(`cdk8s-thanos: test/Router: ${message}`);
  });

  it('a size that is not whole for the zones is rounded up', () => {
    expect(() => router({ zoneEndpoints: six, shuffleSharding: { shardSize: 2 } })).not.toThrow();
  });

  it('globs of tenants need 0.35', () => {
    const ring = { endpoints: ['a:1'], tenants: ['x*'], tenantMatcher: TenantMatcher.GLOB };
    const props = { rings: [ring], image: { tag: 'v0.34.1' } };
    expect(() => new ReceiveRouter(chart(), 'Router', props)).toThrow(
      'image: is Thanos 0.34, but globs of tenants need 0.35 or newer',
    );
  });
});
