import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { BucketJob, BucketReplicate, BucketTool, ObjstoreConfig, S3Ca, S3Credentials } from '../../src';
import { issued, minioFolder } from '../cli/issued';
import { quietly } from '../component/made';
import { uploadBlock } from '../programs/block';
import { BUCKET, Minio, ROOT_KEYS } from '../programs/minio';
import { describeWith } from '../programs/program';
import { runThanos, serveThanos } from '../programs/thanos';
import { chart, find, render } from '../render';
import { PodOnDisk } from './pod-on-disk';

/** Two stores, each behind a CA of its own. */
describeWith(['thanos', 'minio'], 'blocks from one store to another', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-replicate-'));
  const stores: { readonly minio: Minio; readonly ca: string }[] = [];

  beforeAll(async () => {
    for (const name of ['source', 'archive']) {
      const root = await issued({ name });
      const server = await issued({ name: 'server', names: ['127.0.0.1'], issuer: root });
      const minio = await Minio.start(minioFolder(path.join(folder, name), server));
      stores.push({ minio, ca: root.certificate });
    }
  }, 60_000);
  afterAll(async () => {
    for (const { minio } of stores) await minio.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const GIVEN = {
    'thanos-keys': ROOT_KEYS,
    'archive-keys': ROOT_KEYS,
  };

  function made(tool: 'ls' | 'archive-ls' | 'once' | 'copy', matchers?: string[], given = GIVEN): PodOnDisk {
    const scope = chart();
    const [objstore, destination] = ['thanos', 'archive'].map((instance, i) => {
      const { minio, ca } = stores[i];
      return new ObjstoreConfig(scope, instance, {
        instance,
        bucket: BUCKET,
        endpoint: minio.address,
        serverName: '127.0.0.1',
        ca: S3Ca.fromPem(ca),
        credentials: S3Credentials.fromSecretName(`${instance}-keys`),
      });
    });
    if (tool === 'copy') new BucketReplicate(scope, 'Copy', { objstore, destination, matchers });
    if (tool === 'once')
      new BucketJob(scope, 'Job', { objstore, tool: BucketTool.replicate({ destination, matchers }) });
    if (tool === 'ls') new BucketJob(scope, 'Job', { objstore, tool: BucketTool.ls() });
    if (tool === 'archive-ls') new BucketJob(scope, 'Job', { objstore: destination, tool: BucketTool.ls() });
    const objects = quietly(() => render(scope));
    return new PodOnDisk(objects, find(objects, tool === 'copy' ? 'Deployment' : 'Job'), given);
  }

  async function ids(tool: 'ls' | 'archive-ls'): Promise<string[]> {
    const pod = made(tool);
    const { code, output } = await runThanos(pod.args, pod.env);
    pod.remove();
    expect({ code, output }).toMatchObject({ code: 0 });
    return output.split('\n').filter((line) => /^[0-7][0-9A-Z]{25}$/.test(line));
  }

  async function newBlock(cluster: string): Promise<string> {
    const before = await ids('ls');
    const pod = made('ls');
    const flag = pod.args.find((arg) => arg.startsWith('--objstore'))!;
    await uploadBlock([flag], pod.env, { series: [{ __name__: 'up' }], labels: { cluster } });
    pod.remove();
    const [id] = (await ids('ls')).filter((one) => !before.includes(one));
    return id;
  }

  test('are copied once by a Job, those that match, each store by its own CA and keys', async () => {
    const [eu, us] = [await newBlock('eu'), await newBlock('us')];
    const pod = made('once', ['cluster="eu"']);
    expect(await runThanos(pod.args, pod.env)).toMatchObject({ code: 0 });
    pod.remove();
    expect(await ids('archive-ls')).toEqual([eu]);
    expect(await ids('ls')).toEqual(expect.arrayContaining([eu, us]));
  }, 60_000);

  test('are not copied with keys of the source', async () => {
    const wrong = { AWS_ACCESS_KEY_ID: 'nobody-at-all', AWS_SECRET_ACCESS_KEY: 'x y: "\'$(A) #' };
    const pod = made('once', [], { ...GIVEN, 'archive-keys': wrong });
    const { code, output } = await runThanos(pod.args, pod.env);
    pod.remove();
    expect(code).not.toBe(0);
    expect(output).toContain('The Access Key Id you provided does not exist');
  }, 60_000);

  test('are copied as they appear', async () => {
    const pod = made('copy');
    const serving = await serveThanos(pod.args, pod.env);
    try {
      await serving.ready();
      const all = async (): Promise<boolean> => (await ids('archive-ls')).length === (await ids('ls')).length;
      await serving.until('the copies', all, 30);
      expect(await serving.text('/metrics')).toContain('thanos_replicate_replication_runs_total');
    } finally {
      await serving.stop();
      pod.remove();
    }
  }, 60_000);
});
