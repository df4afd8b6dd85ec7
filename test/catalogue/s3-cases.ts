import { Size } from 'cdk8s';
import { S3Credentials, S3Encryption } from '../../src';
import { type ByHand, type ByLibrary, CA_FILE, CONFIG_FILE, type Proofs } from './run';
import { ROOT_KEYS } from '../programs/minio';
import type { World } from './world';

const BLOCK = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const CONFIG_FLAG = `--objstore.config-file=${CONFIG_FILE}`;
const MARK = ['tools', 'bucket', 'mark', `--id=${BLOCK}`, '--marker=no-compact-mark.json', '--details=d', CONFIG_FLAG];
const CUSTOMER = S3Encryption.customerKeyFromSecretName('sse');
const WITH_TOKEN = S3Credentials.fromSecretName('keys', { sessionTokenKey: 'AWS_SESSION_TOKEN' });

function withKeys(keys: (world: World) => Record<string, string>, credentials = S3Credentials.fromSecretName('keys')) {
  return (world: World): ByLibrary => ({ options: { credentials }, secrets: { keys: keys(world) } });
}

function inConfig(fields: object, more: Partial<ByHand> = {}) {
  return (world: World): ByHand => {
    const store = { bucket: 'thanos', endpoint: `localhost:${world.minio.port}` };
    const config = { ...store, http_config: { tls_config: { ca_file: CA_FILE } }, ...fields };
    return { config, ...more, files: { [CA_FILE]: world.ca, ...more.files } };
  };
}

/** What the store itself answers. */
export const ANSWER_PROOFS: Proofs = {
  'Wrong access key id': {
    cases: [{ when: 'nobody has it', run: withKeys(() => ({ ...ROOT_KEYS, AWS_ACCESS_KEY_ID: 'nobody' })) }],
  },
  'Wrong secret key': {
    cases: [
      { when: 'it is another', run: withKeys(() => ({ ...ROOT_KEYS, AWS_SECRET_ACCESS_KEY: 'another-secret' })) },
    ],
  },
  'Line break in a key': {
    cases: [
      {
        when: 'the Secret was made with echo',
        run: withKeys(() => ({ ...ROOT_KEYS, AWS_ACCESS_KEY_ID: `${ROOT_KEYS.AWS_ACCESS_KEY_ID}\n` })),
      },
    ],
    refused: () => [{ credentials: S3Credentials.unsafePlainText({ accessKey: 'minio\n', secretKey: 'minio123' }) }],
  },
  'Session token refused': {
    cases: [
      {
        when: 'it is wrong',
        run: withKeys((world) => ({ ...world.powerless, AWS_SESSION_TOKEN: 'wrong' }), WITH_TOKEN),
      },
    ],
  },
  'Access denied': {
    cases: [
      { when: 'the keys may not list the bucket', run: withKeys((world) => world.powerless, WITH_TOKEN) },
      { when: 'there are no keys', run: inConfig({}, { env: {} }) },
      { when: 'there is one half of the keys', run: inConfig({}, { env: { AWS_ACCESS_KEY_ID: 'catalogue' } }) },
    ],
    refused: () => [
      { credentials: undefined },
      { credentials: S3Credentials.unsafePlainText({ accessKey: 'minio', secretKey: '' }) },
      { credentials: S3Credentials.fromServiceAccountName('thanos') },
    ],
  },
  'No such bucket': {
    cases: [{ when: 'nobody made it', run: () => ({ options: { bucket: 'no-such-bucket' } }) }],
  },
  'Bad bucket name': {
    cases: ['', 'ab', 'x'.repeat(64), '192.168.5.4', 'tha/nos'].map((bucket) => ({
      when: `it is ${JSON.stringify(bucket)}`,
      run: inConfig({ bucket }),
    })),
    refused: () => ['', 'ab', '192.168.5.4'].map((bucket) => ({ bucket })),
  },
  'Part size too small': {
    cases: [
      {
        when: 'a block has a file larger than a part',
        run: inConfig({ part_size: 1024 * 1024 }, { files: blockFiles(), prefix: 'parts', args: uploadArgs() }),
      },
    ],
    refused: () => [{ partSize: Size.mebibytes(1) }],
  },
  'Encryption not set up at the store': {
    cases: [
      { when: 'SSE-S3', run: inConfig({ sse_config: { type: 'SSE-S3' } }, { prefix: 's3', args: MARK }) },
      {
        when: 'SSE-KMS',
        run: inConfig({ sse_config: { type: 'SSE-KMS', kms_key_id: 'key' } }, { prefix: 'kms', args: MARK }),
      },
    ],
  },
  'SSE-C key': {
    cases: [
      { when: 'its length is wrong', run: () => sseC('32 bytes, but not exactly, is too long') },
      { when: 'its file is not there', run: () => ({ ...sseC('x'), missing: '/etc/thanos/sse/sse-c.key' }) },
    ],
  },
  'Reserved metadata name': {
    cases: [
      {
        when: 'it is a header of HTTP',
        run: inConfig({ put_user_metadata: { 'Content-Type': 'x' } }, { prefix: 'meta', args: MARK }),
      },
    ],
    refused: () => [{ userMetadata: { 'Content-Type': 'x' } }],
  },
};

function sseC(key: string): ByLibrary {
  return { options: { encryption: CUSTOMER }, secrets: { sse: { 'sse-c.key': key } } };
}

/** A block as a receiver leaves it, with a file of 6 MiB. */
function blockFiles(): Record<string, string | Buffer> {
  const stats = { numSamples: 1, numSeries: 1, numChunks: 1 };
  const compaction = { level: 1, sources: [BLOCK] };
  const thanos = { labels: {}, downsample: { resolution: 0 }, source: 'receive' };
  const meta = { ulid: BLOCK, minTime: 0, maxTime: 7_200_000, version: 1, stats, compaction, thanos };
  return {
    [`/etc/thanos/data/${BLOCK}/meta.json`]: JSON.stringify(meta),
    [`/etc/thanos/data/${BLOCK}/index`]: 'index',
    [`/etc/thanos/data/${BLOCK}/chunks/000001`]: Buffer.alloc(6 * 1024 * 1024),
  };
}

function uploadArgs(): string[] {
  return ['tools', 'bucket', 'upload-blocks', '--path=/etc/thanos/data', '--label=replica="a"', CONFIG_FLAG];
}
