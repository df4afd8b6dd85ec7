import { type Board, failing, type Panel, rate, type Row } from './board';
import { grpc, http, resources } from './common-rows';

const KINDS = ['receiver', 'receive-router'];
const kinds = ['receiver'];
const FAILED = 'result="error"';

const WRITES: Row = {
  title: 'Remote-write',
  panels: [
    ...http(KINDS, 'handler="receive"', 'Write'),
    {
      title: 'Samples taken',
      description: 'Before they are replicated.',
      unit: 'perSecond',
      kinds: KINDS,
      queries: (select) => [[rate('thanos_receive_write_samples_sum', select, 'job, tenant'), '{{job}} {{tenant}}']],
    },
    {
      title: 'Writes at work',
      unit: 'number',
      kinds: KINDS,
      queries: (select) => [[`sum by (pod) (http_inflight_requests{${select},handler="receive"})`, '{{pod}}']],
    },
  ],
};

const share = (title: string, description: string, metric: string): Panel => ({
  title,
  description,
  unit: 'share',
  kinds: KINDS,
  queries: (select) => [[failing(metric, select, FAILED, 'job'), '{{job}}']],
});

const RING: Row = {
  title: 'Hashring',
  panels: [
    {
      title: 'Hashrings in use',
      description: 'How many different ones the pods of a job have. More than 1 for long: they are out of step.',
      unit: 'number',
      kinds: KINDS,
      queries: (select) => [
        [`count by (job) (count_values by (job) ("hash", thanos_receive_config_hash{${select}}))`, '{{job}}'],
      ],
    },
    {
      title: 'Receivers in the ring',
      unit: 'number',
      kinds: KINDS,
      queries: (select) => [[`max by (job, name) (thanos_receive_hashring_nodes{${select}})`, '{{job}} {{name}}']],
    },
    {
      title: 'Forwarded requests',
      unit: 'requestsPerSecond',
      kinds: KINDS,
      queries: (select) => [
        [rate('thanos_receive_forward_requests_total', select, 'job, result'), '{{job}} {{result}}'],
      ],
    },
    share(
      'Forwarded requests that fail',
      'Receivers of the ring do not answer their peers.',
      'thanos_receive_forward_requests_total',
    ),
    share('Replications that fail', 'Writes that missed their quorum.', 'thanos_receive_replications_total'),
  ],
};

const DATABASE: Row = {
  title: 'Database',
  panels: [
    {
      title: 'Active series',
      unit: 'number',
      kinds,
      queries: (select) => [[`sum by (pod, tenant) (prometheus_tsdb_head_series{${select}})`, '{{pod}} {{tenant}}']],
    },
    {
      title: 'Samples stored',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('prometheus_tsdb_head_samples_appended_total', select, 'pod'), '{{pod}}']],
    },
    {
      title: 'Samples refused',
      description: 'Too old or out of order.',
      unit: 'perSecond',
      kinds,
      queries: (select) => [
        [rate('prometheus_tsdb_out_of_order_samples_total', select, 'pod'), '{{pod}} out of order'],
        [rate('prometheus_tsdb_too_old_samples_total', select, 'pod'), '{{pod}} too old'],
      ],
    },
    {
      title: 'Data on the volume',
      description: 'Blocks and the write-ahead log. Blocks that can not be uploaded stay.',
      unit: 'bytes',
      kinds,
      queries: (select) => [
        [`sum by (pod) (prometheus_tsdb_storage_blocks_bytes{${select}})`, '{{pod}} blocks'],
        [`sum by (pod) (prometheus_tsdb_wal_storage_size_bytes{${select}})`, '{{pod}} log'],
      ],
    },
    {
      title: 'Compactions that fail',
      description: 'Of the head into a block: the head grows.',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('prometheus_tsdb_compactions_failed_total', select, 'pod'), '{{pod}}']],
    },
  ],
};

/** Remote-write. */
export const RECEIVE_BOARD: Board = {
  name: 'receive',
  title: 'Receive',
  kinds: KINDS,
  rows: [WRITES, RING, DATABASE, grpc(kinds), resources(KINDS)],
};
