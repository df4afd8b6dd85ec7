import type { Duration } from 'cdk8s';
import type { RetentionOptions } from '../component/retention';
import type { CapacityOptions } from './capacity-options';
import { milliseconds } from '../support/units';
import type { Load, Need, Needs } from './model';

const HOUR = 3600 * 1000;

/**
 * What the figures of a Capacity leave out, and what to watch.
 * @internal
 */
export function notesOf(options: CapacityOptions, { largestPod, copies }: Load, needs: Needs): string[] {
  const { raw, fiveMinutes, oneHour } = options.retention ?? {};
  const notes: string[] = [];
  if (options.newSeriesPerDay === undefined)
    notes.push(
      'no series are new each day: where pods come and go, give newSeriesPerDay, or compactor and store run short',
    );
  if (options.prometheusReplicas === undefined)
    notes.push('each series is written once: where a pair of Prometheus writes it, give prometheusReplicas');
  if (needs.store.memory > largestPod) notes.push(storeNote(needs.store, largestPod));
  if (needs.compactor.memory > largestPod)
    notes.push('the compactor needs more than largestPod: a smaller one makes more receivers, and each block smaller');
  if (needs.query.memory > largestPod)
    notes.push('Query needs more than largestPod: queries over so many samples are better refused with query limits');
  if (copies === 2)
    notes.push('with a replicationFactor of 2 one copy counts as written: a lost volume can lose samples');
  for (const short of tooShort({ raw, fiveMinutes }))
    notes.push(`${short}: nothing is downsampled from it, and a compactor with downsampling takes no less`);
  if ([raw, fiveMinutes, oneHour].some((kept) => kept === undefined || kept.toMilliseconds() === 0))
    notes.push('what is kept for ever is counted over a year, and grows on');
  if (options.prices === undefined) notes.push('no cost: no prices are given, and none is guessed');
  return notes;
}

function storeNote({ memory, fixed = 0 }: Need, largestPod: number): string {
  if (fixed >= largestPod)
    return 'a store gateway needs more than largestPod before it has a block: make the indexCache smaller';
  const shards = Math.ceil((memory - fixed) / (largestPod - fixed));
  return `a store gateway needs more than largestPod: divide the bucket with storeGateway.shards, ${shards} or more by hash`;
}

/** Those that end before Thanos makes the next resolution of them (cmd/thanos/compact.go). */
function tooShort({ raw, fiveMinutes }: RetentionOptions): string[] {
  const hoursOf = (kept: Duration | undefined): number => (kept === undefined ? 0 : milliseconds(kept, true) / HOUR);
  const below = (hours: number, least: number): boolean => hours > 0 && hours < least;
  return [
    ...(below(hoursOf(raw), 40) ? ['retention.raw is below 40 hours'] : []),
    ...(below(hoursOf(fiveMinutes), 240) ? ['retention.fiveMinutes is below 10 days'] : []),
  ];
}
