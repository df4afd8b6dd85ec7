/** Blocks of one length and resolution in a stream: those of one receiver. */
export interface BlockGroup {
  readonly days: number;
  readonly count: number;
}

/** How long the bucket keeps each resolution, in days. */
export interface DaysKept {
  readonly raw: number;
  readonly fiveMinutes: number;
  readonly oneHour: number;
}

/** The longest block that the compactor makes, days. */
export const LONGEST_BLOCK = 14;
const HOURS_2 = 2 / 24;
const HOURS_8 = 8 / 24;

/**
 * The blocks of a stream when there are most of each length: those of 2 hours become 8 hours, then 2 days, then 14 days, and
 * of one that is older than 40 hours a copy of 5 minutes is made, of one longer than 10 days a copy of 1 hour (Thanos'
 * compact: levels 2h, 8h, 2d, 14d; DownsampleRange0 and 1).
 */
export function blocksOf({ raw, fiveMinutes, oneHour }: DaysKept): BlockGroup[] {
  const groups = [
    // a group is merged when the next block begins
    { days: HOURS_2, count: 5 },
    { days: HOURS_8, count: upTo(raw, 7, HOURS_8) },
    { days: 2, count: upTo(raw, 8, 2) },
    { days: LONGEST_BLOCK, count: Math.ceil(raw / LONGEST_BLOCK) },
    { days: 2, count: upTo(fiveMinutes, 8, 2) },
    { days: LONGEST_BLOCK, count: Math.ceil(fiveMinutes / LONGEST_BLOCK) },
    { days: LONGEST_BLOCK, count: Math.ceil(oneHour / LONGEST_BLOCK) },
  ];
  return groups.filter(({ count }) => count > 0);
}

function upTo(kept: number, most: number, days: number): number {
  return Math.min(most, Math.ceil(kept / days));
}

/** Blocks that a stream gets a day, by what is written: fresh, merged and downsampled ones. */
export const BLOCKS_A_DAY = {
  fresh: 24 / 2,
  merged: 24 / 8 + 1 / 2 + 1 / LONGEST_BLOCK,
  // of each block of 2 and of 14 days one of 5 minutes, of that of 14 days one of 1 hour
  downsampled: 1 / 2 + 2 / LONGEST_BLOCK,
} as const;
