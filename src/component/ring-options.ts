import { text, having, listOf, oneOf, struct, textList } from '../support/rows';
import { found, InputProblem } from '../support/problem';
import type { StructTable } from '../support/table';
import type { Receiver } from './receiver';

/** How the names of tenants are compared. */
export enum TenantMatcher {
  /** The whole name. */
  EXACT = 'exact',
  /** A pattern of the whole name: `*` and `?` stand for anything but a slash, `[a-c]` for one character. */
  GLOB = 'glob',
}

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
   * The tenants that the ring serves. The first ring that has a tenant gets it.
   * @default - every tenant that no ring before it has
   */
  readonly tenants?: string[];
  /**
   * How `tenants` are compared.
   * @default TenantMatcher.EXACT
   */
  readonly tenantMatcher?: TenantMatcher;
}

/** How a ring is read. */
export const HASHRING: StructTable<HashringOptions> = {
  name: text,
  receivers: listOf(having<Receiver>({ _member: 'function' }, 'a Receiver')),
  endpoints: listOf(member),
  tenants: textList,
  tenantMatcher: oneOf(TenantMatcher),
};

/** How the rings of a router are read. */
export const HASHRINGS = listOf(struct(HASHRING));

function member(address: unknown): string {
  if (typeof address === 'string' && /^(\[[0-9a-fA-F:.]+\]|[^\s/:+%]+):[0-9]{1,5}$/.test(address)) return address;
  throw new InputProblem(`${found(address)} is not the address of one receiver; write "host:port", without scheme`);
}
