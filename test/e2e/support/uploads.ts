import type { Json } from '../../render';
import { exec, httpGet } from './kubectl';
import { GRANTED, thanosPods } from './pods';

const HTTP_PORT = 10902;
const TENANT = '/var/thanos/data/default-tenant';
const BLOCK = /^[0-9A-Z]{26}$/;

/** What a granted pod counts since its start. */
export interface BucketCounters {
  readonly pod: string;
  readonly operations: number;
  readonly operationFailures: number;
  readonly syncFailures: number;
  readonly uploads: number;
}

/** The counters of every pod that opens the bucket, or of those of some components. */
export async function bucketCounters(namespace: string, ...components: string[]): Promise<BucketCounters[]> {
  const pods = await thanosPods(namespace, ...(components.length > 0 ? components : GRANTED));
  return Promise.all(pods.map((pod) => countersOf(namespace, pod)));
}

async function countersOf(namespace: string, { metadata: { name } }: Json): Promise<BucketCounters> {
  const page = await httpGet(namespace, `pods/${name}:${HTTP_PORT}`, '/metrics');
  const sum = (metric: string): number =>
    [...page.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((all, [, n]) => all + Number(n), 0);
  return {
    pod: name,
    operations: sum('thanos_objstore_bucket_operations_total'),
    operationFailures: sum('thanos_objstore_bucket_operation_failures_total'),
    syncFailures: sum('thanos_shipper_dir_sync_failures_total'),
    uploads: sum('thanos_shipper_uploads_total'),
  };
}

/** Those that failed, as text; empty where nothing did. */
export function failures(counters: BucketCounters[]): string[] {
  return counters
    .filter((c) => c.operationFailures + c.syncFailures > 0)
    .map((c) => `${c.pod}: ${c.operationFailures} operations, ${c.syncFailures} syncs failed`);
}

/** Blocks that lie on the receivers' volumes, and whether they were uploaded. */
export async function localBlocks(namespace: string): Promise<{ pending: string[]; uploaded: string[] }> {
  const receivers = await thanosPods(namespace, 'receiver');
  const of = await Promise.all(receivers.map(({ metadata: { name } }) => blocksOf(namespace, name)));
  return { pending: of.flatMap((b) => b.pending), uploaded: of.flatMap((b) => b.uploaded) };
}

async function blocksOf(namespace: string, pod: string): Promise<{ pending: string[]; uploaded: string[] }> {
  const text = await exec(namespace, pod, 'cat', `${TENANT}/thanos.shipper.json`).catch(() => '{}');
  const known: string[] = JSON.parse(text).uploaded ?? [];
  const blocks = (await exec(namespace, pod, 'ls', TENANT)).split('\n').filter((name) => BLOCK.test(name));
  return { pending: blocks.filter((b) => !known.includes(b)), uploaded: blocks.filter((b) => known.includes(b)) };
}
