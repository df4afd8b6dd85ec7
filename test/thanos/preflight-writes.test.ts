import { S3Credentials, ObjstoreConfig, Preflight } from '../../src';
import { BUCKET, Minio, ROOT_KEYS } from '../programs/minio';
import { describeWith } from '../programs/program';
import { runThanos } from '../programs/thanos';
import { chart, find, type Json, render } from '../render';
import { PodOnDisk } from './pod-on-disk';

const READ = ['s3:ListBucket', 's3:GetBucketLocation', 's3:GetObject'];

/** The preflight's containers, by the real Thanos on a real MinIO. */
describeWith(['thanos', 'minio'], 'the preflight', () => {
  let minio: Minio;
  let objects: Json[];
  beforeAll(async () => {
    minio = await Minio.start();
    const scope = chart();
    const credentials = S3Credentials.fromSecretName('keys');
    const endpoint = minio.address;
    const objstore = new ObjstoreConfig(scope, 'B', { bucket: BUCKET, endpoint, credentials, insecure: true });
    new Preflight(scope, 'Preflight', { objstore });
    objects = render(scope);
  });
  // what a case left there would be listed by the next
  beforeEach(() => run(ROOT_KEYS));
  afterAll(() => minio.stop());

  /** Runs the containers as the kubelet does, until one fails; or as far as the one that is named. */
  async function run(keys: Record<string, string>, upTo?: string): Promise<{ last: string; output: string }> {
    const job = find(objects, 'Job');
    const { initContainers, containers } = job.spec.template.spec;
    let output = '';
    for (const { name } of [...initContainers, ...containers]) {
      const pod = new PodOnDisk(objects, job, { keys }, name);
      try {
        const ended = await runThanos(pod.args, { ...pod.env, ...keys });
        output = ended.output;
        if (ended.code !== 0 || name === upTo) return { last: name, output };
      } finally {
        pod.remove();
      }
    }
    return { last: 'passed', output };
  }

  const may = (...Action: string[]): Promise<Record<string, string>> => {
    const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
    return minio.temporaryKeys({ Effect: 'Allow', Action, Resource });
  };
  const left = async (): Promise<boolean> => (await run(ROOT_KEYS, 'preflight')).output.includes('partial=1');

  test('passes with all rights, and leaves nothing behind', async () => {
    const { last, output } = await run(await may(...READ, 's3:PutObject', 's3:DeleteObject'));
    expect({ last, output }).toMatchObject({
      last: 'passed',
      output: expect.stringContaining('mark has been removed'),
    });
    expect(await left()).toBe(false);
  });

  test.each([
    ['list and get', READ, 'preflight-put', 'upload s3 object'],
    ['list, get and put', [...READ, 's3:PutObject'], 'preflight-delete', 'delete file'],
    ['all but get', ['s3:ListBucket', 's3:PutObject', 's3:DeleteObject'], 'preflight-clean', 'stat s3 object'],
  ])('with rights to %s alone a container that is named for it fails', async (_, rights, container, words) => {
    const { last, output } = await run(await may(...rights));
    expect(last).toBe(container);
    expect(output).toMatch(new RegExp(`Access Denied\\.\\\\n${words}`));
  });

  test('what a run that was stopped left there is cleaned away by the next, which puts anew', async () => {
    await run(ROOT_KEYS, 'preflight-put');
    expect(await left()).toBe(true);
    expect((await run(await may(...READ, 's3:DeleteObject'))).last).toBe('preflight-put');
    await run(ROOT_KEYS, 'preflight-put');
    expect((await run(ROOT_KEYS)).last).toBe('passed');
    expect(await left()).toBe(false);
  });
});
