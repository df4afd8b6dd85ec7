import * as fc from 'fast-check';
import { blocksOf } from '../../src/capacity/blocks';
import { MEASURED } from '../../src/capacity/measured';
import { type Load, type Needs, needsOf, SPARE } from '../../src/capacity/model';
import { runs } from '../property/runs';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY = 86_400;

const LOAD: Load = {
  series: 1_000_000,
  interval: 30,
  newSeriesPerDay: 0,
  copies: 3,
  kept: { raw: 30, fiveMinutes: 180, oneHour: 3650 },
  localDays: 15,
  bytesPerSample: 2,
  indexCache: 250 * MIB,
  largestPod: 16 * GIB,
  concurrent: 4,
  queriesPerSecond: 0.1,
  querySeries: 1000,
  queryRange: 6 * 3600,
};

const load: fc.Arbitrary<Load> = fc.record({
  series: fc.integer({ min: 1, max: 1e9 }),
  interval: fc.double({ min: 1, max: 3600, noNaN: true }),
  newSeriesPerDay: fc.integer({ min: 0, max: 1e9 }),
  copies: fc.integer({ min: 1, max: 5 }),
  kept: fc.record({
    raw: fc.double({ min: 2, max: 4000, noNaN: true }),
    fiveMinutes: fc.double({ min: 10, max: 4000, noNaN: true }),
    oneHour: fc.double({ min: 10, max: 4000, noNaN: true }),
  }),
  localDays: fc.double({ min: 0.1, max: 100, noNaN: true }),
  bytesPerSample: fc.double({ min: 0.5, max: 16, noNaN: true }),
  indexCache: fc.integer({ min: MIB, max: 64 * GIB }),
  largestPod: fc.integer({ min: GIB, max: 256 * GIB }),
  concurrent: fc.integer({ min: 1, max: 100 }),
  queriesPerSecond: fc.double({ min: 0, max: 100, noNaN: true }),
  querySeries: fc.integer({ min: 1, max: 1e6 }),
  queryRange: fc.double({ min: 60, max: 30 * DAY, noNaN: true }),
});

/** What all pods of each part take together, and the bucket. */
function totals({ receiver, compactor, store, query, bucket }: Needs): Record<string, number> {
  return {
    receivers: receiver.replicas,
    receiverMemory: receiver.replicas * receiver.memory,
    receiverVolumes: receiver.replicas * receiver.volume!,
    receiverCores: receiver.replicas * receiver.cores!,
    compactorMemory: compactor.memory,
    compactorVolume: compactor.volume!,
    storeMemory: store.memory,
    storeVolume: store.volume!,
    queryMemory: query.memory,
    bytes: bucket.bytes,
    blocks: bucket.blocks,
    writes: bucket.writesPerMonth,
    reads: bucket.readsPerMonth,
  };
}

/** What got smaller by more than arithmetic in floating point. */
function smaller(before: Needs, after: Needs, except: readonly string[]): string[] {
  const [a, b] = [totals(before), totals(after)];
  return Object.keys(a).filter((name) => !except.includes(name) && b[name] < a[name] * (1 - 1e-9));
}

/** More receivers divide the series into smaller streams, so that a single compactor has less to do at once. */
const OF_A_STREAM = ['compactorMemory', 'compactorVolume'];

test.each<[string, (load: Load, by: number) => Load, string[]]>([
  ['more series', (it, by) => ({ ...it, series: it.series * by }), OF_A_STREAM],
  ['more new series', (it, by) => ({ ...it, newSeriesPerDay: it.newSeriesPerDay * by }), []],
  ['a shorter scrape interval', (it, by) => ({ ...it, interval: it.interval / by }), OF_A_STREAM],
  ['more copies', (it, by) => ({ ...it, copies: it.copies + Math.ceil(by) }), OF_A_STREAM],
  ['raw blocks kept longer', (it, by) => ({ ...it, kept: { ...it.kept, raw: it.kept.raw * by } }), []],
  ['5 minutes kept longer', (it, by) => ({ ...it, kept: { ...it.kept, fiveMinutes: it.kept.fiveMinutes * by } }), []],
  ['1 hour kept longer', (it, by) => ({ ...it, kept: { ...it.kept, oneHour: it.kept.oneHour * by } }), []],
  ['blocks longer on the receivers', (it, by) => ({ ...it, localDays: it.localDays * by }), []],
  ['larger samples', (it, by) => ({ ...it, bytesPerSample: it.bytesPerSample * by }), []],
  ['more queries at once', (it, by) => ({ ...it, concurrent: it.concurrent * by }), []],
  ['more queries', (it, by) => ({ ...it, queriesPerSecond: it.queriesPerSecond * by }), []],
  ['queries over more series', (it, by) => ({ ...it, querySeries: it.querySeries * by }), []],
  ['queries over a longer time', (it, by) => ({ ...it, queryRange: it.queryRange * by }), []],
  ['a larger index cache', (it, by) => ({ ...it, indexCache: it.indexCache * by }), []],
])('%s never need less', (_, more, except) => {
  fc.assert(
    fc.property(load, fc.double({ min: 1, max: 20, noNaN: true }), (it, by) => {
      expect(smaller(needsOf(it), needsOf(more(it, by)), except)).toEqual([]);
    }),
    runs(300),
  );
});

test('every receiver stays below the largest pod, there are enough for the copies, and no more than that takes', () => {
  fc.assert(
    fc.property(load, (it) => {
      const { replicas, memory } = needsOf(it).receiver;
      expect(memory).toBeLessThanOrEqual(it.largestPod * (1 + 1e-9));
      expect(replicas).toBeGreaterThanOrEqual(it.copies);
      const fewer = { ...it, largestPod: memory * 1.001 };
      expect(needsOf(fewer).receiver.replicas).toBeLessThanOrEqual(replicas);
    }),
    runs(300),
  );
});

test('all figures are finite and greater than 0', () => {
  fc.assert(
    fc.property(load, (it) => {
      const { writes, reads, ...figures } = totals(needsOf(it));
      expect([writes, reads].every((calls) => calls >= 0)).toBe(true);
      expect(Object.entries(figures).filter(([, value]) => !(Number.isFinite(value) && value > 0))).toEqual([]);
    }),
    runs(300),
  );
});

describe('by hand', () => {
  // 1 000 000 series, a sample every 30 s
  const perSecond = 1_000_000 / 30;

  test('a receiver: Prometheus’ formula over 15 days, and its write-ahead log, a fifth free', () => {
    const { samplesPerSecond, receiver } = needsOf(LOAD);
    expect(samplesPerSecond).toBe(perSecond);
    expect(receiver.replicas).toBe(3);
    const blocks = 15 * DAY * perSecond * 2;
    const wal = 3 * 3600 * perSecond * MEASURED.receiver.walPerSample;
    expect(receiver.volume).toBeCloseTo((blocks + wal) * SPARE, 0);
  });

  test('a small receiver has room for the three segments of a write-ahead log', () => {
    const small = needsOf({ ...LOAD, series: 1, localDays: 1 });
    expect(small.receiver.volume).toBeGreaterThan(3 * 128 * MIB);
    expect(small.receiver.volume).toBeLessThan(500 * MIB);
  });

  test('the compactor: twice its longest block, two weeks of one receiver', () => {
    expect(needsOf(LOAD).compactor.volume).toBeCloseTo(2 * 14 * DAY * perSecond * 2 * SPARE, 0);
    // a stream of half as many samples makes blocks of half the size
    const six = needsOf({ ...LOAD, largestPod: needsOf(LOAD).receiver.memory / 1.9 });
    expect(six.receiver.replicas).toBe(6);
    expect(six.compactor.volume).toBeCloseTo((2 * 14 * DAY * perSecond * 2 * SPARE) / 2, 0);
  });

  test('the bucket: three copies of raw samples, downsampled ones no larger than those', () => {
    const kept = { raw: 30, fiveMinutes: 0, oneHour: 0 };
    const raw = 3 * perSecond * 2 * DAY;
    const { bucket } = needsOf({ ...LOAD, kept });
    expect(bucket.bytesPerDay).toBeCloseTo(raw, 0);
    // and six days' worth of blocks that are merged, and not deleted yet
    expect(bucket.bytes).toBeCloseTo(36 * raw, -3);
    // with a sample every ten minutes, copies of 5 minutes hold what raw blocks hold
    const seldom = needsOf({ ...LOAD, interval: 600, kept: { raw: 0, fiveMinutes: 10, oneHour: 0 } }).bucket;
    expect(seldom.bytes).toBeCloseTo(16 * seldom.bytesPerDay, -3);
  });

  test('blocks of a stream', () => {
    const count = (kept: Load['kept']) => blocksOf(kept).reduce((sum, group) => sum + group.count, 0);
    expect(count({ raw: 140, fiveMinutes: 0, oneHour: 0 })).toBe(5 + 7 + 8 + 10);
    expect(count({ raw: 0, fiveMinutes: 140, oneHour: 140 })).toBe(5 + 8 + 10 + 10);
    // what is kept for 2 days never gets as old as two weeks
    expect(blocksOf({ raw: 2, fiveMinutes: 0, oneHour: 0 })).toContainEqual({ days: 2, count: 1 });
  });

  test('one Query that is left answers all; the load of each store gateway does not shrink with their number', () => {
    const { query } = needsOf(LOAD);
    const samples = 4 * 1000 * 3 * (6 * 120);
    expect(query.memory).toBeCloseTo((MEASURED.query.idle + samples * MEASURED.query.perQueriedSample) * SPARE, 0);
  });
});
