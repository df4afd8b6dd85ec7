import type { ReceiverOptions } from '../component/receiver';
import type { HashringOptions } from '../component/ring-options';
import type { ShuffleShardingOptions } from '../component/ring-shuffle';
import type { TenantMatcher } from '../component/tenant-matcher';
import { found, InputProblem } from '../support/problem';
import { firstTwice } from '../support/twice';

/** A hashring of a stack, and its receivers. */
export interface StackHashring {
  /** Name of the ring, and end of its receivers' name: `thanos-receiver-<name>`. */
  readonly name: string;
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
  /**
   * Its receivers. They only ingest, unless told otherwise.
   * @default - 3 replicas
   */
  readonly receiver?: ReceiverOptions;
}

/** A ring as the router takes it: without what makes its receivers. */
export function ringOf(ring: StackHashring, receivers: HashringOptions['receivers']): HashringOptions {
  const { name, tenants, tenantMatcher, shuffleSharding } = ring;
  return { name, tenants, tenantMatcher, shuffleSharding, receivers };
}

/** Refuses a router that has nobody to hand samples to. */
export function requireRings(rings: readonly HashringOptions[]): void {
  if (rings.length === 0)
    throw new InputProblem(
      'has no receivers to hand samples to. Add receiver: {} to the stack, or give it rings of receivers elsewhere',
    );
}

/** Refuses two rings of one name: their receivers would be the same objects. */
export function requireOwnNames(rings: readonly StackHashring[]): void {
  const twice = firstTwice(rings.map(({ name }) => name));
  if (twice !== undefined) throw new InputProblem(`${found(twice)} is the name of two rings; give each its own`);
}
