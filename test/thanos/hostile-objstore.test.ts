import {
  BucketLookup,
  ObjstoreConfig,
  type ObjstoreOptions,
  S3Credentials,
  S3Encryption,
  StoreGateway,
} from '../../src';
import { chart, find, render } from '../render';
import { HOSTILE, HOSTILE_MAP } from './hostile';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub, type Seen } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { describeThanos, type Ended, runThanos } from '../programs/thanos';

const BLOCK = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const MARK = ['mark', `--id=${BLOCK}`, '--marker=no-compact-mark.json', '--details=d'];
describeThanos('a hostile text in the S3 options', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(serverCertificates(['s3.example.com']));
  });
  afterAll(() => stub.stop());

  /** Runs a bucket tool as a granted pod; the last request that reached the store. */
  async function last(more: Partial<ObjstoreOptions>, tool = ['ls'], edit = (yaml: string) => yaml): Promise<Seen> {
    const ended = await run(more, tool, edit);
    if (ended.code !== 0 || stub.seen.length === 0) throw new Error(ended.output);
    return stub.seen.at(-1)!;
  }

  async function run(more: Partial<ObjstoreOptions>, tool: string[], edit: (yaml: string) => string): Promise<Ended> {
    const scope = chart();
    const objstore = new ObjstoreConfig(scope, 'objstore', { ...plain(stub), ...more });
    new StoreGateway(scope, 'store', { objstore });
    const objects = render(scope);
    const config = find(objects, 'ConfigMap', 'thanos-objstore-config');
    config.data['objstore.yml'] = edit(config.data['objstore.yml']);
    const pod = new PodOnDisk(objects, find(objects, 'StatefulSet'));
    const flag = pod.args.find((arg) => arg.startsWith('--objstore.config-file='))!;
    stub.seen.length = 0;
    try {
      return await runThanos(['tools', 'bucket', ...tool, flag], { ...stub.env, ...pod.env, FOREIGN: 'expanded' });
    } finally {
      pod.remove();
    }
  }

  const prefixes = HOSTILE.filter((text) => !isRefused({ prefix: text }));
  test.each(prefixes)('arrives as it is: prefix %j', async (prefix) => {
    expect((await last({ prefix })).query.get('prefix')).toBe(`${prefix}/`);
  });

  test('arrives as it is: names and values of the KMS context', async () => {
    const names = HOSTILE.filter((text) => text !== '<<');
    const context = { ...HOSTILE_MAP, ...Object.fromEntries(names.map((text, i) => [text, `${i}`])) };
    const { headers } = await last({ encryption: S3Encryption.kms('k', { context }) }, MARK);
    const sent = Buffer.from(headers['x-amz-server-side-encryption-context'], 'base64').toString('utf8');
    expect(JSON.parse(sent)).toEqual(context);
  });

  test('arrives as it is, or is refused where a header would break it: user metadata', async () => {
    const fitting = Object.entries(HOSTILE_MAP).filter(([, text]) => !isRefused({ userMetadata: { a: text } }));
    const userMetadata = Object.fromEntries(fitting);
    const { headers } = await last({ userMetadata }, MARK);
    const sent = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
    expect(Object.fromEntries(sent.map(([name, text]) => [name.slice(11), text]))).toEqual(userMetadata);
  });

  test('arrives as it is: names of user metadata', async () => {
    const userMetadata = {
      '0123': 'a',
      yes: 'b',
      null: 'c',
      '1e3': 'd',
      '~': 'e',
      '*a': 'f',
      '&b': 'g',
      '!c': 'h',
      '%': 'i',
      '|': 'j',
      $: 'k',
      '`': 'l',
    };
    const { headers } = await last({ userMetadata }, MARK);
    expect(headers).toMatchObject(
      Object.fromEntries(Object.entries(userMetadata).map(([k, v]) => [`x-amz-meta-${k}`, v])),
    );
  });

  const keyIds = HOSTILE.filter((text) => !isRefused({ encryption: S3Encryption.kms(text) }));
  test.each(keyIds)('arrives as it is: KMS key id %j', async (keyId) => {
    const { headers } = await last({ encryption: S3Encryption.kms(keyId) }, MARK);
    expect(headers['x-amz-server-side-encryption-aws-kms-key-id']).toBe(keyId);
  });

  const regions = HOSTILE.filter((text) => !isRefused({ region: text }));
  test.each(regions)('arrives as it is: region %j', async (region) => {
    const { authorization } = (await last({ region })).headers;
    expect(/Credential=KEY\/\d{8}\/(.*)\/s3\/aws4_request/.exec(authorization)?.[1]).toBe(region);
  });

  test.each(['0123', '1e3', 'yes', 'null', '0x1f', '1_000', '2001-01-01', 'true'])(
    'arrives: bucket %j',
    async (bucket) => {
      expect((await last({ bucket })).path).toBe(`/${bucket}/`);
    },
  );

  test.each(['yes', 'null', '1e3', '0x1f:80', '1_000.example', 'no'])('arrives: endpoint %j', async (endpoint) => {
    expect((await last({ endpoint })).host).toBe(endpoint.replace(':80', ''));
  });

  test.each(['yes', 'null', '1e3', '0x1f'])('arrives: server name %j', async (serverName) => {
    const options = { insecure: undefined, serverName, endpoint: 's3.example.com', maxRetries: 1 };
    await run(options, ['ls'], (yaml) => yaml.replace('tls_config:', 'insecure_skip_verify: true\n    tls_config:'));
    expect(stub.seen.at(-1)?.serverName).toBe(serverName);
  });

  const keys = HOSTILE.filter((text) => !isRefused({ credentials: keysOf(text) }));
  test.each(keys)('arrives as it is: key id and session token %j', async (text) => {
    const { authorization, ...headers } = (await last({ credentials: keysOf(text) })).headers;
    expect(headers['x-amz-security-token']).toBe(text);
    expect(/Credential=(.*)\/\d{8}\/eu-1\/s3/.exec(authorization)?.[1]).toBe(text);
  });

  test('is refused only where nothing could carry it', () => {
    const noHeader = /[\u0000-\u001f\u007f]|^ | $/;
    const refused = (kept: readonly string[]): string[] => HOSTILE.filter((text) => !kept.includes(text));
    const those = (pattern: RegExp): string[] => HOSTILE.filter((text) => pattern.test(text));
    expect(refused(keyIds)).toEqual(those(noHeader));
    expect(HOSTILE.filter((text) => isRefused({ userMetadata: { a: text } }))).toEqual(those(noHeader));
    expect(refused(keys)).toEqual(those(/[\u0000-\u001f\u007f]|^\s|\s$/));
    expect(refused(regions)).toEqual(those(/[\u0000-\u001f\u007f]|\s/));
    expect(refused(prefixes)).toEqual(those(/[\u0000-\u001f\u007f]|^\s+$/));
    expect(isRefused({ encryption: S3Encryption.kms('k', { context: { '<<': 'x' } }) })).toBe(true);
  });

  describe('(controls: written by hand, Thanos reads something else)', () => {
    const bucketAs = (text: string) => (yaml: string) => yaml.replace(/bucket: .*/, `bucket: ${text}`);

    test.each([
      ['01234', '668'],
      ['1e3', '1000'],
      ['yes', 'true'],
      ['abc #c', 'abc'],
      ['"$(FOREIGN)"', 'expanded'],
    ])('bucket: %s is the bucket %s', async (text, bucket) => {
      expect((await last({}, ['ls'], bucketAs(text))).path).toBe(`/${bucket}/`);
    });

    test('a variable that is not there ends Thanos', async () => {
      const { code, output } = await run({}, ['ls'], bucketAs('"$(NOT_THERE)"'));
      expect(code).toBe(1);
      expect(output).toContain('found reference to unset environment variable');
    });
  });
});

function keysOf(text: string): S3Credentials {
  return S3Credentials.unsafePlainText({ accessKey: text, secretKey: 's', sessionToken: text });
}

function plain(stub: { address: string }): ObjstoreOptions {
  const credentials = S3Credentials.unsafePlainText({ accessKey: 'KEY', secretKey: 'secret' });
  return {
    bucket: 'thanos',
    endpoint: stub.address,
    insecure: true,
    region: 'eu-1',
    lookup: BucketLookup.PATH,
    credentials,
  };
}

/** Whether synth says no, in this library's own words. */
function isRefused(more: Partial<ObjstoreOptions>): boolean {
  try {
    new ObjstoreConfig(chart(), 'objstore', { ...plain({ address: '127.0.0.1:1' }), ...more });
    return false;
  } catch (error) {
    expect((error as Error).message).toMatch(/^cdk8s-thanos: test\/objstore: /);
    return true;
  }
}
