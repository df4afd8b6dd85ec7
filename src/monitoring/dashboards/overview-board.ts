import { type Board, rate } from './board';
import { BUCKET_KINDS } from './bucket-board';
import { grpc, http, resources, SERVERS } from './common-rows';

const KINDS = [
  ...['receiver', 'receive-router', 'compactor', 'store', 'ruler', 'query', 'query-frontend'],
  ...['bucket-web', 'bucket-replicate'],
];
const alerts = (matchers: string): string => `ALERTS{alertstate="firing",${matchers}}`;
/** Those of this library; a CA has no namespace. */
const FIRING = `${alerts('alertname=~"Thanos.+",namespace="$namespace"')} or ${alerts('alertname=~"S3.+"')}`;

/** The whole stack on a page. */
export const OVERVIEW_BOARD: Board = {
  name: 'overview',
  title: 'Overview',
  rows: [
    {
      title: 'State',
      panels: [
        {
          title: 'Pods that answer',
          draw: 'number',
          unit: 'number',
          kinds: KINDS,
          red: { below: 1 },
          queries: (select) => [[`sum by (job) (up{${select}})`, '{{job}}']],
        },
        {
          title: 'Pods that do not answer',
          draw: 'number',
          unit: 'number',
          kinds: KINDS,
          red: { from: 1 },
          queries: (select) => [[`sum(up{${select}} == bool 0)`, 'down']],
        },
        {
          title: 'Alerts that fire',
          draw: 'number',
          unit: 'number',
          kinds: KINDS,
          red: { from: 1 },
          queries: () => [[`count(${FIRING}) or vector(0)`, 'firing']],
        },
        {
          title: 'Alerts',
          description: 'Of ThanosAlerts and CertificateAlerts, where the data source has their rules.',
          draw: 'table',
          unit: 'number',
          kinds: KINDS,
          queries: () => [[`sum by (alertname, severity, job, pod) (${FIRING})`, '{{alertname}}']],
        },
      ],
    },
    {
      title: 'Writes',
      panels: [
        ...http(['receiver', 'receive-router'], 'handler="receive"', 'Write'),
        {
          title: 'Active series',
          description: 'Of all replicas together.',
          unit: 'number',
          kinds: ['receiver'],
          queries: (select) => [[`sum by (job) (prometheus_tsdb_head_series{${select}})`, '{{job}}']],
        },
      ],
    },
    {
      title: 'Reads',
      panels: http(['query', 'query-frontend'], 'handler=~"query|query_range|query-frontend"', 'Read'),
    },
    grpc(SERVERS),
    {
      title: 'Bucket',
      panels: [
        {
          title: 'Operations',
          unit: 'operationsPerSecond',
          kinds: BUCKET_KINDS,
          bucket: true,
          queries: (select) => [[rate('thanos_objstore_bucket_operations_total', select, 'job'), '{{job}}']],
        },
        {
          title: 'Operations that fail',
          unit: 'operationsPerSecond',
          kinds: BUCKET_KINDS,
          bucket: true,
          queries: (select) => [[rate('thanos_objstore_bucket_operation_failures_total', select, 'job'), '{{job}}']],
        },
        {
          title: 'Compactor halted',
          draw: 'number',
          unit: 'yesOrNo',
          kinds: ['compactor'],
          red: { from: 1 },
          queries: (select) => [[`max by (job) (thanos_compact_halted{${select}})`, '{{job}}']],
        },
        {
          title: 'Blocks that stores serve',
          description: 'Each block of a store with several replicas counts once for each.',
          unit: 'number',
          kinds: ['store'],
          queries: (select) => [[`sum by (pod) (thanos_bucket_store_blocks_loaded{${select}})`, '{{pod}}']],
        },
      ],
    },
    {
      title: 'Rules',
      panels: [
        {
          title: 'Evaluations',
          unit: 'perSecond',
          kinds: ['ruler'],
          queries: (select) => [[rate('prometheus_rule_evaluations_total', select, 'job'), '{{job}}']],
        },
        {
          title: 'Evaluations that fail',
          unit: 'perSecond',
          kinds: ['ruler'],
          queries: (select) => [[rate('prometheus_rule_evaluation_failures_total', select, 'job'), '{{job}}']],
        },
      ],
    },
    resources(KINDS),
  ],
};
