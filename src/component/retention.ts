import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { problem } from '../support/problem';
import { durationOrZero } from '../support/rows';
import type { StructTable } from '../support/table';
import type { Flags } from './flags';

/** How long blocks are kept, by resolution. `Duration.days(0)` keeps them for ever. */
export interface RetentionOptions {
  /**
   * Raw samples. At least 40 hours, or downsampling would never see them.
   * @default Duration.days(0)
   */
  readonly raw?: Duration;
  /**
   * Samples of 5 minutes. At least 10 days, or downsampling would never see them.
   * @default Duration.days(0)
   */
  readonly fiveMinutes?: Duration;
  /**
   * Samples of 1 hour.
   * @default Duration.days(0)
   */
  readonly oneHour?: Duration;
}

/** How they are read. */
export const RETENTION: StructTable<RetentionOptions> = {
  raw: durationOrZero,
  fiveMinutes: durationOrZero,
  oneHour: durationOrZero,
};

const UNITS: Record<string, number> = { y: 365 * 24, w: 7 * 24, d: 24, h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3600e3 };

const LEAST = [
  { flag: '--retention.resolution-raw', name: 'raw', hours: 40, text: '40 hours' },
  { flag: '--retention.resolution-5m', name: 'fiveMinutes', hours: 240, text: '10 days' },
];

/**
 * Thanos' own rules (cmd/thanos/compact.go): a resolution must live until the next one was made of it.
 * @internal
 */
export function requireRetention(construct: IConstruct, flags: Flags): void {
  if (flags.has(/^--downsampling\.disable$/)) return;
  for (const { flag, name, hours, text } of LEAST) {
    const given = flags.value(flag);
    const kept = given === undefined ? 0 : hoursOf(given);
    if (kept === 0 || kept >= hours) continue;
    throw problem(
      construct,
      'retention',
      `${name} is ${given}; it must be ${text} or more, or 0 to keep everything: before that nothing is downsampled from it`,
    );
  }
}

/** Hours of a duration as Prometheus writes it. What is none is Thanos' to refuse, and counts as no limit here. */
export function hoursOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[ywdhms])/g)];
  if (parts.map(([part]) => part).join('') !== text) return 0;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0);
}
