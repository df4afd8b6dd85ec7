import { join } from 'node:path';
import { bytesOf, makeBucket } from './bucket.mjs';
import { makeSeries, requestBody } from './series.mjs';
import { serve } from './thanos.mjs';

const HOUR = 3600e3;
const DAY = 24 * HOUR;
/** Series of a request: about what Prometheus sends at once. */
const BATCH = 500;
/** A head takes what is up to an hour older than its newest sample. */
const STRIDE = HOUR / 2;
const RECEIVE = ['receive', '--tsdb.retention=0d', '--label=receive_replica="0"'];

/**
 * A receiver that is given `count` series every `interval` ms: memory with the head at its fullest, over a start after a
 * kill, and over the shutdown that cuts blocks of the head. Then hours with fewer samples, for the compactor: blocks of all
 * lie in a bucket.
 */
export async function receive(folder, { count, interval }) {
  const bucket = makeBucket(join(folder, 'bucket'));
  const data = join(folder, 'data');
  const args = [...RECEIVE, `--tsdb.path=${data}`, bucket.flag];
  const series = makeSeries(count);
  const start = Math.floor((Date.now() - 16 * HOUR) / (8 * HOUR)) * 8 * HOUR;

  let thanos = await serve(...args);
  const idle = thanos.peak();
  const cpu = thanos.cpu();
  // a block is cut of a head that spans 3 hours
  const samples = await write(thanos, series, { from: start, until: start + 2.9 * HOUR, interval });
  const coreSeconds = thanos.cpu() - cpu;
  const head = thanos.peak();
  const tenant = join(data, 'default-tenant');
  const wal = bytesOf(join(tenant, 'wal')) + bytesOf(join(tenant, 'chunks_head'));
  await thanos.stop();

  thanos = await serve(...args);
  const replay = thanos.peak();
  thanos.forget();
  await thanos.stop('SIGTERM');
  const cut = thanos.peak();
  for (const hour of [4, 6, 8]) {
    thanos = await serve(...args);
    const from = start + hour * HOUR;
    await write(thanos, series, { from, until: from + 2 * HOUR, interval: Math.max(interval, 300e3) });
    await thanos.stop('SIGTERM');
  }
  return { series: count, interval: interval / 1000, samples, idle, head, replay, cut, wal, coreSeconds, bucket };
}

/** What a receiver spends where each request has one sample of a series, as Prometheus sends them. */
export async function scraped(folder, { count, interval, scrapes }) {
  const thanos = await serve(
    ...RECEIVE,
    `--tsdb.path=${join(folder, 'data')}`,
    makeBucket(join(folder, 'bucket')).flag,
  );
  const series = makeSeries(count);
  const from = Math.floor(Date.now() / interval - scrapes) * interval;
  const cpu = thanos.cpu();
  const samples = await write(thanos, series, { from, until: from + scrapes * interval, interval }, interval);
  const coreSeconds = thanos.cpu() - cpu;
  const head = thanos.peak();
  await thanos.stop();
  return { series: count, samples, head, coreSeconds };
}

/** Two weeks and a little of few series, in a bucket: of these blocks the compactor makes all resolutions. */
export async function twoWeeks(folder, { count, interval }) {
  const bucket = makeBucket(join(folder, 'bucket'));
  const thanos = await serve(...RECEIVE, `--tsdb.path=${join(folder, 'data')}`, bucket.flag);
  const start = Math.floor(Date.now() / (14 * DAY) - 1) * 14 * DAY;
  const until = Math.min(start + 14.3 * DAY, Date.now());
  await write(thanos, makeSeries(count), { from: start, until, interval });
  await thanos.stop('SIGTERM');
  return bucket;
}

/** Writes a sample of each series every `interval`, and says how many. */
async function write(thanos, series, { from, until, interval }, stride = STRIDE) {
  let samples = 0;
  for (let at = from; at < until; at += stride) {
    const times = [];
    for (let time = at; time < Math.min(at + stride, until); time += interval) times.push(time);
    for (let first = 0; first < series.length; first += BATCH) {
      const batch = series.slice(first, first + BATCH);
      await thanos.write(requestBody(batch, times, Math.round(at / interval) % 1e6));
      samples += batch.length * times.length;
    }
  }
  return samples;
}
