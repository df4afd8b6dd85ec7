import { text, having, listOf, mapOf, oneOf, struct, textList } from '../support/rows';
import { found, InputProblem } from '../support/problem';
import { later, type StructTable } from '../support/table';
import type { Receiver } from './receiver';
import { SHUFFLE_SHARDING, type ShuffleShardingOptions } from './ring-shuffle';
import { TenantMatcher } from './tenant-matcher';

/** A hashring: receivers that share the series of some tenants. */
export interface HashringOptions {
  /**
   * Name of the ring, in logs and metrics.
   * @default - default; of several rings each needs its own
   */
  readonly name?: string;
  /**
   * The receivers whose pods are the ring.
   * @default - none: endpoints alone
   */
  readonly receivers?: Receiver[];
  /**
   * Further members, outside of this app: `host:port` of their gRPC port, one for each pod.
   * @default - none
   */
  readonly endpoints?: string[];
  /**
   * The same by their availability zones. Thanos spreads the copies of a sample over the zones of a ring, which are those
   * of its receivers (`zone`) too; then each member has one. Needs Thanos 0.32.
   * @default - none
   */
  readonly zoneEndpoints?: { [zone: string]: string[] };
  /**
   * The tenants that the ring serves. The first ring that has a tenant gets it.
   * @default - every tenant that no ring before it has
   */
  readonly tenants?: string[];
  /**
   * How `tenants` are compared.
   * @default TenantMatcher.EXACT
   */
  readonly tenantMatcher?: TenantMatcher;
  /**
   * Each tenant writes to some of the receivers alone.
   * @default - each tenant writes to all
   */
  readonly shuffleSharding?: ShuffleShardingOptions;
}

/** How a ring is read. */
export const HASHRING: StructTable<HashringOptions> = {
  name: text,
  receivers: listOf(having<Receiver>({ _member: 'function' }, 'a Receiver')),
  endpoints: listOf(member),
  zoneEndpoints: mapOf(listOf(member), text),
  tenants: textList,
  tenantMatcher: oneOf(TenantMatcher, 'TenantMatcher'),
  shuffleSharding: later(() => SHUFFLE_SHARDING),
};

/** How the rings of a router are read. */
export const HASHRINGS = listOf(struct(HASHRING));

function member(address: unknown): string {
  if (typeof address === 'string' && /^(\[[0-9a-fA-F:.]+\]|[^\s/:+%]+):[0-9]{1,5}$/.test(address)) return address;
  throw new InputProblem(`${found(address)} is not the address of one receiver; write "host:port", without scheme`);
}
