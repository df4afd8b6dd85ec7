import { type Board, part, percentiles, rate, type Row } from './board';
import { grpc, resources } from './common-rows';

const kinds = ['store'];

const BLOCKS: Row = {
  title: 'Blocks',
  panels: [
    {
      title: 'Blocks served',
      unit: 'number',
      kinds,
      queries: (select) => [[`sum by (pod) (thanos_bucket_store_blocks_loaded{${select}})`, '{{pod}}']],
    },
    {
      title: 'Blocks that can not be loaded',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('thanos_bucket_store_block_load_failures_total', select, 'pod'), '{{pod}}']],
    },
    {
      title: 'Syncs of the list of blocks that fail',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('thanos_blocks_meta_sync_failures_total', select, 'pod'), '{{pod}}']],
    },
    {
      title: 'Time of a sync',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('thanos_blocks_meta_sync_duration_seconds', select, 'job'),
    },
  ],
};

const READS: Row = {
  title: 'Reads',
  panels: [
    {
      title: 'Wait for a place',
      description: 'At the gate of calls that run at once.',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('thanos_bucket_store_series_gate_queries_duration_seconds', select, 'job'),
    },
    {
      title: 'Calls at work',
      unit: 'number',
      kinds,
      queries: (select) => [[`sum by (pod) (thanos_bucket_store_series_gate_queries_in_flight{${select}})`, '{{pod}}']],
    },
    {
      title: 'Time to fetch the data of a call',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('thanos_bucket_store_series_get_all_duration_seconds', select, 'job'),
    },
    {
      title: 'Blocks of a call',
      unit: 'number',
      kinds,
      queries: (select) => [
        [
          part(
            'thanos_bucket_store_series_blocks_queried_sum',
            'thanos_bucket_store_series_blocks_queried_count',
            select,
            'job',
          ),
          '{{job}} mean',
        ],
      ],
    },
    {
      title: 'Bytes fetched',
      unit: 'bytesPerSecond',
      kinds,
      queries: (select) => [
        [rate('thanos_bucket_store_series_data_size_fetched_bytes_sum', select, 'data_type'), '{{data_type}}'],
      ],
    },
    {
      title: 'Calls refused by a limit',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('thanos_bucket_store_queries_dropped_total', select, 'reason'), '{{reason}}']],
    },
  ],
};

const CACHE: Row = {
  title: 'Index cache',
  panels: [
    {
      title: 'Share of hits',
      unit: 'share',
      kinds,
      queries: (select) => [
        [
          part('thanos_store_index_cache_hits_total', 'thanos_store_index_cache_requests_total', select, 'item_type'),
          '{{item_type}}',
        ],
      ],
    },
    {
      title: 'Lookups',
      unit: 'operationsPerSecond',
      kinds,
      queries: (select) => [[rate('thanos_store_index_cache_requests_total', select, 'item_type'), '{{item_type}}']],
    },
  ],
};

/** Store gateways. */
export const STORE_BOARD: Board = {
  name: 'store',
  title: 'Store',
  kinds,
  rows: [grpc(kinds), READS, BLOCKS, CACHE, resources(kinds)],
};
