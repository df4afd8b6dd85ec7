import { Size } from 'cdk8s';
import type { BucketPriceOptions, CapacityOptions } from './capacity-options';
import type { BucketNeed } from './model';

/** What the bucket of a stack holds, is asked, and costs. */
export interface BucketCapacity {
  /** What it holds once the retention is reached; of what is kept for ever, after a year. */
  readonly size: Size;
  /** What receivers upload a day. */
  readonly perDay: Size;
  /** Whether some resolution is kept for ever, so that the bucket grows without an end. */
  readonly grows: boolean;
  /** Blocks in it, at most. */
  readonly blocks: number;
  /** Requests a month (30 days) that write or list: PUT, COPY, POST, LIST. */
  readonly writesPerMonth: number;
  /** Other requests a month: GET, HEAD. */
  readonly readsPerMonth: number;
  /**
   * What a month costs, in the currency of the prices.
   * @default - no prices, no cost
   */
  readonly costPerMonth?: number;
}

const MIB = 1024 ** 2;
const GB = 1_000_000_000;

/**
 * The bucket's part of a Capacity.
 * @internal
 */
export function bucketCapacity(need: BucketNeed, { retention = {}, prices }: CapacityOptions): BucketCapacity {
  const { raw, fiveMinutes, oneHour } = retention;
  const grows = [raw, fiveMinutes, oneHour].some((kept) => kept === undefined || kept.toMilliseconds() === 0);
  return {
    size: mebibytes(need.bytes),
    perDay: mebibytes(need.bytesPerDay),
    grows,
    blocks: need.blocks,
    writesPerMonth: Math.ceil(need.writesPerMonth),
    readsPerMonth: Math.ceil(need.readsPerMonth),
    ...(prices && { costPerMonth: costOf(need, prices) }),
  };
}

function costOf(
  need: BucketNeed,
  { gigabyteMonth, thousandWrites = 0, thousandReads = 0 }: BucketPriceOptions,
): number {
  const cost =
    (need.bytes / GB) * gigabyteMonth +
    (need.writesPerMonth / 1000) * thousandWrites +
    (need.readsPerMonth / 1000) * thousandReads;
  return Math.ceil(cost * 100) / 100;
}

function mebibytes(amount: number): Size {
  return Size.mebibytes(Math.ceil(amount / MIB));
}
