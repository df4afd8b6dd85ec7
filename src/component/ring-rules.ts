import { found, InputProblem } from '../support/problem';
import { within } from '../support/table';
import { DEFAULT_RING, type RingEntry } from './hashring';
import { requireShardSizes, shuffleEntry } from './ring-shuffle';
import { entryEndpoints, placedMembers, requirePlaces, zoneSizes } from './ring-zones';
import type { Since } from './since';
import { globPattern, TenantMatcher } from './tenant-matcher';
import type { RingMember } from './ring-member';
import type { HashringOptions } from './ring-options';
import { firstTwice } from '../support/twice';

/** A ring and its members. */
export interface JoinedRing {
  readonly name: string;
  readonly options: HashringOptions;
  readonly members: readonly RingMember[];
  readonly entry: RingEntry;
  /** Number of members of each zone; of a ring without zones, of the whole. */
  readonly zones: ReadonlyMap<string, number>;
}

/** The rings as the file lists them; refuses those in which Thanos finds no receiver, or not the one that is meant. */
export function joinRings(rings: readonly HashringOptions[]): JoinedRing[] {
  if (rings.length === 0) throw new InputProblem('is empty; a router needs a ring');
  const joined = rings.map((options, i) => within(`[${i}]`, () => join(options, rings.length > 1)));
  joined.forEach((ring, i) => within(`[${i}]`, () => requireOwnTenants(ring, joined.slice(0, i))));
  return joined;
}

function join(options: HashringOptions, several: boolean): JoinedRing {
  const { name = several ? undefined : DEFAULT_RING, tenants, tenantMatcher, shuffleSharding } = options;
  if (name === undefined) throw new InputProblem('name: is missing; of several rings each needs one');
  const members = (options.receivers ?? []).map((receiver) => receiver._member());
  const placed = placedMembers(members, options.endpoints, options.zoneEndpoints);
  if (placed.length === 0)
    throw new InputProblem(`ring ${found(name)} has no members; give receivers with replicas, or endpoints`);
  const twice = firstTwice(placed.map(({ address }) => address));
  if (twice !== undefined) throw new InputProblem(`${found(twice)} is in the ring ${found(name)} twice`);
  if (tenants?.length === 0)
    throw new InputProblem('tenants: is empty; leave it out for every tenant that no ring before has');
  const entry = {
    hashring: name,
    tenants,
    tenant_matcher_type: tenantMatcher,
    endpoints: entryEndpoints(placed),
    shuffle_sharding_config: shuffleSharding && shuffleEntry(shuffleSharding),
  };
  return { name, options, members, entry, zones: zoneSizes(placed) };
}

/** The first ring that has a tenant gets it: what an earlier one has, a later one waits for in vain. */
function requireOwnTenants(ring: JoinedRing, before: readonly JoinedRing[]): void {
  const { name, options } = ring;
  if (before.some((other) => other.name === name)) throw new InputProblem(`name: ${found(name)} is another ring's too`);
  const all = before.find((other) => other.options.tenants === undefined);
  if (all)
    throw new InputProblem(
      `ring ${found(name)} gets no tenant: ring ${found(all.name)} before it has no tenants, so it takes all. Put it last`,
    );
  for (const [i, tenant] of (options.tenants ?? []).entries())
    within(`tenants: [${i}]`, () => requireFree(tenant, ring, before));
}

function requireFree(tenant: string, { options }: JoinedRing, before: readonly JoinedRing[]): void {
  const glob = options.tenantMatcher === TenantMatcher.GLOB;
  if (glob) globPattern(tenant);
  const taker = before.find(({ options: { tenants = [], tenantMatcher } }) =>
    tenants.some(
      (other) => other === tenant || (!glob && tenantMatcher === TenantMatcher.GLOB && globPattern(other).test(tenant)),
    ),
  );
  if (taker)
    throw new InputProblem(
      `${found(tenant)} is a tenant of ring ${found(taker.name)} too, which is before it and takes it. Give it to one ring`,
    );
}

/** Copies of each sample in each of the rings. Thanos refuses to start with a ring that is smaller. */
export function requireCopies(factor: number, rings: readonly JoinedRing[]): void {
  for (const { name, entry, members, zones } of rings) {
    const size = entry.endpoints.length;
    if (factor > size)
      throw new InputProblem(
        `is ${factor}, but ring ${found(name)} has ${size} receivers; each ring needs as many as copies`,
      );
    requirePlaces(factor, name, zones);
    const other = members.find(({ ownFactor }) => ownFactor !== undefined && ownFactor !== factor);
    if (other)
      throw new InputProblem(
        `is ${factor}, but ${other.path} in ring ${found(name)} routes too, with ${other.ownFactor} copies. ` +
          'Give both the same replicationFactor, or the receiver ingestOnly: true',
      );
  }
}

/** A receiver that routes has a ring of its own pods: in any other ring the two would not agree on where a series belongs. */
export function requireOneView({ name, entry, members }: JoinedRing): void {
  const routing = members.find(({ ownFactor }) => ownFactor !== undefined);
  if (routing && entry.endpoints.length !== routing.endpoints.length)
    throw new InputProblem(
      `${routing.path} routes too, in a ring of its own pods alone, and would disagree with ring ${found(name)}. ` +
        'Give each of the receivers ingestOnly: true',
    );
}

/** Each receiver of the app that is called by Cap'n Proto says that it takes it, for whoever reads ports from its objects. */
export function requireCapnproto(rings: readonly JoinedRing[]): void {
  for (const { name, members } of rings) {
    const other = members.find(({ capnproto }) => !capnproto);
    if (other)
      throw new InputProblem(
        `protocol: is capnproto, but ${other.path} in ring ${found(name)} does not take it. Give it capnproto: true`,
      );
  }
}

/** Each tenant has receivers enough in each ring that is divided by tenants. */
export function requireTenantShards(factor: number, rings: readonly JoinedRing[]): void {
  rings.forEach(({ options: { shuffleSharding }, zones }, i) => {
    if (!shuffleSharding) return;
    within(`[${i}]: shuffleSharding`, () => requireShardSizes(shuffleSharding, factor, zones));
  });
}

/** What the rings need of Thanos, the newest first. */
export function ringNeeds(rings: readonly JoinedRing[]): Since[] {
  const some = (has: (ring: JoinedRing) => boolean): boolean => rings.some(has);
  return [
    ...(some(({ options }) => options.shuffleSharding !== undefined)
      ? [{ what: 'rings with shuffleSharding', minor: 39 }]
      : []),
    ...(some(({ options }) => options.tenantMatcher === TenantMatcher.GLOB)
      ? [{ what: 'globs of tenants', minor: 35 }]
      : []),
    ...(some(hasZones) ? [{ what: 'rings with zones', minor: 32 }] : []),
  ];
}

/** Refuses hashmod with what it does not know: Thanos does not start. */
export function requireKetama(algorithm: string | undefined, rings: readonly JoinedRing[]): void {
  if (algorithm === 'ketama') return;
  const ring = rings.find((one) => hasZones(one) || one.options.shuffleSharding !== undefined);
  if (ring)
    throw new InputProblem(
      `the algorithm ${found(algorithm)} knows neither zones nor shuffleSharding, which ring ${found(ring.name)} has. Leave it at ketama`,
    );
}

function hasZones({ zones }: JoinedRing): boolean {
  return !zones.has('');
}
