import { join } from 'node:path';
import { bytesOf, makeBucket } from './bucket.mjs';
import { serve } from './thanos.mjs';

/** Next to no caches: theirs is a size that the user sets. */
const NO_CACHE = '--index-cache.config={"type":"IN-MEMORY","config":{"max_size":"1MiB","max_item_size":"512KiB"}}';

/** A store gateway over so many copies of a block: memory when it is ready, index headers, calls of a sync. */
export async function store(folder, { from, block, copies }) {
  const bucket = makeBucket(join(folder, 'bucket'));
  bucket.take(from, block, copies);
  const data = join(folder, 'data');
  const thanos = await serve('store', `--data-dir=${data}`, bucket.flag, NO_CACHE, '--sync-block-duration=5s');
  await thanos.until('blocks', async () => (await thanos.metric('thanos_bucket_store_blocks_loaded')) === copies);
  const peak = thanos.peak();
  const calls = await callsOfASync(thanos);
  await thanos.stop();
  return { blocks: copies, series: copies * block.series, peak, header: bytesOf(data), calls };
}

/** Bucket calls of a sync that finds nothing new, by their operation. */
export async function callsOfASync(thanos) {
  const syncs = () => thanos.metric('thanos_blocks_meta_syncs_total');
  const afterNext = async () => {
    const before = await syncs();
    await thanos.until('sync', async () => (await syncs()) > before, 120);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return { syncs: await syncs(), calls: await operations(thanos) };
  };
  const first = await afterNext();
  const last = await afterNext();
  const per = ([name, count]) => [name, (count - first.calls[name]) / (last.syncs - first.syncs)];
  return Object.fromEntries(Object.entries(last.calls).map(per));
}

/** Bucket calls so far, by their operation. */
async function operations(thanos) {
  const result = {};
  for (const [labels, count] of await thanos.samples('thanos_objstore_bucket_operations_total')) {
    const name = /operation="([^"]+)"/.exec(labels)[1];
    result[name] = (result[name] ?? 0) + count;
  }
  return result;
}

/** A query over all raw samples of some metrics: memory of Query and of the store that it asks, and calls of the bucket. */
export async function query(folder, { from, blocks, metrics, hours }) {
  const bucket = makeBucket(join(folder, 'bucket'));
  for (const block of blocks) bucket.take(from, block, 1);
  const store = await serve('store', `--data-dir=${join(folder, 'data')}`, bucket.flag, NO_CACHE);
  const querier = await serve('query', `--endpoint=127.0.0.1:${store.ports.grpc}`);
  const stores = async () => JSON.parse(await querier.text('/api/v1/stores')).data?.store?.length > 0;
  await querier.until('store', stores);
  const idle = { query: querier.peak(), store: store.peak() };
  const before = await operations(store);
  // one sum of all would have series that differ in their names alone
  const sums = Array.from(
    { length: metrics },
    (_, i) => `sum(count_over_time(container_metric_${i}_total[${hours}h]))`,
  );
  const asked = new URLSearchParams({ query: sums.join(' + '), time: String(blocks.at(-1).end - 1) });
  const answer = JSON.parse(await querier.text(`/api/v1/query?${asked}`));
  if (answer.status !== 'success' || answer.data.result.length === 0)
    throw new Error(`no answer: ${JSON.stringify(answer).slice(0, 500)}`);
  const samples = Number(answer.data.result[0].value[1]);
  const peak = { query: querier.peak(), store: store.peak() };
  const ranges = (await operations(store)).get_range - before.get_range;
  await querier.stop();
  await store.stop();
  return { series: metrics * 2000, samples, idle, peak, ranges, blocks: blocks.length };
}
