import { Duration } from 'cdk8s';
import {
  BlockTime,
  NetworkPeer,
  type NetworkPolicyOptions,
  type StackCompactorOptions,
  type StackHashring,
  type StackStoreGatewayOptions,
  TenantMatcher,
} from '../../src/index';
import { type Spec, zonesOf } from './spec';

/** The rings of a stack. Two zones have a receiver of a ring each, and one zone three. */
export function hashrings(spec: Spec): StackHashring[] | undefined {
  const { rings, texts } = spec;
  if (rings.length === 0) return undefined;
  // as many as copies of a sample
  const shardSize = zonesOf(spec) ? 2 : 3;
  return rings.map(({ matcher, shuffle }, i) => ({
    name: `ring${i}`,
    tenants: tenantsOf(matcher, texts.webLabel, i),
    tenantMatcher: matcher === 'glob' ? TenantMatcher.GLOB : undefined,
    shuffleSharding: shuffle ? { shardSize } : undefined,
  }));
}

/** Tenants that no other ring has. */
export function tenantsOf(matcher: 'exact' | 'glob', text: string, ring: number): string[] {
  return matcher === 'glob' ? [`glob${ring}-*`] : [`${ring}${text.replace(/\p{Cc}/gu, '')}`, `exact${ring}`];
}

export function storeShards({ shards: { hash, time } }: Spec): StackStoreGatewayOptions['shards'] {
  if (!hash && !time) return undefined;
  const since = BlockTime.ago(Duration.days(30));
  return { hash: hash ? 2 : undefined, time: time ? [{ name: 'new', since }, { name: 'old' }] : undefined };
}

export function compactorShards({ shards }: Spec): StackCompactorOptions['shards'] {
  switch (shards.compactor) {
    case 'none':
      return undefined;
    case 'hash':
      return { hash: { total: 2, labels: ['cluster'] } };
    case 'values':
      return { values: { label: 'cluster', parts: [{ name: 'eu', values: ['eu-1', 'eu-2'] }, { name: 'rest' }] } };
  }
}

/** Addresses outside of the cluster: who may go there, the policies alone say. */
export const OUTSIDE = { objstore: '192.0.2.44/32', caches: '192.0.2.55/32' };

export function closed({ around }: Spec): NetworkPolicyOptions | undefined {
  if (!around.closed) return undefined;
  const outside = NetworkPeer.anywhere({ ports: [443] });
  const inside = NetworkPeer.pods({ labels: { app: 'inside' } });
  return {
    objstore: NetworkPeer.cidr(OUTSIDE.objstore, { ports: [9000] }),
    caches: NetworkPeer.cidr(OUTSIDE.caches, { ports: [6379, 11211] }),
    ...{ identity: outside, endpoints: outside, queries: outside, receivers: outside, remoteWrite: outside },
    ...{ tracing: outside, apiServer: NetworkPeer.cidr('192.0.2.1/32', { ports: [6443] }) },
    ...{ prometheus: inside, writers: inside, readers: inside, viewers: inside, gateways: inside },
  };
}
