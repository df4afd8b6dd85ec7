import { type Board, type Panel, percentiles, rate, type Row } from './board';
import { resources } from './common-rows';

const kinds = ['compactor'];
const BY = 'pod';

function counted(title: string, metric: string, by = BY, description?: string): Panel {
  const legend = by.split(', ').map((label) => `{{${label}}}`);
  return {
    title,
    description,
    unit: 'number',
    kinds,
    queries: (select) => [
      [`sum by (${by}) (increase(thanos_compact_${metric}_total{${select}}[1h]))`, legend.join(' ')],
    ],
  };
}

const STATE: Row = {
  title: 'State',
  panels: [
    {
      title: 'Halted',
      description: 'It does nothing until what it met is mended and it is restarted.',
      draw: 'number',
      unit: 'yesOrNo',
      kinds,
      red: { from: 1 },
      queries: (select) => [[`max by (pod) (thanos_compact_halted{${select}})`, '{{pod}}']],
    },
    counted('Rounds in an hour', 'iterations'),
    counted('Rounds in an hour that ended early', 'retries'),
  ],
};

const WORK: Row = {
  title: 'Work',
  panels: [
    {
      title: 'Work that waits',
      description: 'By the plan of the last round.',
      unit: 'number',
      kinds,
      queries: (select) =>
        ['compactions', 'downsample_blocks', 'deletion_blocks'].map((what) => [
          `sum by (pod) (thanos_compact_todo_${what}{${select}})`,
          `{{pod}} ${what.replace('_', ' ')}`,
        ]),
    },
    counted('Groups compacted in an hour', 'group_compactions'),
    counted('Groups in an hour that could not be compacted', 'group_compactions_failures'),
    counted('Blocks downsampled in an hour', 'downsample'),
    counted('Blocks in an hour that could not be downsampled', 'downsample_failures'),
  ],
};

const CLEANING: Row = {
  title: 'Cleaning',
  panels: [
    counted('Blocks marked in an hour', 'blocks_marked', 'marker', 'For deletion, or as not to be compacted.'),
    counted('Blocks deleted in an hour', 'blocks_cleaned'),
    counted('Blocks in an hour that could not be deleted', 'block_cleanup_failures'),
    {
      title: 'Blocks in the bucket',
      description: 'By what became of them at the last sync; loaded: those that are left to work at.',
      unit: 'number',
      kinds,
      queries: (select) => [[`max by (state) (thanos_blocks_meta_synced{${select}})`, '{{state}}']],
    },
    {
      title: 'Time of a sync of the list of blocks',
      unit: 'seconds',
      kinds,
      queries: (select) => percentiles('thanos_blocks_meta_sync_duration_seconds', select, 'job'),
    },
    {
      title: 'Syncs that fail',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('thanos_blocks_meta_sync_failures_total', select, 'pod'), '{{pod}}']],
    },
  ],
};

/** The compactor. */
export const COMPACT_BOARD: Board = {
  name: 'compact',
  title: 'Compact',
  kinds,
  rows: [STATE, WORK, CLEANING, resources(kinds)],
};
