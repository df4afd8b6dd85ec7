import { Duration, Size } from 'cdk8s';
import {
  BlockDiscovery,
  BlockSelector,
  BlockTime,
  CompactionFunc,
  Compactor,
  type CompactorOptions,
  HashFunc,
} from '../../src/index';
import { parse } from 'yaml';
import { chart } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';

function compactor(options: CompactorOptions = {}): Made<Compactor> {
  return make((scope) => new Compactor(scope, 'Compactor', { objstore: bucket(scope), ...options }));
}

const GUIDE = { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) };

it('has the arguments of the guide', () => {
  expect(compactor({ retention: GUIDE }).args).toEqual([
    'compact',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--wait',
    '--data-dir=/var/thanos/data',
    '--retention.resolution-raw=30d',
    '--retention.resolution-5m=180d',
    '--retention.resolution-1h=10y',
  ]);
});

it('keeps everything unless told otherwise', () => {
  expect(compactor().args.join()).not.toContain('retention');
});

it('is one pod, without a budget that could block a drain, and can not be told otherwise', () => {
  const { workload, budgets } = compactor();
  expect(workload.kind).toBe('StatefulSet');
  expect(workload.spec.replicas).toBe(1);
  expect(budgets).toEqual([]);
  expect(() => compactor({ replicas: 2 } as CompactorOptions)).toThrow('props: has no field "replicas"');
});

it('has 100 GiB of scratch space, kept when it goes', () => {
  const { claim, workload } = compactor();
  expect(claim.spec.resources.requests.storage).toBe('100Gi');
  expect(workload.spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
});

describe('props', () => {
  everyPropReachesTheManifest<OwnProps<CompactorOptions>, Compactor>(
    {
      schedule: {
        value: { cron: '@daily' },
        reaches: ({ workload }) => expect(workload.spec.schedule).toBe('@daily'),
        alone: true,
      },
      retention: {
        value: { raw: Duration.hours(40), fiveMinutes: Duration.days(10), oneHour: Duration.days(0) },
        reaches: (made) => {
          expect(made.flag('--retention.resolution-raw')).toEqual(['1d16h']);
          expect(made.flag('--retention.resolution-5m')).toEqual(['10d']);
          expect(made.flag('--retention.resolution-1h')).toEqual(['0s']);
        },
      },
      downsampling: { value: false, reaches: ({ args }) => expect(args).toContain('--downsampling.disable') },
      deleteDelay: {
        value: Duration.hours(12),
        reaches: (made) => expect(made.flag('--delete-delay')).toEqual(['12h']),
      },
      consistencyDelay: {
        value: Duration.days(2),
        // Go's durations have no days
        reaches: (made) => expect(made.flag('--consistency-delay')).toEqual(['48h']),
      },
      concurrency: { value: 3, reaches: (made) => expect(made.flag('--compact.concurrency')).toEqual(['3']) },
      downsampleConcurrency: {
        value: 4,
        reaches: (made) => expect(made.flag('--downsample.concurrency')).toEqual(['4']),
      },
      blocksFetchConcurrency: {
        value: 5,
        reaches: (made) => expect(made.flag('--compact.blocks-fetch-concurrency')).toEqual(['5']),
      },
      blockFilesConcurrency: {
        value: 6,
        reaches: (made) => expect(made.flag('--block-files-concurrency')).toEqual(['6']),
      },
      metaFetchConcurrency: {
        value: 7,
        reaches: (made) => expect(made.flag('--block-meta-fetch-concurrency')).toEqual(['7']),
      },
      blockDiscovery: {
        value: BlockDiscovery.RECURSIVE,
        reaches: (made) => expect(made.flag('--block-discovery-strategy')).toEqual(['recursive']),
      },
      verticalCompaction: {
        value: { replicaLabels: ['receive_replica', 'b', 'b'], deduplication: CompactionFunc.PENALTY },
        reaches: (made) => {
          expect(made.args).toContain('--compact.enable-vertical-compaction');
          expect(made.flag('--deduplication.replica-label')).toEqual(['receive_replica', 'b']);
          expect(made.flag('--deduplication.func')).toEqual(['penalty']);
        },
      },
      waitInterval: {
        value: Duration.days(1),
        reaches: (made) => expect(made.flag('--wait-interval')).toEqual(['24h']),
      },
      cleanupInterval: {
        value: Duration.days(0),
        reaches: (made) => expect(made.flag('--compact.cleanup-interval')).toEqual(['0s']),
      },
      progressInterval: {
        value: Duration.minutes(9),
        reaches: (made) => expect(made.flag('--compact.progress-interval')).toEqual(['9m']),
      },
      blocks: {
        value: BlockSelector.labelValues('cluster', ['a.b', 'c$(X)|d', 'c$(X)|d']),
        reaches: (made) =>
          expect(parse(made.flag('--selector.relabel-config').join().replaceAll('$$', '$'))).toEqual([
            { action: 'keep', source_labels: ['cluster'], regex: 'a\\.b|c\\$\\(X\\)\\|d' },
          ]),
      },
      minTime: {
        value: BlockTime.at(new Date(86400000)),
        reaches: (made) => expect(made.flag('--min-time')).toEqual(['1970-01-02T00:00:00.000Z']),
      },
      maxTime: {
        value: BlockTime.ago(Duration.hours(36)),
        reaches: (made) => expect(made.flag('--max-time')).toEqual(['-1d12h']),
      },
      hashFunc: { value: HashFunc.SHA256, reaches: (made) => expect(made.flag('--hash-func')).toEqual(['SHA256']) },
      skipOutOfOrderChunks: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--compact.skip-block-with-out-of-order-chunks'),
      },
      maxIndexSize: {
        value: Size.gibibytes(32),
        reaches: (made) => expect(made.flag('--compact.block-max-index-size')).toEqual(['32GiB']),
      },
      maxLevel: { value: 3, reaches: (made) => expect(made.flag('--debug.max-compaction-level')).toEqual(['3']) },
      haltOnError: { value: false, reaches: ({ args }) => expect(args).toContain('--no-debug.halt-on-error') },
      page: {
        value: { adminOperations: false, label: 'cluster' },
        reaches: (made) => {
          expect(made.args).toContain('--disable-admin-operations');
          expect(made.flag('--bucket-web-label')).toEqual(['cluster']);
        },
      },
      routePrefix: {
        value: '/$(X)',
        reaches: (made) => expect(made.flag('--web.route-prefix')).toEqual(['/$$(X)']),
      },
      storage: {
        value: { size: Size.gibibytes(300), storageClassName: 'slow' },
        reaches: ({ claim }) =>
          expect(claim.spec).toMatchObject({ storageClassName: 'slow', resources: { requests: { storage: '300Gi' } } }),
      },
    },
    compactor,
  );
});

it('merges blocks of the same labels, where no replicas are named', () => {
  for (const deduplication of [undefined, CompactionFunc.ONE_TO_ONE])
    expect(compactor({ verticalCompaction: { deduplication } }).args.slice(-2)).toEqual([
      '--data-dir=/var/thanos/data',
      '--compact.enable-vertical-compaction',
    ]);
});

describe('retention', () => {
  const refused = (options: CompactorOptions) => () => compactor(options);
  const almost = (hours: number) => Duration.millis(hours * 3600 * 1000 - 1);

  it('raw samples live until downsampling saw them: 40 hours exactly pass, a millisecond less does not', () => {
    expect(compactor({ retention: { raw: Duration.hours(40) } }).flag('--retention.resolution-raw')).toEqual(['1d16h']);
    expect(refused({ retention: { raw: almost(40) } })).toThrow(
      'cdk8s-thanos: test/Compactor: retention: raw is 1d15h59m59s999ms; it must be 40 hours or more, or 0 to keep everything',
    );
  });

  it('samples of 5 minutes live until downsampling saw them: 10 days exactly pass, a millisecond less does not', () => {
    expect(compactor({ retention: { fiveMinutes: Duration.days(10) } }).flag('--retention.resolution-5m')).toEqual([
      '10d',
    ]);
    expect(refused({ retention: { fiveMinutes: almost(240) } })).toThrow(
      'cdk8s-thanos: test/Compactor: retention: fiveMinutes is 9d23h59m59s999ms; it must be 10 days or more',
    );
  });

  it('the minimums hold for downsampling alone', () => {
    const retention = { raw: Duration.hours(1), fiveMinutes: Duration.hours(1) };
    expect(compactor({ retention, downsampling: false }).flag('--retention.resolution-raw')).toEqual(['1h']);
  });

  it('they hold for extra arguments too, as Prometheus and Go write durations', () => {
    const given =
      (...extraArgs: string[]) =>
      () =>
        compactor({ extraArgs });
    expect(given('--retention.resolution-raw=1d')).toThrow('retention: raw is 1d; it must be 40 hours or more');
    expect(given('--retention.resolution-5m=239h59m')).toThrow('retention: fiveMinutes is 239h59m; it must be 10 days');
    expect(given('--retention.resolution-raw=40h', '--retention.resolution-5m=1w3d')).not.toThrow();
    expect(given('--retention.resolution-raw=1d', '--downsampling.disable')).not.toThrow();
    expect(given('--retention.resolution-raw=1d', '--no-downsampling.disable')).toThrow('retention: raw is 1d');
  });

  it('0 keeps a resolution for ever', () => {
    expect(compactor({ retention: { raw: Duration.days(0) } }).flag('--retention.resolution-raw')).toEqual(['0s']);
  });
});

describe('errors', () => {
  it.each<[string, object, string]>([
    [
      'a negative retention',
      { retention: { oneHour: negative() } },
      'retention: oneHour: is -1 ms; it must be greater than 0',
    ],
    [
      'a misspelt resolution',
      { retention: { raws: Duration.days(9) } },
      'retention: has no field "raws"; did you mean "raw"?',
    ],
    [
      'a retention that is not a Duration',
      { retention: { raw: '30d' } },
      'retention: raw: is "30d", not a Duration; write Duration.days(30)',
    ],
    ['a switch that is a text', { downsampling: 'no' }, 'downsampling: is "no"; it must be true or false'],
    ['no groups at once', { concurrency: 0 }, 'concurrency: is 0; it must be a whole number of at least 1'],
    [
      'no blocks at once',
      { downsampleConcurrency: -1 },
      'downsampleConcurrency: is -1; it must be a whole number of at least 1',
    ],
    [
      'a penalty without replicas',
      { verticalCompaction: { deduplication: CompactionFunc.PENALTY } },
      'verticalCompaction: deduplication is penalty, which needs replicaLabels. Name the labels of the replicas',
    ],
    [
      'blocks by their ids, which would tear streams apart',
      { blocks: BlockSelector.hash({ index: 0, total: 2 }) },
      'blocks: labels: is missing: by their ids blocks of one stream would have several compactors. Name external labels',
    ],
    [
      'blocks by the label of the replicas that are merged',
      {
        blocks: BlockSelector.otherThan('receive_replica', ['a']),
        verticalCompaction: { replicaLabels: ['receive_replica'] },
      },
      'blocks: "receive_replica" is one of verticalCompaction.replicaLabels, so that replicas would have several compactors',
    ],
    [
      'a part beyond the last',
      { blocks: BlockSelector.hash({ index: 2, total: 2, labels: ['cluster'] }) },
      'blocks: index: is 2, but the parts of 2 are 0 to 1',
    ],
    [
      'one part of one',
      { blocks: BlockSelector.hash({ index: 0, total: 1 }) },
      'blocks: total: is 1; it must be a whole number of at least 2',
    ],
    [
      'a label of Thanos',
      { blocks: BlockSelector.labelValues('__block_id', ['a']) },
      'blocks: label: "__block_id" is not the name of an external label',
    ],
    ['no labels', { blocks: BlockSelector.hash({ index: 0, total: 2, labels: [] }) }, 'blocks: labels: is empty'],
    ['no values', { blocks: BlockSelector.labelValues('a', []) }, 'blocks: values: is empty; name at least one'],
    ['a text for blocks', { blocks: 'a' }, 'blocks: is "a", not a BlockSelector'],
    ['a level that Thanos lacks', { maxLevel: 5 }, 'maxLevel: is 5; it must be a whole number from 1 to 4'],
    ['a prefix that is no path', { routePrefix: 'x' }, 'routePrefix: "x" is not a path; write "/compactor"'],
    [
      'a delete delay of a number',
      { deleteDelay: 48 },
      'deleteDelay: is 48, not a Duration; write one with its unit, such as Duration.hours(2)',
    ],
    [
      'a storage size of a string',
      { storage: { size: '1Gi' } },
      'storage: size: is "1Gi", not a Size; write Size.gibibytes(1)',
    ],
  ])('%s', (_, options, message) => {
    expect(() => compactor(options)).toThrow(`cdk8s-thanos: test/Compactor: ${message}`);
  });

  it('no bucket', () => {
    expect(() => new Compactor(chart(), 'Compactor', {} as never)).toThrow(
      'cdk8s-thanos: test/Compactor: objstore: is missing. Give an ObjstoreConfig',
    );
  });
});

/** cdk8s refuses a negative Duration itself; a value of another origin may still be one. */
function negative(): object {
  return { toMilliseconds: () => -1 };
}
