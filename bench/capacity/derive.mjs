import { fit, worst } from './fit.mjs';

const MIB = 1024 ** 2;

/** What sizes are computed by, from the points that were measured: bytes, and how far the worst point lies off each fit. */
export function derive({ receive, scraped, store, query, compact, waiting: [waiting], weeks: [weeks] }) {
  const receivers = fitted(
    receive.map(({ series, samples }) => [series, samples]),
    receive.map(({ head, replay, cut }) => Math.max(head, replay, cut)),
  );
  const compactors = fitted(
    compact.map(({ series }) => [series]),
    compact.map(({ peak }) => peak),
  );
  const stores = fitted(
    store.map(({ blocks, series }) => [blocks, series]),
    store.map(({ peak }) => peak),
  );
  const asked = (part) =>
    fitted(
      query.map(({ samples }) => [samples]),
      query.map(({ peak }) => peak[part]),
    );
  const [querier, read] = [asked('query'), asked('store')];
  const point = (seconds) => {
    const blocks = weeks.blocks.filter(({ resolution, hours }) => resolution === seconds && hours > 240);
    return sum(blocks.map(({ index, chunks }) => index + chunks)) / sum(blocks.map(({ samples }) => samples));
  };
  const reads = ({ blocks, calls }) => (calls.exists + calls.get + calls.attributes) / blocks;
  const most = Math.max;
  return {
    receiver: {
      idle: receivers.constant,
      perSeries: receivers.factors[0],
      perSample: receivers.factors[1],
      walPerSample: most(...receive.map(({ wal, samples }) => wal / samples)),
      coreSecondsPerSample: most(...scraped.map(({ coreSeconds, samples }) => coreSeconds / samples)),
      worst: receivers.worst,
    },
    compactor: { idle: compactors.constant, perSeries: compactors.factors[0], worst: compactors.worst },
    store: {
      idle: stores.constant,
      perBlock: stores.factors[0],
      perSeries: stores.factors[1],
      headerPerSeries: most(...store.map(({ header, series }) => header / series)),
      perQueriedSample: read.factors[0],
      worst: stores.worst,
    },
    query: { idle: querier.constant, perQueriedSample: querier.factors[0], worst: querier.worst },
    bucket: { rawSample: point(0), fiveMinutesPoint: point(300), oneHourPoint: point(3600) },
    calls: {
      store: reads(store.at(-1)),
      compactor: reads(waiting),
      query: most(...query.map(({ ranges, blocks, series }) => ranges / blocks / (series / 2000))),
    },
  };
}

/** A fit of MiB: bytes. Nothing makes memory smaller, and what a fit says below nothing is noise. */
function fitted(rows, peaks) {
  const factors = fit(rows, peaks);
  const [constant, ...others] = factors.map((factor) => Math.max(0, factor) * MIB);
  return { constant, factors: others, worst: worst(rows, peaks, factors) };
}

/** The figures as src/capacity/measured.ts has them. */
export function source(measured) {
  const { receiver, compactor, store, query, bucket, calls } = measured;
  const mib = (bytes) => `${Math.ceil(bytes / MIB)} * MIB`;
  const digits = (value, count = 3) => String(Number(value.toPrecision(count)));
  return `// Written by \`npm run capacity\`. What each figure is, and how it was measured: docs/capacity.md.
const MIB = 1024 ** 2;

/** Bytes, but where a name says otherwise. */
export const MEASURED = {
  receiver: {
    idle: ${mib(receiver.idle)},
    perSeries: ${digits(receiver.perSeries)},
    perSample: ${digits(receiver.perSample)},
    walPerSample: ${digits(receiver.walPerSample)},
    coreSecondsPerSample: ${digits(receiver.coreSecondsPerSample, 2)},
  },
  compactor: { idle: ${mib(compactor.idle)}, perSeries: ${digits(compactor.perSeries)} },
  store: {
    idle: ${mib(store.idle)},
    perBlock: ${digits(store.perBlock)},
    perSeries: ${digits(store.perSeries)},
    headerPerSeries: ${digits(store.headerPerSeries)},
    perQueriedSample: ${digits(store.perQueriedSample)},
  },
  query: { idle: ${mib(query.idle)}, perQueriedSample: ${digits(query.perQueriedSample)} },
  bucket: { fiveMinutesPoint: ${digits(bucket.fiveMinutesPoint)}, oneHourPoint: ${digits(bucket.oneHourPoint)} },
  /** Requests that read: for each block of a sync, and for each block that a query looks into. */
  reads: { store: ${digits(calls.store)}, compactor: ${digits(calls.compactor)}, query: ${digits(calls.query)} },
} as const;
`;
}

/** The tables of docs/capacity.md. */
export function tables(points, measured) {
  const { receiver, compactor, store, query, bucket, calls } = measured;
  const off = (value) => `${Math.round(value * 100)} %`;
  const million = (bytes) => `${whole((bytes * 1e6) / MIB)} MiB`;
  const perMillion = [
    ['receiver, for 1 000 000 series', million(receiver.perSeries), off(receiver.worst)],
    ['receiver, for 1 000 000 samples in the head', million(receiver.perSample), ''],
    ['compactor, for 1 000 000 series of the largest block', million(compactor.perSeries), off(compactor.worst)],
    ['store gateway, for 1000 blocks', `${whole((store.perBlock * 1000) / MIB)} MiB`, off(store.worst)],
    ['store gateway, for 1 000 000 series, counted in each block', million(store.perSeries), ''],
    ['store gateway, for 1 000 000 samples that queries read at once', million(store.perQueriedSample), ''],
    ['Query, for 1 000 000 samples that queries read at once', million(query.perQueriedSample), off(query.worst)],
  ];
  const bytes = (value) => `${Number(value.toPrecision(3))} bytes`;
  const others = [
    ['write-ahead log and head of a receiver, for a sample', bytes(receiver.walPerSample)],
    ['raw sample in a block of two weeks', bytes(bucket.rawSample)],
    ['point of 5 minutes', bytes(bucket.fiveMinutesPoint)],
    ['point of 1 hour', bytes(bucket.oneHourPoint)],
    ['index header of a store gateway, for a series of a block', `${bytes(store.headerPerSeries)} at most`],
    ['requests that read, for a block and a sync of a store gateway', whole(calls.store)],
    ['the same, of the compactor', whole(calls.compactor)],
    ['requests that read, for a query and a block that it looks into', whole(calls.query)],
  ];
  const memory = points.receive.map(({ series, interval, idle, head, replay, cut }) => [
    whole(series),
    `${interval} s`,
    ...[idle, head, replay, cut].map(whole),
  ]);
  return [
    table(['memory', 'measured', 'worst point off the fit'], perMillion),
    table(['beside it', 'measured'], others),
    table(['series', 'a sample every', 'idle', 'head of 3 hours', 'started after a kill', 'blocks cut'], memory),
    table(
      ['blocks', 'series of all', 'store gateway, MiB'],
      points.store.map(({ blocks, series, peak }) => [blocks, series, peak].map(whole)),
    ),
    table(
      ['samples of a query', 'Query, MiB', 'store gateway, MiB'],
      points.query.map(({ samples, peak }) => [samples, peak.query, peak.store].map(whole)),
    ),
    table(
      ['series of the blocks merged', 'compactor, MiB'],
      points.compact.map(({ series, peak }) => [series, peak].map(whole)),
    ),
  ].join('\n\n');
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function whole(value) {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
