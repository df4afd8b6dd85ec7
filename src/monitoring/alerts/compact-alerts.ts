import { type Alert, BY_POD, since } from './alert';

const kinds = ['compactor'];

/** Of the compactor, which stays Ready when it halts. */
export const COMPACT_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosCompactHalted',
    kinds,
    severity: 'critical',
    minutes: 5,
    summary: '{{ $labels.pod }} has halted',
    description: 'It compacts, downsamples and deletes nothing until what it met is mended and it is restarted.',
    expr: (select) => `max by (${BY_POD}) (thanos_compact_halted{${select}}) == 1`,
  },
  {
    name: 'ThanosCompactHasNotRun',
    kinds,
    severity: 'warning',
    minutes: 15,
    summary: '{{ $labels.pod }} has finished no round for a long time',
    description: 'Blocks are neither compacted nor deleted by their retention. Reads get slower, the bucket grows.',
    // one that is there for a shorter time has not had the time for a round
    expr: (select, { compaction }) => {
      const rounds = `sum by (${BY_POD}) (increase(thanos_compact_iterations_total{${select}}[${compaction}s])) == 0`;
      return `${rounds} and time() - ${since(select, compaction)} > ${compaction}`;
    },
  },
  {
    name: 'ThanosCompactRetrying',
    kinds,
    severity: 'warning',
    minutes: 15,
    summary: '{{ $labels.pod }} begins its rounds again and again',
    description: 'Something that passes by itself, such as a store that does not answer, ends its rounds early.',
    expr: (select) => `sum by (${BY_POD}) (increase(thanos_compact_retries_total{${select}}[1h])) > 3`,
  },
];
