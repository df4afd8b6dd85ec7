import { App, Duration, Size, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { Capacity, type CapacityOptions, ThanosStack } from '../../src/index';
import { runs } from '../property/runs';
import { find, type Json } from '../render';
import { flag } from '../stack/arguments';
import { OBJSTORE } from '../stack/stacks';

const LOAD: CapacityOptions = {
  activeSeries: 1_000_000,
  scrapeInterval: Duration.seconds(30),
  retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
};
const of = (options: Partial<CapacityOptions> = {}): Capacity => Capacity.of({ ...LOAD, ...options });

describe('in a stack', () => {
  const objects = (capacity: Capacity): Json[] =>
    Testing.synth(new ThanosStack(new App(), 'thanos', { ...capacity.stack, objstore: OBJSTORE }));
  const container = (all: Json[], kind: string, name: string): Json =>
    find(all, kind, name).spec.template.spec.containers[0];

  test('the props of all four components reach the manifests', () => {
    const capacity = of({ indexCache: Size.gibibytes(1), localRetention: Duration.days(4) });
    const all = objects(capacity);
    for (const [name, { resources, storage }] of Object.entries({
      'thanos-receiver': capacity.receiver,
      'thanos-compactor': capacity.compactor,
      'thanos-store': capacity.storeGateway,
    })) {
      const { requests } = container(all, 'StatefulSet', name).resources;
      expect([name, requests.memory]).toEqual([name, quantityOf(resources!.requests!.memory!)]);
      const [claim] = find(all, 'StatefulSet', name).spec.volumeClaimTemplates;
      expect([name, claim.spec.resources.requests.storage]).toEqual([name, quantityOf(storage!.size!)]);
    }
    expect(container(all, 'Deployment', 'thanos-query').resources.requests.memory).toBe(
      quantityOf(capacity.query.resources!.requests!.memory!),
    );
    expect(flag(all, 'thanos-receiver', '--tsdb.retention')).toEqual(['4d']);
    expect(flag(all, 'thanos-compactor', '--retention.resolution-raw')).toEqual(['30d']);
    expect(flag(all, 'thanos-store', '--index-cache.config').join()).toContain('1GiB');
  });

  test('a part is changed by spreading it', () => {
    const { stack, receiver } = of();
    const props = { ...stack, objstore: OBJSTORE, receiver: { ...receiver, replicas: 7 } };
    const all = Testing.synth(new ThanosStack(new App(), 'thanos', props));
    expect(find(all, 'StatefulSet', 'thanos-receiver').spec.replicas).toBe(7);
  });

  test('no limits: one that is guessed is an outage', () => {
    expect(JSON.stringify(of().stack)).not.toContain('limits');
  });
});

test('memory is asked for in steps, volumes in whole gibibytes, CPU where it follows from the samples', () => {
  const steps = fc.record({
    activeSeries: fc.integer({ min: 1, max: 1e7 }),
    interval: fc.integer({ min: 5, max: 300 }),
  });
  fc.assert(
    fc.property(steps, ({ activeSeries, interval }) => {
      const { receiver, compactor, storeGateway, query } = of({
        activeSeries,
        scrapeInterval: Duration.seconds(interval),
      });
      for (const { resources } of [receiver, compactor, storeGateway, query])
        expect(resources!.requests!.memory!.toMebibytes() % 64).toBe(0);
      for (const { storage } of [receiver, compactor, storeGateway])
        expect(Number.isInteger(storage!.size!.toGibibytes())).toBe(true);
      expect(receiver.resources!.requests!.cpu).toMatch(/^\d+m$/);
    }),
    runs(100),
  );
});

describe('a pair of Prometheus that scrapes the same', () => {
  test('is twice the series to receivers, bucket and queries: no deduplication comes before them', () => {
    const pair = of({ prometheusReplicas: 2, newSeriesPerDay: 1000 });
    const sum = of({ activeSeries: 2_000_000, newSeriesPerDay: 2000, queries: { series: 2000 } });
    expect(JSON.stringify(pair.stack)).toBe(JSON.stringify(sum.stack));
    expect(pair.bucket).toEqual(sum.bucket);
    expect(pair.samplesPerSecond).toBe(sum.samplesPerSecond);
    const one = of({ newSeriesPerDay: 1000 });
    expect(pair.receiver.resources!.requests!.memory!.toMebibytes()).toBeGreaterThan(
      one.receiver.resources!.requests!.memory!.toMebibytes() * 1.8,
    );
    expect(pair.toString()).toMatch(/^2 000 000 series \(2 Prometheus with 1 000 000 each\), a sample every 30 s/);
  });

  test('is asked for where nothing is said of it', () => {
    const note = 'each series is written once: where a pair of Prometheus writes it, give prometheusReplicas';
    expect(of().notes).toContain(note);
    expect(of({ prometheusReplicas: 1 }).notes).not.toContain(note);
  });
});

describe('what the bucket costs', () => {
  test('is told for prices alone', () => {
    expect(of().bucket.costPerMonth).toBeUndefined();
    expect(of().notes).toContain('no cost: no prices are given, and none is guessed');
  });

  test('is bytes, writes and reads, each by its price', () => {
    const { bucket } = of({ prices: { gigabyteMonth: 0.023 } });
    const gigabytes = (bucket.size.toMebibytes() * 1024 ** 2) / 1e9;
    expect(bucket.costPerMonth).toBeCloseTo(gigabytes * 0.023, 1);
    const all = of({ prices: { gigabyteMonth: 0, thousandWrites: 5, thousandReads: 2 } }).bucket;
    expect(all.costPerMonth).toBeCloseTo((all.writesPerMonth * 5 + all.readsPerMonth * 2) / 1000, 1);
  });

  test('what is kept for ever grows, and is counted over a year', () => {
    expect(of().bucket.grows).toBe(false);
    const forever = of({ retention: { raw: Duration.days(0) } });
    expect(forever.bucket.grows).toBe(true);
    const year = { raw: Duration.days(365), fiveMinutes: Duration.days(365), oneHour: Duration.days(365) };
    expect(forever.bucket.size.toMebibytes()).toBe(of({ retention: year }).bucket.size.toMebibytes());
    expect(forever.notes).toContain('what is kept for ever is counted over a year, and grows on');
  });
});

describe('notes', () => {
  test('new series of a day are asked for, and let compactor and store grow', () => {
    const churn = of({ newSeriesPerDay: 1_000_000 });
    expect(of().notes.join()).toContain('give newSeriesPerDay');
    expect(churn.notes.join()).not.toContain('newSeriesPerDay');
    const memory = (capacity: Capacity) => capacity.compactor.resources!.requests!.memory!.toMebibytes();
    expect(memory(churn)).toBeGreaterThan(memory(of()));
  });

  test('a store gateway over the largest pod is told into how many parts the bucket goes', () => {
    const { notes } = of({ activeSeries: 200_000_000, newSeriesPerDay: 0, largestPod: Size.gibibytes(2) });
    expect(notes.join('\n')).toMatch(/storeGateway\.shards, \d+ or more by hash/);
  });

  test('the parts are so many that each fits, its index cache and what it takes idle included', () => {
    const cache = Size.mebibytes(1500);
    const { notes, storeGateway } = of({
      largestPod: Size.gibibytes(2),
      indexCache: cache,
      queries: { concurrent: 30 },
    });
    const shards = Number(/shards, (\d+) or more/.exec(notes.join('\n'))![1]);
    const fixed = 1500 + 78 * 1.25;
    const load = storeGateway.resources!.requests!.memory!.toMebibytes() - fixed;
    expect(fixed + load / shards).toBeLessThanOrEqual(2048);
    expect(fixed + load / (shards - 1)).toBeGreaterThan(2048);
  });

  test('no number of parts is told where the index cache alone is too large', () => {
    const notes = of({ largestPod: Size.gibibytes(1), indexCache: Size.gibibytes(40) }).notes.join('\n');
    expect(notes).toContain('needs more than largestPod before it has a block: make the indexCache smaller');
    expect(notes).not.toContain('shards');
  });

  test('a retention that leaves nothing to downsample is told of', () => {
    const short = { raw: Duration.days(1), fiveMinutes: Duration.days(9) };
    expect(of({ retention: short }).notes.join('\n')).toMatch(
      /retention\.raw is below 40 hours.*\n.*fiveMinutes is below 10 d/,
    );
    const enough = { raw: Duration.hours(40), fiveMinutes: Duration.days(10) };
    expect(of({ retention: enough }).notes.join('\n')).not.toContain('below');
  });

  test('two copies lose samples with a volume', () => {
    expect(of({ replicationFactor: 2 }).notes.join('\n')).toContain('replicationFactor of 2');
  });
});

test.each<[string, any, string]>([
  ['no series', { activeSeries: undefined }, 'activeSeries: is missing. Give the number of series'],
  ['negative series', { activeSeries: -1 }, 'activeSeries: is -1; it must be a whole number from 1 to 10000000000'],
  ['series as text', { activeSeries: '1000000' }, 'activeSeries: is "1000000"; it must be a whole number'],
  ['half a series', { activeSeries: 1.5 }, 'activeSeries: is 1.5; it must be a whole number'],
  ['no number', { activeSeries: Number.NaN }, 'activeSeries: is NaN; it must be a whole number'],
  ['series without end', { activeSeries: Number.POSITIVE_INFINITY }, 'activeSeries: is Infinity; it must be'],
  ['no interval', { scrapeInterval: Duration.seconds(0) }, 'scrapeInterval: is 0 ms; it must be greater than 0'],
  [
    'an interval as text',
    { scrapeInterval: '30s' },
    'scrapeInterval: is "30s", not a Duration; write Duration.seconds(30)',
  ],
  ['an interval as number', { scrapeInterval: 30 }, 'scrapeInterval: is 30, not a Duration'],
  ['no copies', { replicationFactor: 0 }, 'replicationFactor: is 0; it must be a whole number from 1 to 9'],
  ['no Prometheus', { prometheusReplicas: 0 }, 'prometheusReplicas: is 0; it must be a whole number from 1 to 9'],
  [
    'too many series of all',
    { activeSeries: 6e9, prometheusReplicas: 2 },
    'prometheusReplicas: is 2: these are more than 10000000000 series',
  ],
  ['free samples', { bytesPerSample: 0 }, 'bytesPerSample: is 0; it must be a number from 0.1 to 32'],
  [
    'negative queries',
    { queries: { perSecond: -1 } },
    'queries: perSecond: is -1; it must be a number from 0 to 1000000',
  ],
  ['queries over no series', { queries: { series: 0 } }, 'queries: series: is 0; it must be a whole number'],
  ['a price as text', { prices: { gigabyteMonth: '2' } }, 'prices: gigabyteMonth: is "2"; it must be a number from 0'],
  ['prices without that of bytes', { prices: {} }, 'prices: gigabyteMonth: is missing. Give the price'],
  ['a retention as text', { retention: { raw: '30d' } }, 'retention: raw: is "30d", not a Duration'],
  ['a pod of nothing', { largestPod: Size.mebibytes(512) }, 'largestPod: is 512Mi; it must be 1Gi or more'],
  ['an unknown option', { series: 5 }, 'options: '],
  [
    'more than a volume can be',
    { activeSeries: 1e10, scrapeInterval: Duration.millis(1), bytesPerSample: 32, largestPod: Size.tebibytes(8000) },
    'activeSeries: with these intervals and retentions one pod comes to more than 8 PiB',
  ],
])('%s is an error that names the option', (_, options, message) => {
  expect(() => of(options)).toThrow(`cdk8s-thanos: Capacity: ${message}`);
});

function quantityOf(size: Size): string {
  const mebibytes = size.toMebibytes();
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}
