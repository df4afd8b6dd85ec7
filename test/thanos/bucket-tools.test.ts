import { Duration } from 'cdk8s';
import * as path from 'node:path';
import {
  BlockDeletion,
  BlockIssue,
  BlockMarker,
  BlockSelector,
  BlockTime,
  BucketJob,
  BucketTool,
  HashFunc,
  InspectColumn,
  InspectOutput,
  ObjstoreConfig,
  S3Credentials,
} from '../../src';
import { uploadBlock } from '../programs/block';
import { quietly } from '../component/made';
import { BUCKET, Minio, ROOT_KEYS } from '../programs/minio';
import { describeWith } from '../programs/program';
import { type Ended, runThanos, serveThanos } from '../programs/thanos';
import { chart, find, render } from '../render';
import { PodOnDisk } from './pod-on-disk';

const SERIES = ['api', 'web'].map((job) => ({ __name__: 'up', job }));
const ULID = /[0-7][0-9A-Z]{25}/g;

/** Each tool as its Job runs it, by the real Thanos on a real MinIO. */
describeWith(['thanos', 'minio'], 'the bucket tools', () => {
  let minio: Minio;
  beforeAll(async () => {
    minio = await Minio.start();
  });
  afterAll(() => minio.stop());

  function podOf(tool: BucketTool, options: { deadline?: Duration; unsafeChangesBlocks?: boolean } = {}): PodOnDisk {
    const scope = chart();
    const credentials = S3Credentials.fromSecretName('keys');
    const endpoint = minio.address;
    const objstore = new ObjstoreConfig(scope, 'B', { bucket: BUCKET, endpoint, credentials, insecure: true });
    new BucketJob(scope, 'Job', { objstore, tool, ...options });
    const objects = quietly(() => render(scope));
    return new PodOnDisk(objects, find(objects, 'Job'), { keys: ROOT_KEYS });
  }

  async function run(tool: BucketTool, unsafeChangesBlocks?: boolean): Promise<Ended> {
    const pod = podOf(tool, { unsafeChangesBlocks });
    try {
      return await runThanos(pod.args, pod.env);
    } finally {
      pod.remove();
    }
  }

  const ids = async (tool = BucketTool.ls()): Promise<string[]> => {
    const { code, output } = await run(tool);
    expect({ code, output }).toMatchObject({ code: 0 });
    return output.split('\n').filter((line) => /^[0-7][0-9A-Z]{25}$/.test(line));
  };

  async function newBlock(cluster = 'eu'): Promise<string> {
    const before = await ids();
    const pod = podOf(BucketTool.ls());
    const flag = pod.args.find((arg) => arg.startsWith('--objstore'))!;
    await uploadBlock([flag], pod.env, { series: SERIES, labels: { cluster } });
    pod.remove();
    const [made] = (await ids()).filter((id) => !before.includes(id));
    return made;
  }

  test('ls lists what it is told to', async () => {
    const [eu, us] = [await newBlock('eu'), await newBlock('us')];
    expect(await ids()).toEqual(expect.arrayContaining([eu, us]));
    expect(await ids(BucketTool.ls({ blocks: BlockSelector.labelValues('cluster', ['us']) }))).toEqual([us]);
    expect(await ids(BucketTool.ls({ maxTime: BlockTime.ago(Duration.days(1)) }))).toEqual([]);
    const all = { excludeMarked: true, minTime: BlockTime.ago(Duration.days(1)), timeout: Duration.minutes(1) };
    const { output } = await run(BucketTool.ls({ ...all, output: '{{ .Thanos.Labels }}' }));
    expect(output).toContain('cluster:eu');
  });

  test('inspect shows the blocks of some labels', async () => {
    const id = await newBlock('a "quoted" one');
    const labels = { cluster: 'a "quoted" one' };
    const sortBy = [InspectColumn.SERIES, InspectColumn.FROM];
    const options = { labels, sortBy, output: InspectOutput.CSV, timeout: Duration.minutes(1) };
    const { code, output } = await run(BucketTool.inspect(options));
    expect(code).toBe(0);
    expect(output.match(ULID)).toEqual([id]);
  });

  test('verify fetches the blocks to the folder that it is given', async () => {
    const id = await newBlock();
    const all = await run(BucketTool.verify({ issues: Object.values(BlockIssue) }));
    expect(all).toMatchObject({ code: 0, output: expect.stringContaining('verify task completed') });
    const pod = podOf(BucketTool.verify({ issues: [BlockIssue.INDEX_KNOWN_ISSUES], ids: [id] }));
    expect(path.isAbsolute(pod.env.TMPDIR) && pod.env.TMPDIR.startsWith(pod.directory)).toBe(true);
    const { code, output } = await runThanos(pod.args, pod.env);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('verify task completed') });
    const several = await runThanos([...pod.args, `--issues=${BlockIssue.OVERLAPPED_BLOCKS}`], pod.env);
    expect(several.output).toContain('id matching is not supported');
    // without the folder there is no place for the block
    const lost = await runThanos(pod.args, { ...pod.env, TMPDIR: `${pod.directory}/nowhere` });
    expect(lost.output).toContain('/nowhere: no such file');
    pod.remove();
  });

  test('mark and unmark put each mark and take it away', async () => {
    const id = await newBlock();
    for (const marker of Object.values(BlockMarker)) {
      const put = await run(BucketTool.mark({ ids: [id], marker, details: 'a test of $(X)' }), true);
      expect(put).toMatchObject({ code: 0, output: expect.stringContaining('marking done') });
      if (marker === BlockMarker.DELETION) expect(await ids(BucketTool.ls({ excludeMarked: true }))).not.toContain(id);
      const away = await run(BucketTool.unmark({ ids: [id], marker }), true);
      expect(away).toMatchObject({ code: 0, output: expect.stringContaining('mark has been removed') });
    }
    expect(await ids(BucketTool.ls({ excludeMarked: true }))).toContain(id);
  });

  test('retention marks what is older than is kept, and cleanup deletes what is marked', async () => {
    const id = await newBlock('old');
    const blocks = BlockSelector.labelValues('cluster', ['old']);
    const sweep = { blocks, consistencyDelay: Duration.seconds(0), blockSyncConcurrency: 2 };
    const retention = { raw: Duration.millis(1), fiveMinutes: Duration.days(10), oneHour: Duration.days(20) };
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const swept = await run(BucketTool.retention({ retention, ...sweep }), true);
    expect(swept).toMatchObject({ code: 0, output: expect.stringContaining('marking block for deletion') });
    expect(await run(BucketTool.cleanup())).toMatchObject({ code: 0 });
    expect(await ids()).toContain(id);
    const now = await run(BucketTool.cleanup({ ...sweep, deleteDelay: Duration.seconds(0) }), true);
    expect(now).toMatchObject({ code: 0, output: expect.stringContaining('cleanup done') });
    expect(await ids()).not.toContain(id);
  });

  test('rewrite shows what it would do, and does it when it may', async () => {
    const id = await newBlock('rewritten');
    const of = (dryRun: boolean, more: object = {}): BucketTool => {
      const intervals = [{ from: new Date(0), until: new Date('2100-01-01') }];
      const deletions: BlockDeletion[] = [{ matchers: '{job="api",__name__=~"u.*"}', intervals }];
      return BucketTool.rewrite({ ids: [id], deletions, dryRun, ...more });
    };
    const shown = await run(of(true));
    expect(shown).toMatchObject({ code: 0, output: expect.stringContaining('dry run finished') });
    const listed = await ids();
    const relabel = [{ action: 'replace', target_label: 'team', replacement: 'a' }];
    const options = { relabel, deleteBlocks: true, changeLog: false, hashFunc: HashFunc.SHA256, promBlocks: true };
    const done = await run(of(false, options), true);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('rewrite done') });
    expect((await ids()).filter((other) => !listed.includes(other))).toHaveLength(1);
    expect(await ids(BucketTool.ls({ excludeMarked: true }))).not.toContain(id);
  });

  test('downsample goes on until it is stopped, and then ends well', async () => {
    const options = { waitInterval: Duration.minutes(1), concurrency: 2, blockFilesConcurrency: 2 };
    const tool = BucketTool.downsample({ ...options, hashFunc: HashFunc.SHA256 });
    const pod = podOf(tool, { deadline: Duration.hours(1) });
    const serving = await serveThanos(pod.args, pod.env);
    await serving.until('a pass', async () => serving.output().includes('start first pass of downsampling'));
    await serving.ready();
    await serving.end();
    pod.remove();
  });
});
