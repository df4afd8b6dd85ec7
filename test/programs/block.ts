import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { serveThanos } from './thanos';

/** What a block holds: one sample of each series. */
export interface BlockContent {
  readonly series: readonly Readonly<Record<string, string>>[];
  /** External labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Puts a block into a bucket as a receiver does, which uploads what it was written when it ends. `args` open the bucket. */
export async function uploadBlock(
  args: readonly string[],
  env: Record<string, string>,
  { series, labels }: BlockContent,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-block-'));
  const external = Object.entries(labels).map(([name, value]) => `--label=${name}=${JSON.stringify(value)}`);
  const serving = await serveThanos(['receive', `--tsdb.path=${folder}`, ...external, ...args], env);
  try {
    await serving.ready();
    const headers = { 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0' };
    const body = new Uint8Array(snappy(Buffer.concat(series.map((one) => field(1, timeSeries(one))))));
    const url = `http://${serving.remoteWriteAddress}/api/v1/receive`;
    await serving.until('the write', async () => (await fetch(url, { method: 'POST', headers, body })).ok);
    await serving.end();
  } finally {
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** prompb.TimeSeries: labels, then one sample of now. */
function timeSeries(labels: Readonly<Record<string, string>>): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, value]) => field(1, Buffer.concat([field(1, name), field(2, value)])));
  const value = Buffer.alloc(9, 0x09);
  value.writeDoubleLE(1, 1);
  const sample = Buffer.concat([value, Buffer.from([0x10]), varint(Date.now())]);
  return Buffer.concat([...pairs, field(2, sample)]);
}

/** A field of protobuf that holds bytes. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** Snappy's format with nothing pressed: the length, then literals of at most 60 bytes. */
function snappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 60) {
    const literal = bytes.subarray(at, at + 60);
    parts.push(Buffer.from([(literal.length - 1) * 4]), literal);
  }
  return Buffer.concat(parts);
}
