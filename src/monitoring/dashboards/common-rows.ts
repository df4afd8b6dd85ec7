import { FAULTS } from '../alerts/read-alerts';
import { failing, type Panel, percentiles, rate, type Row } from './board';

/** Kinds that answer over gRPC. */
export const SERVERS = ['receiver', 'store', 'ruler', 'query'];

/** What the processes use. */
export function resources(kinds: readonly string[]): Row {
  return {
    title: 'Resources',
    panels: [
      {
        title: 'CPU',
        description: 'Cores in use.',
        unit: 'number',
        kinds,
        queries: (select) => [[rate('process_cpu_seconds_total', select, 'pod'), '{{pod}}']],
      },
      {
        title: 'Memory',
        description: 'Resident memory of the process. What passes the limit is killed.',
        unit: 'bytes',
        kinds,
        queries: (select) => [[`max by (pod) (process_resident_memory_bytes{${select}})`, '{{pod}}']],
      },
      {
        title: 'Goroutines',
        description: 'Those that only grow wait for something that does not come.',
        unit: 'number',
        kinds,
        queries: (select) => [[`max by (pod) (go_goroutines{${select}})`, '{{pod}}']],
      },
      {
        title: 'Time since the start',
        description: 'Falls to 0 at each restart.',
        unit: 'seconds',
        kinds,
        queries: (select) => [[`time() - max by (pod) (process_start_time_seconds{${select}})`, '{{pod}}']],
      },
    ],
  };
}

/** Calls over gRPC that the parts answer. */
export function grpc(kinds: readonly string[]): Row {
  return {
    title: 'gRPC, as a server',
    panels: [
      {
        title: 'Calls',
        unit: 'requestsPerSecond',
        kinds,
        queries: (select) => [
          [rate('grpc_server_handled_total', select, 'job, grpc_method'), '{{job}} {{grpc_method}}'],
        ],
      },
      {
        title: 'Calls that fail',
        description: 'By a fault of the server.',
        unit: 'share',
        kinds,
        queries: (select) => [[failing('grpc_server_handled_total', select, FAULTS, 'job'), '{{job}}']],
      },
      {
        title: 'Time of a Series call',
        unit: 'seconds',
        kinds,
        queries: (select) => percentiles('grpc_server_handling_seconds', `${select},grpc_method="Series"`, 'job'),
      },
    ],
  };
}

/** Requests over HTTP to some handlers. */
export function http(kinds: readonly string[], handlers: string, what: string): Panel[] {
  const of = (select: string): string => `${select},${handlers}`;
  return [
    {
      title: `${what}s`,
      unit: 'requestsPerSecond',
      kinds,
      queries: (select) => [[rate('http_requests_total', of(select), 'job, code'), '{{job}} {{code}}']],
    },
    {
      title: `${what}s that fail`,
      description: 'By a fault of the server (5xx).',
      unit: 'share',
      kinds,
      queries: (select) => [[failing('http_requests_total', of(select), 'code=~"5.."', 'job'), '{{job}}']],
    },
    {
      title: `Time of a ${what.toLowerCase()}`,
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('http_request_duration_seconds', of(select), 'job'),
    },
  ];
}
