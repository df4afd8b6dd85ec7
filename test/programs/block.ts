import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { remoteWrite, type Series } from './remote-write';
import { serveThanos } from './thanos';

/** What a block holds: one sample of each series. */
export interface BlockContent {
  readonly series: readonly Series[];
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
    const { remoteWriteAddress } = serving;
    await serving.until('the write', async () => (await remoteWrite(remoteWriteAddress, series)).status === 200);
    await serving.end();
  } finally {
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
