import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { uploadBlock } from '../programs/block';
import { BUCKET, Minio, ROOT_KEYS } from '../programs/minio';
import { describeWith } from '../programs/program';
import { runThanos, serveThanos } from '../programs/thanos';

const READ = ['s3:ListBucket', 's3:GetBucketLocation', 's3:GetObject'];
const SERIES = [{ __name__: 'up' }];
const DENIED = 'Access Denied';

/** What docs/threat-model.md says that keys of its own would take from each part, by the real Thanos on a real MinIO. */
describeWith(['thanos', 'minio'], 'a part with no more rights than it needs', () => {
  let minio: Minio;
  beforeAll(async () => {
    minio = await Minio.start();
  });
  afterAll(() => minio.stop());

  const may = (...Action: string[]): Promise<Record<string, string>> => {
    const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
    return minio.temporaryKeys({ Effect: 'Allow', Action, Resource });
  };
  const bucket = (): string => {
    const config = { bucket: BUCKET, endpoint: minio.address, insecure: true };
    return `--objstore.config=${JSON.stringify({ type: 'S3', config })}`;
  };
  const tool = (keys: Record<string, string>, ...args: string[]) =>
    runThanos(['tools', 'bucket', ...args, bucket()], keys);
  const ids = async (): Promise<string[]> =>
    (await tool(ROOT_KEYS, 'ls')).output.split('\n').filter((line) => /^[0-9A-Z]{26}$/.test(line));

  test('a receiver uploads without the right to delete, and with such keys no block can be deleted', async () => {
    const keys = await may(...READ, 's3:PutObject');
    await uploadBlock([bucket()], keys, { series: SERIES, labels: { receive_replica: 'a' } });
    const [id] = await ids();
    expect(id).toBeDefined();
    const mark = ['--marker=deletion-mark.json', '--details=stolen keys', `--id=${id}`];
    expect(await tool(keys, 'mark', ...mark)).toMatchObject({ code: 0 });
    // the mark is an object like others: it can be written, and a compactor would act on it two days later
    // a mark counts in whole seconds
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const swept = await tool(keys, 'cleanup', '--delete-delay=0s', '--consistency-delay=0s');
    expect(swept.output).toContain(DENIED);
    expect(await ids()).toEqual([id]);
    expect(await tool(ROOT_KEYS, 'mark', '--remove', ...mark)).toMatchObject({ code: 0 });
  }, 60_000);

  test('a store gateway serves with keys that may only read, which can neither mark nor put', async () => {
    const keys = await may(...READ);
    const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-store-'));
    const store = await serveThanos(['store', `--data-dir=${folder}`, bucket()], keys);
    try {
      await store.ready();
      await store.until('a block', async () =>
        /^thanos_bucket_store_blocks_loaded 1$/m.test(await store.text('/metrics')),
      );
    } finally {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    const [id] = await ids();
    const mark = ['--marker=deletion-mark.json', '--details=stolen keys', `--id=${id}`];
    const marked = await tool(keys, 'mark', ...mark);
    expect({ code: marked.code, denied: marked.output.includes(DENIED) }).toEqual({ code: 1, denied: true });
  }, 60_000);
});
