import { found, InputProblem } from '../support/problem';
import type { RingEntry } from './hashring';
import type { RingMember } from './ring-member';

/** A member of a ring: address, and zone where it has one. */
export interface Placed {
  readonly address: string;
  readonly zone?: string;
}

/** The members of a ring, from all that names some. Refuses zones of some alone: Thanos takes the others for one zone more. */
export function placedMembers(
  members: readonly RingMember[],
  endpoints: readonly string[] = [],
  zoned: Readonly<Record<string, readonly string[]>> = {},
): Placed[] {
  const placed: Placed[] = [
    ...members.flatMap(({ endpoints: pods, zone }) => pods.map((address) => ({ address, zone }))),
    ...endpoints.map((address) => ({ address })),
    ...Object.entries(zoned).flatMap(([zone, all]) => all.map((address) => ({ address, zone }))),
  ];
  const [none, some] = [placed.find(({ zone }) => zone === undefined), placed.find(({ zone }) => zone !== undefined)];
  if (none && some)
    throw new InputProblem(
      `${found(none.address)} is in no zone, but ${found(some.address)} is in ${found(some.zone)}. Give each member its zone, or none`,
    );
  return placed;
}

/** The members as the file lists them. Thanos older than 0.32 knows them as texts alone. */
export function entryEndpoints(members: readonly Placed[]): RingEntry['endpoints'] {
  return members.map(({ address, zone }) => (zone === undefined ? address : { address, az: zone }));
}

/** Number of members of each zone; of a ring without zones, of the whole. */
export function zoneSizes(members: readonly Placed[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { zone = '' } of members) sizes.set(zone, (sizes.get(zone) ?? 0) + 1);
  return sizes;
}

/**
 * Refuses more copies than Thanos finds a place for: it puts no second one more into a zone than into the smallest, and
 * where that one is full, searches for ever, at start and without a word (measured).
 */
export function requirePlaces(factor: number, name: string, sizes: ReadonlyMap<string, number>): void {
  const [smallest, least] = [...sizes].reduce((a, b) => (b[1] < a[1] ? b : a), ['', Infinity]);
  const places = [...sizes.values()].reduce((sum, size) => sum + Math.min(size, least + 1), 0);
  if (factor > places)
    throw new InputProblem(
      `is ${factor}, but the zones of ring ${found(name)} have places for ${places}, since zone ${found(smallest)} has ${least} ` +
        'and no other gets more than one copy more. Give each zone as many receivers',
    );
}

/** What a zone that goes takes with it. */
export function warnOfZones(
  factor: number,
  sizes: ReadonlyMap<string, number>,
  warn: (prop: string, text: string) => void,
): void {
  if (factor < 3 || sizes.size < 2) return;
  const lost = Math.ceil(factor / sizes.size);
  const needed = Math.floor(factor / 2) + 1;
  if (factor - lost < needed)
    warn(
      'replicationFactor',
      `is ${factor} over ${sizes.size} zones: one of them has ${lost} copies, and while it is away writes fail, which need ${needed}. Take three zones or more`,
    );
}
