import { type Alert, BY_JOB, percentile, share } from './alert';

/** Codes of gRPC that are the server's fault. */
export const FAULTS = 'grpc_code=~"Aborted|Unknown|Internal|Unavailable|DataLoss"';

/** Of reads. Errors of the whole are an objective's; these say where they come from. */
export const READ_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosStoreApiFailing',
    kinds: ['receiver', 'store', 'ruler', 'query'],
    severity: 'warning',
    minutes: 5,
    summary: '{{ $labels.job }} fails at {{ $value | humanizePercentage }} of the calls over gRPC',
    description: 'Queries get a part of their series only, or fail.',
    expr: (select, { errors }) => `${share('grpc_server_handled_total', select, FAULTS)} > ${errors}`,
  },
  {
    name: 'ThanosStoreSlow',
    kinds: ['store'],
    severity: 'warning',
    minutes: 10,
    summary: 'One read of a hundred at {{ $labels.job }} takes {{ $value | humanizeDuration }} or more',
    description: 'The bucket or the index cache is slow, or requests wait for each other.',
    expr: (select, { latency }) =>
      `${percentile('grpc_server_handling_seconds', `${select},grpc_method="Series"`)} > ${latency}`,
  },
  {
    name: 'ThanosQueriesSlow',
    kinds: ['query', 'query-frontend'],
    severity: 'warning',
    minutes: 10,
    summary: 'One query of a hundred at {{ $labels.job }} takes {{ $value | humanizeDuration }} or more',
    description: 'Dashboards and rules wait.',
    expr: (select, { latency }) =>
      `${percentile('http_request_duration_seconds', `${select},handler=~"query|query_range|query-frontend"`)} > ${latency}`,
  },
  {
    name: 'ThanosDnsFailing',
    kinds: ['query'],
    severity: 'warning',
    minutes: 10,
    summary: '{{ $labels.job }} can not find the parts that it asks',
    description: 'Lookups in DNS fail. Query goes on with the addresses that it has, and misses new pods.',
    // the names of the mixin are those of versions before 0.38, which nothing serves any more
    expr: (select) => {
      const failures = (what: string): string =>
        `sum by (${BY_JOB}) (rate(thanos_query_${what}_dns_failures_total{${select}}[5m]))`;
      return `${failures('endpoints')} + ${failures('endpoint_groups')} > 0`;
    },
  },
];
