import { matchers } from '../parts';
import { type Alert, BY_JOB, BY_POD, percentile, share } from './alert';

const kinds = ['receiver', 'receive-router'];

/** Of remote-write. Errors of the whole are an objective's; these say where they come from. */
export const RECEIVE_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosRingOutOfStep',
    kinds,
    severity: 'critical',
    minutes: 15,
    summary: 'The pods of {{ $labels.job }} have different hashrings',
    description: 'They hand the same series to different receivers: writes fail, or are stored less often than asked.',
    expr: (select) => {
      const hash = (of: string): string => `${of} by (${BY_JOB}) (thanos_receive_config_hash{${select}})`;
      return `${hash('max')} != ${hash('min')}`;
    },
  },
  {
    name: 'ThanosRingFileFailing',
    kinds,
    severity: 'warning',
    minutes: 5,
    summary: '{{ $labels.pod }} can not read its hashring',
    description: 'It goes on with the ring that it had.',
    expr: (select) => `sum by (${BY_POD}) (increase(thanos_receive_hashrings_file_errors_total{${select}}[15m])) > 0`,
  },
  {
    name: 'ThanosReplicationFailing',
    kinds,
    severity: 'warning',
    minutes: 5,
    summary: '{{ $labels.job }} fails to replicate {{ $value | humanizePercentage }} of the writes',
    description: 'Too few receivers of the ring answer. Prometheus writes them again.',
    expr: (select, { errors }) => `${share('thanos_receive_replications_total', select, 'result="error"')} > ${errors}`,
  },
  {
    name: 'ThanosForwardingFailing',
    kinds,
    severity: 'warning',
    minutes: 5,
    summary: '{{ $labels.job }} fails to hand over {{ $value | humanizePercentage }} of the requests',
    description: 'Receivers of the ring do not answer their peers.',
    expr: (select, { errors }) =>
      `${share('thanos_receive_forward_requests_total', select, 'result="error"')} > ${errors}`,
  },
  {
    name: 'ThanosWritesSlow',
    kinds,
    severity: 'warning',
    minutes: 10,
    summary: 'One write of a hundred at {{ $labels.job }} takes {{ $value | humanizeDuration }} or more',
    description: 'Prometheus falls behind with its remote-write.',
    // a percentile is never above the highest bucket, so a longer limit would never be passed
    expr: (_, { latency }, parts) => {
      const limits = new Map(parts.map((part) => [part, Math.min(latency, part.longestWrite)]));
      const slow = [...new Set(limits.values())].map((limit) => {
        const select = matchers(parts.filter((part) => limits.get(part) === limit));
        return `${percentile('http_request_duration_seconds', `${select},handler="receive"`)} >= ${limit}`;
      });
      return slow.join(' or ');
    },
  },
];
