/** What an alert must fire at, and what it must keep quiet at, as promtool writes series: one value a minute. */
export interface AlertCase {
  readonly alert: string;
  readonly fires: readonly (readonly [series: string, values: string])[];
  readonly quiet: readonly (readonly [series: string, values: string])[];
  /** When to look, minutes. */
  readonly at: number;
}

const of = (component: string, more = ''): string =>
  `{namespace="monitoring",job="thanos-${component}",pod="thanos-${component}-0"${more}}`;
const series = (metric: string, component: string, more = '') => metric + of(component, more);

/** The starts of a process that ends each ten minutes. */
const restarts = Array.from({ length: 12 }, (_, n) => `${n * 600}x9`).join(' ');

const share = (metric: string, component: string, bad: string, good: string) => ({
  fires: [
    [series(metric, component, bad), '0+10x60'],
    [series(metric, component, good), '0+90x60'],
  ] as const,
  quiet: [
    [series(metric, component, bad), '0+1x60'],
    [series(metric, component, good), '0+99x60'],
  ] as const,
});

/** What a histogram counts in each of three buckets within an hour. */
const histogram = (
  bucket: (le: string) => string,
  [low, high]: readonly [low: string, high: string],
  counts: { readonly fires: readonly [number, number, number]; readonly quiet: readonly [number, number, number] },
) => {
  const counted = (each: readonly [number, number, number]) =>
    [low, high, '+Inf'].map((le, i) => [bucket(le), `0+${each[i]}x60`] as const);
  return { fires: counted(counts.fires), quiet: counted(counts.quiet) };
};

/** Thanos' histogram of writes ends at the timeout of forwarding, 5 s. */
const slowWrites = () =>
  histogram(
    (le) => series('http_request_duration_seconds_bucket', 'receiver', `,handler="receive",le="${le}"`),
    ['4', '5'],
    { fires: [10, 10, 60], quiet: [58, 60, 60] },
  );

const slow = (metric: string, component: string, label: string) =>
  histogram((le) => series(`${metric}_bucket`, component, `,${label},le="${le}"`), ['10', '60'], {
    fires: [10, 60, 60],
    quiet: [60, 60, 60],
  });

const budget = (component: string, handler: string) => {
  const requests = (code: string) => series('http_requests_total', component, `,handler="${handler}",code="${code}"`);
  return {
    fires: [
      [requests('200'), '0+50x120'],
      [requests('503'), '0+50x120'],
    ] as const,
    quiet: [
      [requests('200'), '0+100x120'],
      [requests('400'), '0+100x120'],
    ] as const,
  };
};

/** All of them, where nothing uploaded or compacted for an hour is too long. */
export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: 'ThanosPodDown',
    fires: [[series('up', 'query'), '0x60']],
    quiet: [[series('up', 'query'), '1x60']],
    at: 15,
  },
  {
    alert: 'ThanosPartAbsent',
    fires: [[series('up', 'query'), '1x60']],
    quiet: ['receiver', 'receive-router', 'compactor', 'store', 'ruler', 'query', 'query-frontend', 'bucket-web'].map(
      (component) => [series('up', component), '1x60'] as const,
    ),
    at: 10,
  },
  {
    alert: 'ThanosBucketOperationsFailing',
    fires: [[series('thanos_objstore_bucket_operation_failures_total', 'ruler', ',operation="exists"'), '0+1x60']],
    quiet: [[series('thanos_objstore_bucket_operation_failures_total', 'ruler', ',operation="exists"'), '3x60']],
    at: 20,
  },
  {
    alert: 'ThanosUploadsFailing',
    fires: [
      [series('thanos_shipper_dir_sync_failures_total', 'receiver', ',tenant="a"'), '0+1x60'],
      [series('thanos_shipper_upload_failures_total', 'receiver', ',tenant="a"'), '0x60'],
    ],
    quiet: [
      [series('thanos_shipper_dir_sync_failures_total', 'receiver', ',tenant="a"'), '3x60'],
      [series('thanos_shipper_upload_failures_total', 'receiver', ',tenant="a"'), '0x60'],
    ],
    at: 30,
  },
  {
    alert: 'ThanosNoUpload',
    fires: [
      [series('thanos_objstore_bucket_last_successful_upload_time', 'receiver', ',bucket="b"'), '0x120'],
      [series('process_start_time_seconds', 'receiver'), '60x120'],
      [series('prometheus_tsdb_head_series', 'receiver', ',tenant="a"'), '7x120'],
    ],
    quiet: [
      [series('thanos_objstore_bucket_last_successful_upload_time', 'receiver', ',bucket="b"'), '0x60 4500x60'],
      [series('process_start_time_seconds', 'receiver'), '60x120'],
      [series('prometheus_tsdb_head_series', 'receiver', ',tenant="a"'), '7x120'],
    ],
    at: 100,
  },
  {
    // one that restarts too early to upload, and one that has uploaded before it restarted
    alert: 'ThanosNoUpload',
    fires: [
      [series('thanos_objstore_bucket_last_successful_upload_time', 'receiver', ',bucket="b"'), '0x120'],
      [series('process_start_time_seconds', 'receiver'), restarts],
      [series('prometheus_tsdb_head_series', 'receiver', ',tenant="a"'), '7x120'],
    ],
    quiet: [
      [series('thanos_objstore_bucket_last_successful_upload_time', 'receiver', ',bucket="b"'), '3000x79 0x40'],
      [series('process_start_time_seconds', 'receiver'), '60x79 4800x40'],
      [series('prometheus_tsdb_head_series', 'receiver', ',tenant="a"'), '7x120'],
    ],
    at: 100,
  },
  {
    alert: 'ThanosCompactHalted',
    fires: [[series('thanos_compact_halted', 'compactor'), '1x60']],
    quiet: [[series('thanos_compact_halted', 'compactor'), '0x60']],
    at: 10,
  },
  {
    alert: 'ThanosCompactHasNotRun',
    fires: [
      [series('thanos_compact_iterations_total', 'compactor'), '4x120'],
      [series('process_start_time_seconds', 'compactor'), '0x120'],
    ],
    quiet: [
      [series('thanos_compact_iterations_total', 'compactor'), '4+1x120'],
      [series('process_start_time_seconds', 'compactor'), '0x120'],
    ],
    at: 90,
  },
  {
    // one that restarts before it has finished a round, and one that has been taken away
    alert: 'ThanosCompactHasNotRun',
    fires: [
      [series('thanos_compact_iterations_total', 'compactor'), '0x120'],
      [series('process_start_time_seconds', 'compactor'), restarts],
    ],
    quiet: [
      [series('thanos_compact_iterations_total', 'compactor'), '4x30 _x90'],
      [series('process_start_time_seconds', 'compactor'), '0x30 _x90'],
    ],
    at: 85,
  },
  {
    alert: 'ThanosCompactRetrying',
    fires: [[series('thanos_compact_retries_total', 'compactor'), '0+1x120']],
    quiet: [[series('thanos_compact_retries_total', 'compactor'), '0x60 1x60']],
    at: 100,
  },
  {
    alert: 'ThanosRingOutOfStep',
    fires: [
      [series('thanos_receive_config_hash', 'receiver'), '1x60'],
      ['thanos_receive_config_hash{namespace="monitoring",job="thanos-receiver",pod="thanos-receiver-1"}', '2x60'],
    ],
    // a router may have another file than the receivers
    quiet: [
      [series('thanos_receive_config_hash', 'receiver'), '1x60'],
      [series('thanos_receive_config_hash', 'receive-router'), '2x60'],
    ],
    at: 20,
  },
  {
    alert: 'ThanosRingFileFailing',
    fires: [[series('thanos_receive_hashrings_file_errors_total', 'receiver'), '0+1x60']],
    quiet: [[series('thanos_receive_hashrings_file_errors_total', 'receiver'), '2x60']],
    at: 20,
  },
  {
    alert: 'ThanosReplicationFailing',
    ...share('thanos_receive_replications_total', 'receiver', ',result="error"', ',result="success"'),
    at: 20,
  },
  {
    alert: 'ThanosForwardingFailing',
    ...share('thanos_receive_forward_requests_total', 'receive-router', ',result="error"', ',result="success"'),
    at: 20,
  },
  { alert: 'ThanosWritesSlow', ...slowWrites(), at: 20 },
  {
    alert: 'ThanosStoreApiFailing',
    ...share('grpc_server_handled_total', 'store', ',grpc_code="Unavailable"', ',grpc_code="OK"'),
    at: 20,
  },
  { alert: 'ThanosStoreSlow', ...slow('grpc_server_handling_seconds', 'store', 'grpc_method="Series"'), at: 20 },
  { alert: 'ThanosQueriesSlow', ...slow('http_request_duration_seconds', 'query', 'handler="query"'), at: 20 },
  {
    alert: 'ThanosDnsFailing',
    fires: [
      [series('thanos_query_endpoints_dns_failures_total', 'query'), '0+1x60'],
      [series('thanos_query_endpoint_groups_dns_failures_total', 'query'), '0x60'],
    ],
    quiet: [
      [series('thanos_query_endpoints_dns_failures_total', 'query'), '3x60'],
      [series('thanos_query_endpoint_groups_dns_failures_total', 'query'), '0x60'],
    ],
    at: 20,
  },
  {
    alert: 'ThanosRulesFailing',
    fires: [
      [series('prometheus_rule_evaluation_failures_total', 'ruler'), '0+1x60'],
      [series('prometheus_rule_evaluations_total', 'ruler'), '0+9x60'],
    ],
    quiet: [
      [series('prometheus_rule_evaluation_failures_total', 'ruler'), '5x60'],
      [series('prometheus_rule_evaluations_total', 'ruler'), '0+9x60'],
    ],
    at: 20,
  },
  {
    alert: 'ThanosRulesSlow',
    fires: [
      [series('prometheus_rule_group_last_duration_seconds', 'ruler', ',rule_group="a"'), '70x60'],
      [series('prometheus_rule_group_interval_seconds', 'ruler', ',rule_group="a"'), '60x60'],
    ],
    quiet: [
      [series('prometheus_rule_group_last_duration_seconds', 'ruler', ',rule_group="a"'), '7x60'],
      [series('prometheus_rule_group_interval_seconds', 'ruler', ',rule_group="a"'), '60x60'],
    ],
    at: 20,
  },
  {
    alert: 'ThanosAlertsDropped',
    fires: [[series('thanos_alert_sender_alerts_dropped_total', 'ruler'), '0+1x60']],
    quiet: [[series('thanos_alert_queue_alerts_dropped_total', 'ruler'), '2x60']],
    at: 20,
  },
  { alert: 'ThanosWriteBudgetBurns', ...budget('receive-router', 'receive'), at: 90 },
  { alert: 'ThanosReadBudgetBurns', ...budget('query-frontend', 'query-frontend'), at: 90 },
];
