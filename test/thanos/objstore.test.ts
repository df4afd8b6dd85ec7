import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ObjstoreConfig, type ObjstoreOptions, S3Ca, StoreGateway, StsTrust } from '../../src';
import { parseEndpoint } from '../../src/input/endpoint';
import { readS3 } from '../../src/input/read-s3';
import { S3_FIELDS } from '../../src/input/s3-fields';
import { readStruct } from '../../src/support/table';
import { chart, find, render } from '../render';
import { givenObjects, KEY_IDS, objstoreFactors, STUB_NAMES } from './objstore-factors';
import { pairwise } from './pairwise';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub, type Seen } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { describeThanos, type Ended, runThanos } from '../programs/thanos';

const CERTIFICATES = serverCertificates(STUB_NAMES);
const FACTORS = objstoreFactors(CERTIFICATES);
const BLOCK = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const matrix = pairwise<ObjstoreOptions>(FACTORS, (value) => {
  try {
    readS3(readStruct(S3_FIELDS, { bucket: 'thanos', ...value }), (_, read) => read());
    return true;
  } catch {
    return false;
  }
});

describeThanos('every objstore.yml', () => {
  let stub: S3Stub;
  let image: string;
  beforeAll(async () => {
    stub = await S3Stub.start(CERTIFICATES);
    image = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-image-'));
    writeFileSync(path.join(image, 'roots.crt'), CERTIFICATES.ca);
    writeFileSync(path.join(image, 'token'), 'jwt');
  });
  afterAll(async () => {
    rmSync(image, { recursive: true });
    await stub.stop();
  });

  /** What is there beside the manifests: public roots, which the STS call must do without where S3_CA is said, and an injected identity. */
  function platform({ credentials, stsTrust }: ObjstoreOptions): Record<string, string> {
    const identity = { AWS_WEB_IDENTITY_TOKEN_FILE: path.join(image, 'token'), AWS_ROLE_ARN: 'arn:injected' };
    return {
      ...stub.env,
      AWS_REGION: 'eu-test-1',
      ...(stsTrust === StsTrust.S3_CA ? {} : { SSL_CERT_FILE: path.join(image, 'roots.crt') }),
      ...(['service-account', 'aws-sdk'].includes(credentials._source().kind) ? identity : {}),
    };
  }

  /** `thanos tools bucket …` as the container of a granted pod would run it. */
  async function bucketTool(options: ObjstoreOptions, tool: string[], edit = (yaml: string) => yaml): Promise<Ended> {
    const scope = chart();
    new StoreGateway(scope, 'store', { objstore: new ObjstoreConfig(scope, 'objstore', options) });
    const objects = render(scope);
    const config = find(objects, 'ConfigMap', 'thanos-objstore-config');
    config.data['objstore.yml'] = edit(config.data['objstore.yml']);
    const pod = new PodOnDisk(objects, find(objects, 'StatefulSet'), givenObjects(CERTIFICATES));
    const flag = pod.args.find((arg) => arg.startsWith('--objstore.config-file='))!;
    stub.seen.length = 0;
    const ended = await runThanos(['tools', 'bucket', ...tool, flag], { ...platform(options), ...pod.env });
    pod.remove();
    return ended;
  }

  test('the matrix holds every field of the options and each of its values', () => {
    expect([...Object.keys(FACTORS), 'bucket', 'reloader'].sort()).toEqual(Object.keys(S3_FIELDS).sort());
    const levels = Object.entries(FACTORS).flatMap(([name, values]) => Object.keys(values).map((v) => `${name}=${v}`));
    const rows = matrix.rows.map(({ name }) => `, ${name},`).join('\n');
    expect(levels.filter((level) => !level.endsWith('=-') && !rows.includes(`, ${level},`))).toEqual([]);
    expect(matrix.rows.length).toBeGreaterThan(30);
  });

  test('no two options exclude each other but those of which one would do nothing', () => {
    const factors = matrix.refused.map((pair) => pair.replace(/=[^,]*/g, ''));
    expect([...new Set(factors)]).toEqual([
      'endpoint, lookup',
      'insecure, unsafeSkipVerify',
      'insecure, ca',
      'insecure, serverName',
      'insecure, clientCertificate',
      'insecure, serverCertificate',
      'insecure, stsTrust',
      'insecure, encryption',
      'unsafeSkipVerify, ca',
      'unsafeSkipVerify, serverName',
      'unsafeSkipVerify, serverCertificate',
      'unsafeSkipVerify, stsTrust',
      'ca, stsTrust',
      'credentials, stsEndpoint',
      'credentials, stsTrust',
      'partSize, multipart',
    ]);
  });

  test.each(matrix.rows)('works: $name', async ({ value }) => {
    const options = { bucket: 'thanos', ...value } as ObjstoreOptions;

    expect(await bucketTool(options, ['ls'])).toMatchObject({ code: 0 });
    expectListed(options, stub.seen);

    const mark = ['mark', `--id=${BLOCK}`, '--marker=no-compact-mark.json', '--details=d'];
    expect(await bucketTool(options, mark)).toMatchObject({ code: 0 });
    expectUploaded(options, stub.seen);
  });

  describe('but not (controls)', () => {
    const options = { bucket: 'thanos', ...FACTORS.credentials.secret, ...FACTORS.endpoint.host, ...FACTORS.ca.text };
    const list = (more: Partial<ObjstoreOptions>, edit?: (yaml: string) => string): Promise<Ended> =>
      bucketTool({ ...options, ...more } as ObjstoreOptions, ['ls'], edit);

    test('with a key that Thanos does not know', async () => {
      const { code, output } = await list({}, (yaml) => yaml.replace('bucket:', 'bukkit:'));
      expect(code).toBe(1);
      expect(output).toContain('field bukkit not found in type s3.Config');
    });

    test('with another CA', async () => {
      const { code, output } = await list({ ca: S3Ca.fromPem(serverCertificates([]).ca) });
      expect(code).toBe(1);
      expect(output).toContain('certificate signed by unknown authority');
    });

    test('with an SSE-C key file that is not where the manifests mount it', async () => {
      const { code, output } = await list(FACTORS.encryption.customer, (yaml) => yaml.replace('/sse/', '/see/'));
      expect(code).toBe(1);
      expect(output).toContain('no such file or directory');
    });

    test('with keys, where an STS with a private CA is not trusted: Thanos goes on anonymously', async () => {
      const secure = { ...FACTORS.credentials.webIdentity, ...FACTORS.stsEndpoint.https, stsTrust: StsTrust.S3_CA };
      expect((await list(secure)).code).toBe(0);
      expect(stub.seen.at(-1)!.headers.authorization).toContain('FROMSTS');

      rmSync(path.join(image, 'roots.crt'));
      expect((await list({ ...secure, stsTrust: StsTrust.PUBLIC_ROOTS })).code).toBe(0);
      expect(stub.seen.at(-1)!.headers.authorization).toBeUndefined();
    });
  });
});

const base64 = (data: string | Buffer): string => Buffer.from(data).toString('base64');
const hostOf = ({ endpoint }: ObjstoreOptions): string => parseEndpoint(endpoint).host;
const kindOf = ({ credentials }: ObjstoreOptions): string => credentials._source().kind;

function expectListed(options: ObjstoreOptions, seen: Seen[]): void {
  const list = seen.at(-1)!;
  const virtual = options.lookup === 'virtual-hosted';
  expect(list).toMatchObject({ method: 'GET', path: virtual ? '/' : '/thanos/', tls: !options.insecure });
  expect(list.host.startsWith('thanos.')).toBe(virtual);
  expect(list.query.get('prefix')).toBe({ 'a/b': 'a/b/', '/a/': 'a/' }[options.prefix ?? ''] ?? '');
  expect(list.query.get('list-type')).toBe(options.listObjectsVersion === 'v1' ? null : '2');
  expect(seen.some(({ query }) => query.has('location'))).toBe(options.region === undefined);
  if (list.tls) {
    const { isIp } = parseEndpoint(options.endpoint);
    const host = virtual ? `thanos.${hostOf(options)}` : hostOf(options);
    expect(list.serverName).toBe(options.serverName ?? (isIp ? '' : host));
    expect(list.clientName).toBe(options.clientCertificate && 'stub client');
  }
  const keyId = KEY_IDS[kindOf(options)];
  const region = options.region ?? 'eu-stub-1';
  const credential = /Credential=([^/]*)\/\d{8}\/([^/]*)\/s3/.exec(list.headers.authorization ?? '');
  expect(credential?.slice(1)).toEqual(keyId && [keyId, region]);
}

function expectUploaded(options: ObjstoreOptions, seen: Seen[]): void {
  const put = seen.at(-1)!;
  expect(put).toMatchObject({ method: 'PUT' });
  expect(put.path).toMatch(new RegExp(`/${BLOCK}/no-compact-mark.json$`));
  const sse = options.encryption?._source();
  expect({
    encryption: put.headers['x-amz-server-side-encryption'],
    key: put.headers['x-amz-server-side-encryption-aws-kms-key-id'],
    context: put.headers['x-amz-server-side-encryption-context'],
    customer: put.headers['x-amz-server-side-encryption-customer-key'],
    owner: put.headers['x-amz-meta-owner'],
    storageClass: put.headers['x-amz-storage-class'],
    md5: put.headers['content-md5'] !== undefined,
  }).toEqual({
    encryption: sse && { 'SSE-S3': 'AES256', 'SSE-KMS': 'aws:kms', 'SSE-C': undefined }[sse.type],
    key: sse?.type === 'SSE-KMS' ? 'key-1' : undefined,
    context: sse?.type === 'SSE-KMS' ? base64(JSON.stringify(sse.context ?? {})) : undefined,
    customer: sse?.type === 'SSE-C' ? base64(Buffer.alloc(32, 7)) : undefined,
    owner: options.userMetadata?.owner,
    storageClass: options.userMetadata?.['X-Amz-Storage-Class'],
    md5: options.contentMd5 !== false,
  });
}
