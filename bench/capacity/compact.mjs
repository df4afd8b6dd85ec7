import { callsOfASync } from './store.mjs';
import { run, serve } from './thanos.mjs';

const AT_ONCE = ['--consistency-delay=0s', '--delete-delay=0s'];

/** One pass of the compactor over a bucket: its memory, in MiB. The bucket then holds what it made. */
export async function compact(folder, bucket) {
  const thanos = await run('compact', `--data-dir=${folder}`, bucket.flag, ...AT_ONCE);
  return thanos.peak();
}

/** Calls of the bucket that the waiting compactor makes each time it looks for work. */
export async function waiting(folder, bucket) {
  const wait = ['--wait', '--wait-interval=5s', ...AT_ONCE];
  const thanos = await serve('compact', `--data-dir=${folder}`, bucket.flag, ...wait);
  const calls = await callsOfASync(thanos);
  await thanos.stop();
  return { blocks: bucket.blocks().length, calls };
}
