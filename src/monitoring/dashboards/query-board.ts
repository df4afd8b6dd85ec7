import { type Board, failing, percentiles, rate, type Row } from './board';
import { grpc, http, resources } from './common-rows';

const KINDS = ['query', 'query-frontend'];
const kinds = ['query'];
const frontend = ['query-frontend'];

const CONCURRENCY: Row = {
  title: 'Queries at work',
  panels: [
    {
      title: 'Queries at work',
      description: 'The rest waits, up to the most that run at once.',
      unit: 'number',
      kinds,
      queries: (select) => [
        [`sum by (pod) (thanos_query_concurrent_gate_queries_in_flight{${select}})`, '{{pod}}'],
        [`max by (job) (thanos_query_concurrent_gate_queries_max{${select}})`, '{{job}} at most'],
      ],
    },
    {
      title: 'Wait for a place',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('thanos_query_concurrent_gate_queries_duration_seconds', select, 'job'),
    },
  ],
};

const SOURCES: Row = {
  title: 'What Query asks',
  panels: [
    {
      title: 'Sources',
      description: 'Stores, receivers and others that Query is connected to.',
      unit: 'number',
      kinds,
      queries: (select) => [
        [`sum by (pod, store_type) (thanos_store_nodes_grpc_connections{${select}})`, '{{pod}} {{store_type}}'],
      ],
    },
    {
      title: 'Calls',
      unit: 'requestsPerSecond',
      kinds,
      queries: (select) => [[rate('grpc_client_handled_total', select, 'grpc_method'), '{{grpc_method}}']],
    },
    {
      title: 'Calls that fail',
      unit: 'share',
      kinds,
      queries: (select) => [
        [failing('grpc_client_handled_total', select, 'grpc_code!~"OK|Canceled"', 'grpc_method'), '{{grpc_method}}'],
      ],
    },
    {
      title: 'Time of a Series call',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('grpc_client_handling_seconds', `${select},grpc_method="Series"`, 'job'),
    },
    {
      title: 'Lookups in DNS that fail',
      unit: 'perSecond',
      kinds,
      queries: (select) =>
        ['endpoints', 'endpoint_groups'].map((what) => [
          rate(`thanos_query_${what}_dns_failures_total`, select, 'pod'),
          `{{pod}} ${what.replace('_', ' ')}`,
        ]),
    },
  ],
};

const FRONTEND: Row = {
  title: 'Query frontend',
  panels: [
    {
      title: 'Queries',
      unit: 'requestsPerSecond',
      kinds: frontend,
      queries: (select) => [[rate('thanos_query_frontend_queries_total', select, 'job, op'), '{{job}} {{op}}']],
    },
    {
      title: 'Parts of range queries',
      description: 'Into which they are split.',
      unit: 'perSecond',
      kinds: frontend,
      queries: (select) => [[rate('thanos_frontend_split_queries_total', select, 'job'), '{{job}}']],
    },
  ],
};

/** Reads. */
export const QUERY_BOARD: Board = {
  name: 'query',
  title: 'Query',
  kinds: KINDS,
  rows: [
    { title: 'Reads', panels: http(KINDS, 'handler=~"query|query_range|query-frontend"', 'Read') },
    CONCURRENCY,
    SOURCES,
    FRONTEND,
    grpc(kinds),
    resources(KINDS),
  ],
};
