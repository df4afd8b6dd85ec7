import { App, Chart, Testing } from 'cdk8s';
import { ObjstoreConfig, S3Ca, S3CaSecret, S3Credentials } from '../../src';
import { AppRegistry } from '../../src/app/registry';
import { bucket, message } from '../fixtures/bucket';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { chart, find, render } from '../render';

const ca = S3Ca.fromPem(ECDSA_CA);
const plain = { accessKey: 'AKIA', secretKey: 'hunter2' };

function config(options: Record<string, unknown> = {}): ObjstoreConfig {
  return new ObjstoreConfig(chart(), 'Bucket', bucket(options));
}

test('a bucket is a ConfigMap with objstore.yml, and the Secret of its CA', () => {
  const scope = chart();
  const made = new ObjstoreConfig(scope, 'Bucket', bucket({ ca, instance: 'eu', namespace: 'metrics' }));
  const labels = { 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'eu' };
  expect(render(scope)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'eu-s3-ca-cert', namespace: 'metrics', labels },
      type: 'Opaque',
      data: { 'ca.crt': Buffer.from(ECDSA_CA).toString('base64') },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'eu-objstore-config', namespace: 'metrics', labels },
      data: { 'objstore.yml': made.yaml },
    },
  ]);
  expect(made).toMatchObject({
    configMapName: 'eu-objstore-config',
    configMapKey: 'objstore.yml',
    configFile: '/etc/thanos/objstore/objstore.yml',
    caFile: '/etc/thanos/certs/ca.crt',
  });
});

test.each([
  ['a public CA', {}],
  ['a referenced Secret', { ca: S3Ca.fromSecretName('corp') }],
  ['a referenced ConfigMap', { ca: S3Ca.fromConfigMapName('corp') }],
])('%s makes the ConfigMap alone', (_, options) => {
  const scope = chart();
  const made = new ObjstoreConfig(scope, 'Bucket', bucket(options));
  expect(render(scope).map((o) => o.kind)).toEqual(['ConfigMap']);
  expect(made.caSecret).toBeUndefined();
  expect(made.caFile).toBe('ca' in options ? '/etc/thanos/certs/ca.crt' : undefined);
});

test.each([
  ['the prop', { namespace: 'a' }, 'b', 'a'],
  ['the chart', {}, 'b', 'b'],
  ['nobody', {}, undefined, 'monitoring'],
])('%s gives the namespace', (_, options, ofChart, namespace) => {
  const scope = new Chart(new App(), 'test', { namespace: ofChart });
  new ObjstoreConfig(scope, 'Bucket', bucket({ ca, ...options }));
  expect(Testing.synth(scope).map((o) => o.metadata.namespace)).toEqual([namespace, namespace]);
});

test('plain-text keys lie in an Opaque Secret, with a warning', () => {
  const scope = chart();
  const keys = S3Credentials.unsafePlainText({ ...plain, sessionToken: 'tok' });
  new ObjstoreConfig(scope, 'Bucket', bucket({ credentials: keys }));
  expect(find(render(scope), 'Secret', 'thanos-s3-credentials')).toMatchObject({
    metadata: { namespace: 'monitoring', labels: { 'app.kubernetes.io/instance': 'thanos' } },
    type: 'Opaque',
    data: {
      AWS_ACCESS_KEY_ID: Buffer.from('AKIA').toString('base64'),
      AWS_SECRET_ACCESS_KEY: Buffer.from('hunter2').toString('base64'),
      AWS_SESSION_TOKEN: Buffer.from('tok').toString('base64'),
    },
  });
  expect(AppRegistry.of(scope).standing().warnings).toEqual([
    'test/Bucket: credentials: the keys stand readable in the manifests; use S3Credentials.fromSecretName',
  ]);
});

test.each([
  ['unsafeSkipVerify', { unsafeSkipVerify: true }, "the S3 server's certificate is not verified"],
  ['insecure', { insecure: true }, 'plain HTTP: keys and data cross the network readable'],
  ['ca', { ca: S3Ca.fromPem(ECDSA_CA, { validAt: new Date('2099-12-20') }) }, 'expires on 2099-12-31'],
])('%s is warned of', (prop, options, text) => {
  const made = config(options);
  expect(AppRegistry.of(made).standing().warnings).toEqual([expect.stringContaining(`: ${prop}: `)]);
  expect(AppRegistry.of(made).standing().warnings[0]).toContain(text);
});

test('an ordinary bucket warns of nothing', () => {
  expect(AppRegistry.of(config({ ca })).standing().warnings).toEqual([]);
});

describe('the checksum', () => {
  const base = { ca, credentials: S3Credentials.fromSecretName('keys', { revision: '1' }) };

  test.each<[string, Record<string, unknown>]>([
    ['the CA', { ca: S3Ca.fromPem(SECOND_CA) }],
    ['a second root', { ca: S3Ca.fromPem(ECDSA_CA + SECOND_CA) }],
    ['no CA', { ca: undefined }],
    ['the config', { region: 'x' }],
    ['the endpoint', { endpoint: 's3.example.com' }],
    ["the keys' revision", { credentials: S3Credentials.fromSecretName('keys', { revision: '2' }) }],
    ['no revision', { credentials: S3Credentials.fromSecretName('keys') }],
    ['literal keys', { credentials: S3Credentials.unsafePlainText(plain) }],
  ])('changes with %s', (_, options) => {
    expect(config({ ...base, ...options }).checksum).not.toBe(config(base).checksum);
  });

  test('changes with the revision of a referenced CA, and with literal keys', () => {
    const reference = (revision?: string) => config({ ca: S3Ca.fromSecretName('corp', { revision }) }).checksum;
    expect(new Set([reference(), reference('1'), reference('2')]).size).toBe(3);
    const literal = (secretKey: string) =>
      config({ credentials: S3Credentials.unsafePlainText({ ...plain, secretKey }) }).checksum;
    expect(literal('a')).not.toBe(literal('b'));
  });

  test.each<[string, Record<string, unknown>]>([
    ['the stack', { instance: 'other' }],
    ['the namespace', { namespace: 'other' }],
    ['a duplicate root', { ca: S3Ca.fromPem(ECDSA_CA + ECDSA_CA) }],
    ['the time of judgement', { ca: S3Ca.fromPem(ECDSA_CA, { validAt: new Date('2026-01-01') }) }],
  ])('does not change with %s', (_, options) => {
    expect(config({ ...base, ...options }).checksum).toBe(config(base).checksum);
  });

  test('is the same whether the CA comes as text or as S3CaSecret', () => {
    const scope = chart();
    const secret = new S3CaSecret(scope, 'Ca', { ca });
    expect(new ObjstoreConfig(scope, 'Bucket', bucket({ ca: secret })).checksum).toBe(config({ ca }).checksum);
  });
});

describe('the id of a bucket', () => {
  test('is one for spellings of the same', () => {
    const id = config({ endpoint: 'S3.example.com', prefix: '/a/b/' }).bucketId;
    expect(id).toBe('s3.example.com:443/thanos/a/b');
    expect(config({ endpoint: 's3.example.com.:443', prefix: 'a/b' }).bucketId).toBe(id);
  });

  test('differs by bucket, prefix, port and namespace of a short name', () => {
    const ids = [
      { bucket: 'other' },
      { prefix: 'p' },
      { endpoint: 's3.example.com:9001' },
      { endpoint: 'minio:9000', namespace: 'a' },
      { endpoint: 'minio:9000', namespace: 'b' },
      {},
    ].map((options) => config(options).bucketId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test.each([
  [{ instance: 'Thanos' }, 'instance: "Thanos" is not a DNS label'],
  [{ instance: 5 }, 'instance: 5 is not a DNS label'],
  [{ namespace: 'a b' }, 'namespace: "a b" is not a DNS label'],
])('%p is refused', (options, text) => {
  expect(message(() => config(options))).toContain(`cdk8s-thanos: test/Bucket: ${text}`);
});

test('an error of the CA in a bucket names the place of its Secret', () => {
  expect(message(() => config({ ca: S3Ca.fromPem('nothing') }))).toContain('test/Bucket/Ca: ca: holds no certificate');
});
