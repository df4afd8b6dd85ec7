import { isIP } from 'node:net';
import { hostMatches, isBucketOf } from '../manifest/host-pattern';
import { isWithin, type PeerTarget } from './network-peer';
import type { Purpose } from './call';

/**
 * Why none of the peers can be who is called, as far as their names and addresses tell: an address that nobody looks up is
 * no name to Cilium, and one outside of a block is not let through. Undefined where one may be, or where that is not known.
 */
export function missedBy(
  targets: readonly PeerTarget[],
  purpose: Purpose,
  host: string | undefined,
): string | undefined {
  if (host === undefined) return undefined;
  const reasons = targets.map((target) => reason(target, purpose, host));
  return reasons.every((one) => one !== undefined) ? reasons[0] : undefined;
}

function reason({ names, cidr }: PeerTarget, purpose: Purpose, host: string): string | undefined {
  const address = isIP(host) !== 0;
  if (names && address) return `is the name ${names.join(', ')}, which no DNS answer brings to an address`;
  if (names && !names.some((name) => isNamed(name, purpose, host)))
    return `is the name ${names.join(', ')}, not this one`;
  if (!cidr || !address) return undefined;
  const own = `${host}/${isIP(host) === 4 ? 32 : 128}`;
  const inside = cidr.cidr === own || isWithin(own, cidr.cidr);
  const left = cidr.except.some((block) => block === own || isWithin(own, block));
  return inside && !left ? undefined : `is ${[cidr.cidr, ...cidr.except.map((one) => `without ${one}`)].join(' ')}`;
}

/** A bucket may stand before the name of its store (virtual-hosted style), and Services are another rule's. */
function isNamed(name: string, purpose: Purpose, host: string): boolean {
  return hostMatches(name, host) || (purpose === 'objstore' && isBucketOf(name, host));
}
