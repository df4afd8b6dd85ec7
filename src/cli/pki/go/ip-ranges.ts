import { addressText, short } from './alternative-names';
import type { IpRange } from './constraints-field';

/**
 * The range that holds an address, as Go looks for it: among the ranges in their order, those within another left out, only
 * the nearest below the address. That misses a range whose address is not its first one.
 */
export function rangeOf(ranges: IpRange[], address: Buffer): string | undefined {
  const set = pruned(ranges.filter(({ ip }) => ip.length === address.length));
  if (set.length === 0) return undefined;
  const at = set.findIndex(({ ip }) => Buffer.compare(ip, address) >= 0);
  const exact = at >= 0 && set[at].ip.equals(address);
  const nearest = set[exact ? at : Math.max(0, (at < 0 ? set.length : at) - 1)];
  return exact || holds(nearest, address) ? textOf(nearest) : undefined;
}

function pruned(ranges: IpRange[]): IpRange[] {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.ip, b.ip) || Buffer.compare(a.mask, b.mask));
  const kept: IpRange[] = [];
  for (const range of sorted) {
    const last = kept.at(-1);
    if (!last || !holds(last, range.ip) || !holds(last, highest(range))) kept.push(range);
  }
  return kept;
}

function highest({ ip, mask }: IpRange): Buffer {
  return Buffer.from(ip.map((byte, i) => byte | (~mask[i] & 0xff)));
}

function holds({ ip, mask }: IpRange, address: Buffer): boolean {
  const [one, other] = [short(address), short(ip)];
  const bits = mask.subarray(mask.length - one.length);
  return one.length === other.length && bits.every((bit, i) => (one[i] & bit) === (other[i] & bit));
}

function textOf({ ip, mask }: IpRange): string {
  const bits = mask.subarray(mask.length - short(ip).length);
  return `${addressText(short(ip))}/${[...bits].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)}`;
}
