import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { writeSamples } from '../programs/remote-write';
import { describeThanos, serveThanos } from '../programs/thanos';

const MINUTE = 60_000;

/** docs/receive.md tells people what this tries. */
describeThanos('a receiver that ends', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-end-'));
  const bucket = path.join(folder, 'bucket');
  mkdirSync(bucket);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts it on its volume, writes samples of one series, ends it, and counts the blocks in the bucket. */
  async function life(...times: number[]): Promise<number> {
    const objstore = `--objstore.config=${JSON.stringify({ type: 'FILESYSTEM', config: { directory: bucket } })}`;
    const volume = `--tsdb.path=${path.join(folder, 'volume')}`;
    const serving = await serveThanos(['receive', volume, '--label=receive_replica="a"', objstore]);
    try {
      await serving.ready();
      const series = [{ labels: { __name__: 'up' }, samples: times.map((time) => ({ time, value: 1 })) }];
      const url = `http://${serving.remoteWriteAddress}/api/v1/receive`;
      await serving.until('the write', async () => (await writeSamples(url, series)).status === 200);
      await serving.end();
    } finally {
      await serving.stop();
    }
    return readdirSync(bucket).filter((name) => /^[0-9A-Z]{26}$/.test(name)).length;
  }

  test('uploads all but its newest sample, which it keeps on its volume until a newer one comes', async () => {
    const now = Date.now();
    // a single sample is a block; of a second life with one sample there is none, until a third has a newer one
    expect(await life(now - 3 * MINUTE)).toBe(1);
    expect(await life(now - 2 * MINUTE)).toBe(1);
    expect(await life(now - MINUTE)).toBe(2);
  }, 60_000);
});
