import { found, InputProblem } from '../support/problem';
import { listOf, oneOf, struct, textList, wholeNumber, yesOrNo } from '../support/rows';
import { required, type Row, type StructTable, within } from '../support/table';
import { firstTwice } from '../support/twice';
import { globPattern, TenantMatcher } from './tenant-matcher';

/** Tenants with another number of receivers. */
export interface ShardSizeOverride {
  /** Receivers of each of them. */
  readonly shardSize: number;
  /** The tenants. The first override that has a tenant counts. */
  readonly tenants: string[];
  /**
   * How `tenants` are compared.
   * @default TenantMatcher.EXACT
   */
  readonly tenantMatcher?: TenantMatcher;
}

/**
 * Each tenant's series go to some receivers of a ring alone, which its name picks: a tenant that overloads receivers takes
 * few others along. Needs Thanos 0.39; 0.41 picks others than before.
 */
export interface ShuffleShardingOptions {
  /**
   * Receivers of a tenant, at least as many as copies of a sample. Where the ring has zones, each gives as many, rounded up:
   * 4 of three zones are two of each.
   */
  readonly shardSize: number;
  /**
   * Tenants with another number.
   * @default - none
   */
  readonly overrides?: ShardSizeOverride[];
  /**
   * Tenants whose receivers each router keeps in memory.
   * @default - Thanos' own, 100
   */
  readonly cacheSize?: number;
  /**
   * Pick from all zones together instead of as many from each.
   * @default false
   */
  readonly ignoreZones?: boolean;
}

const OVERRIDE: StructTable<ShardSizeOverride> = {
  shardSize: required(wholeNumber(1), 'Give the number of receivers'),
  tenants: required(textList, 'Name the tenants'),
  tenantMatcher: oneOf(TenantMatcher, 'TenantMatcher'),
};

const TABLE: StructTable<ShuffleShardingOptions> = {
  shardSize: required(wholeNumber(1), 'Give the number of receivers of a tenant'),
  overrides: listOf(struct(OVERRIDE, requireTenants)),
  cacheSize: wholeNumber(1),
  ignoreZones: yesOrNo,
};

/** How they are read. */
export const SHUFFLE_SHARDING: Row<ShuffleShardingOptions> = struct(TABLE);

/** Thanos takes a glob that it can't read for one that no tenant matches. */
function requireTenants({ tenants, tenantMatcher }: ShardSizeOverride): void {
  if (tenants.length === 0) throw new InputProblem('tenants: is empty; name some, or drop the override');
  const twice = firstTwice(tenants);
  if (twice !== undefined) throw new InputProblem(`tenants: ${found(twice)} stands there twice`);
  if (tenantMatcher === TenantMatcher.GLOB) within('tenants', () => tenants.forEach(globPattern));
}

/** As the hashring file says it. */
export function shuffleEntry({ shardSize, overrides = [], cacheSize, ignoreZones }: ShuffleShardingOptions): object {
  return {
    shard_size: shardSize,
    cache_size: cacheSize,
    zone_awareness_disabled: ignoreZones,
    overrides: overrides.map(({ shardSize: size, tenants, tenantMatcher = TenantMatcher.EXACT }) => ({
      shard_size: size,
      tenants,
      // without one Thanos compares the tenants with nothing
      tenant_matcher_type: tenantMatcher,
    })),
  };
}

/** Refuses sizes with which writes of a tenant fail, or never end, though Thanos starts. */
export function requireShardSizes(
  { shardSize, overrides = [], ignoreZones = false }: ShuffleShardingOptions,
  factor: number,
  zones: ReadonlyMap<string, number>,
): void {
  const sizes = ignoreZones ? new Map([['', total(zones)]]) : zones;
  if (ignoreZones && zones.size > 1 && factor > 3)
    throw new InputProblem(
      `ignoreZones: with ${factor} copies, Thanos searches for ever where a tenant's receivers are not spread evenly. Leave it out`,
    );
  within('shardSize', () => requireSize(shardSize, factor, sizes));
  overrides.forEach(({ shardSize: size }, i) =>
    within(`overrides: [${i}]: shardSize`, () => requireSize(size, factor, sizes)),
  );
}

function requireSize(size: number, factor: number, zones: ReadonlyMap<string, number>): void {
  const ofEach = Math.ceil(size / zones.size);
  const small = [...zones].find(([, members]) => members < ofEach);
  if (small) {
    const [zone, members] = small;
    const where = zones.size === 1 ? 'the ring' : `zone ${found(zone)}`;
    throw new InputProblem(`is ${size}, which is ${ofEach} of ${where}; it has ${members}`);
  }
  if (ofEach * zones.size < factor)
    throw new InputProblem(`is ${size}, but each sample is stored ${factor} times; a tenant needs as many receivers`);
}

function total(zones: ReadonlyMap<string, number>): number {
  return [...zones.values()].reduce((sum, size) => sum + size, 0);
}
