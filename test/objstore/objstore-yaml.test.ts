import { Duration, Size } from 'cdk8s';
import {
  BucketLookup,
  ListObjectsVersion,
  ObjstoreConfig,
  S3Ca,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  StsTrust,
} from '../../src';
import { bucket } from '../fixtures/bucket';
import { ECDSA_CA } from '../fixtures/certificates';
import { chart } from '../render';

function yaml(options: Record<string, unknown> = {}): string {
  return new ObjstoreConfig(chart(), 'Bucket', bucket(options)).yaml;
}

const ca = S3Ca.fromPem(ECDSA_CA);
const MINIMAL = 'type: "S3"\nconfig:\n  bucket: "thanos"\n  endpoint: "s3.example.com:9000"\n';

test('the least: bucket and endpoint', () => {
  expect(yaml()).toBe(MINIMAL);
});

test("the guide's options", () => {
  const options = { endpoint: 's3.minio.example.com:9000', ca, serverName: 's3.minio.example.com' };
  expect(yaml(options)).toBe(`type: "S3"
config:
  bucket: "thanos"
  endpoint: "s3.minio.example.com:9000"
  http_config:
    tls_config:
      ca_file: "/etc/thanos/certs/ca.crt"
      server_name: "s3.minio.example.com"
`);
});

test('everything that goes together', () => {
  const options = {
    ca,
    serverName: 's3.example.com',
    region: 'eu-central-1',
    prefix: 'blocks/a',
    lookup: BucketLookup.PATH,
    credentials: S3Credentials.fromWebIdentity({ serviceAccountName: 'thanos' }),
    stsEndpoint: 'https://sts.example.com',
    stsTrust: StsTrust.S3_CA,
    clientCertificate: S3ClientCertificate.fromSecretName('tls', { certificateKey: 'c.pem', privateKeyKey: 'k.pem' }),
    encryption: S3Encryption.kms('key-1', { context: { team: 'metrics' } }),
    partSize: Size.mebibytes(16),
    multipart: true,
    maxRetries: 3,
    contentMd5: true,
    userMetadata: { 'X-Amz-Storage-Class': 'STANDARD_IA', team: '0123' },
    dualStack: false,
    listObjectsVersion: ListObjectsVersion.V1,
    trace: true,
    http: {
      idleConnTimeout: Duration.seconds(90),
      responseHeaderTimeout: Duration.minutes(2),
      tlsHandshakeTimeout: Duration.seconds(10),
      expectContinueTimeout: Duration.millis(1500),
      maxIdleConns: 0,
      maxIdleConnsPerHost: 100,
      maxConnsPerHost: 7,
    },
  };
  expect(yaml(options)).toBe(`type: "S3"
config:
  bucket: "thanos"
  endpoint: "s3.example.com:9000"
  region: "eu-central-1"
  bucket_lookup_type: "path"
  sts_endpoint: "https://sts.example.com"
  list_objects_version: "v1"
  part_size: 16777216
  send_content_md5: true
  max_retries: 3
  put_user_metadata:
    "X-Amz-Storage-Class": "STANDARD_IA"
    team: "0123"
  disable_dualstack: true
  trace:
    enable: true
  sse_config:
    type: "SSE-KMS"
    kms_key_id: "key-1"
    kms_encryption_context:
      team: "metrics"
  http_config:
    idle_conn_timeout: "1m30s"
    response_header_timeout: "2m"
    tls_handshake_timeout: "10s"
    expect_continue_timeout: "1s500ms"
    max_idle_conns: 0
    max_idle_conns_per_host: 100
    max_conns_per_host: 7
    tls_config:
      ca_file: "/etc/thanos/certs/ca.crt"
      cert_file: "/etc/thanos/client-tls/c.pem"
      key_file: "/etc/thanos/client-tls/k.pem"
      server_name: "s3.example.com"
prefix: "blocks/a"
`);
});

test.each<[string, Record<string, unknown>, string]>([
  ['region', { region: '0123' }, '  region: "0123"\n'],
  ['lookup', { lookup: BucketLookup.VIRTUAL_HOSTED }, '  bucket_lookup_type: "virtual-hosted"\n'],
  ['lookup auto', { lookup: BucketLookup.AUTO }, '  bucket_lookup_type: "auto"\n'],
  ['insecure', { insecure: true }, '  insecure: true\n'],
  ['aws_sdk_auth', { credentials: S3Credentials.awsSdk() }, '  aws_sdk_auth: true\n'],
  ['list version', { listObjectsVersion: ListObjectsVersion.V2 }, '  list_objects_version: "v2"\n'],
  ['part size', { partSize: Size.mebibytes(5) }, '  part_size: 5242880\n'],
  ['multipart', { multipart: false }, '  disable_multipart: true\n'],
  ['content MD5', { contentMd5: false }, '  send_content_md5: false\n'],
  ['retries', { maxRetries: 1 }, '  max_retries: 1\n'],
  ['metadata', { userMetadata: { yes: 'no' } }, '  put_user_metadata:\n    "yes": "no"\n'],
  ['dual stack', { dualStack: false }, '  disable_dualstack: true\n'],
  ['trace', { trace: true }, '  trace:\n    enable: true\n'],
  ['SSE-S3', { encryption: S3Encryption.s3() }, '  sse_config:\n    type: "SSE-S3"\n'],
  ['SSE-KMS', { encryption: S3Encryption.kms('k') }, '  sse_config:\n    type: "SSE-KMS"\n    kms_key_id: "k"\n'],
  [
    'SSE-C',
    { encryption: S3Encryption.customerKeyFromSecretName('sse') },
    '  sse_config:\n    type: "SSE-C"\n    encryption_key: "/etc/thanos/sse/sse-c.key"\n',
  ],
  ['skip verify', { unsafeSkipVerify: true }, '  http_config:\n    insecure_skip_verify: true\n'],
  ['server name', { serverName: 'a.b' }, '  http_config:\n    tls_config:\n      server_name: "a.b"\n'],
  ['an HTTP option', { http: { maxIdleConns: 5 } }, '  http_config:\n    max_idle_conns: 5\n'],
])('%s is one key of its own', (_, options, added) => {
  expect(yaml(options)).toBe(MINIMAL + added);
});

test.each<[string, Record<string, unknown>]>([
  ['insecure false', { insecure: false }],
  ['unsafeSkipVerify false', { unsafeSkipVerify: false }],
  ['multipart true', { multipart: true }],
  ['dualStack true', { dualStack: true }],
  ['trace false', { trace: false }],
  ['no metadata', { userMetadata: {} }],
  ['no HTTP option', { http: {} }],
  ['a service account', { credentials: S3Credentials.fromServiceAccountName('sa') }],
  ['a credentials file', { credentials: S3Credentials.fromCredentialsFile('c') }],
  ['anonymous', { credentials: S3Credentials.anonymous() }],
  [
    'the SDK asks its STS by itself, in its variables',
    { credentials: S3Credentials.fromSecretName('x', { revision: '1' }) },
  ],
])('what is a default anyway writes nothing: %s', (_, options) => {
  expect(yaml(options)).toBe(MINIMAL);
});

test('the SDK reads its STS from the environment, and sts_endpoint would be inert', () => {
  expect(yaml({ credentials: S3Credentials.awsSdk(), stsEndpoint: 'https://sts' })).not.toContain('sts_endpoint');
});

test('the prefix stands beside config, where Thanos reads it', () => {
  expect(yaml({ prefix: 'a/b' })).toBe(`${MINIMAL}prefix: "a/b"\n`);
});

test('keys never stand in objstore.yml', () => {
  const credentials = S3Credentials.unsafePlainText({ accessKey: 'AKIA', secretKey: 'hunter2', sessionToken: 'tok' });
  expect(yaml({ credentials })).toBe(MINIMAL);
});

test('what looks like a variable stays text', () => {
  expect(yaml({ prefix: '$(HOME)' })).toContain('prefix: "\\x24(HOME)"');
});
