import { type Board, type Panel, percentiles, rate, type Row } from './board';

/** Kinds that may open a bucket. */
export const BUCKET_KINDS = ['receiver', 'ruler', 'store', 'compactor', 'bucket-web', 'bucket-replicate'];
const WRITERS = ['receiver', 'ruler'];
const COPIERS = ['bucket-replicate'];
/** What Thanos sets once something was uploaded; 0 until then. */
const LAST_UPLOAD = 'thanos_objstore_bucket_last_successful_upload_time';

const OPERATIONS: Row = {
  title: 'Operations',
  panels: [
    {
      title: 'Operations',
      unit: 'operationsPerSecond',
      kinds: BUCKET_KINDS,
      bucket: true,
      queries: (select) => [
        [rate('thanos_objstore_bucket_operations_total', select, 'job, operation'), '{{job}} {{operation}}'],
      ],
    },
    {
      title: 'Operations that fail',
      description:
        'A CA that the pods do not trust, wrong keys, or a store that does not answer. The log has the cause.',
      unit: 'operationsPerSecond',
      kinds: BUCKET_KINDS,
      bucket: true,
      queries: (select) => [
        [rate('thanos_objstore_bucket_operation_failures_total', select, 'job, operation'), '{{job}} {{operation}}'],
      ],
    },
    {
      title: 'Time of an operation',
      unit: 'seconds',
      kinds: BUCKET_KINDS,
      bucket: true,
      queries: (select) => percentiles('thanos_objstore_bucket_operation_duration_seconds', select, 'job, operation'),
    },
    {
      title: 'Bytes moved',
      description: 'Up and down.',
      unit: 'bytesPerSecond',
      kinds: BUCKET_KINDS,
      bucket: true,
      queries: (select) => [
        [
          rate('thanos_objstore_bucket_operation_transferred_bytes_sum', select, 'job, operation'),
          '{{job}} {{operation}}',
        ],
      ],
    },
  ],
};

function shipper(title: string, metric: string, description?: string): Panel {
  return {
    title,
    description,
    unit: 'number',
    kinds: WRITERS,
    bucket: true,
    queries: (select) => [[`sum by (pod) (increase(thanos_shipper_${metric}_total{${select}}[1h]))`, '{{pod}}']],
  };
}

const UPLOADS: Row = {
  title: 'Uploads',
  panels: [
    {
      title: 'Time since the last upload',
      description: 'A block is uploaded every two hours, unless told otherwise. Nothing is drawn before the first.',
      unit: 'seconds',
      kinds: WRITERS,
      bucket: true,
      queries: (select) => [[`time() - max by (pod) (${LAST_UPLOAD}{${select}} > 0)`, '{{pod}}']],
    },
    shipper('Blocks uploaded in an hour', 'uploads'),
    shipper('Uploads in an hour that failed', 'upload_failures'),
    shipper(
      'Looks for blocks in an hour that failed',
      'dir_sync_failures',
      'With a CA that the pods do not trust these fail, and no upload is tried.',
    ),
  ],
};

const COPIES: Row = {
  title: 'Copies',
  panels: [
    {
      title: 'Rounds',
      unit: 'perSecond',
      kinds: COPIERS,
      queries: (select) => [
        [rate('thanos_replicate_replication_runs_total', select, 'pod, result'), '{{pod}} {{result}}'],
      ],
    },
    {
      title: 'Blocks copied in an hour',
      unit: 'number',
      kinds: COPIERS,
      queries: (select) => [
        [`sum by (pod) (increase(thanos_replicate_blocks_replicated_total{${select}}[1h]))`, '{{pod}}'],
      ],
    },
  ],
};

/** All that opens the bucket. */
export const BUCKET_BOARD: Board = {
  name: 'bucket',
  title: 'Bucket',
  kinds: BUCKET_KINDS,
  bucket: true,
  rows: [OPERATIONS, UPLOADS, COPIES],
};
