import { ObjstoreConfig, S3Ca, S3Credentials, StsTrust } from '../../src';
import { ECDSA_CA } from '../fixtures/certificates';
import { bucket, refusal } from '../fixtures/bucket';
import { chart } from '../render';

const ca = S3Ca.fromPem(ECDSA_CA);
const account = S3Credentials.fromServiceAccountName('thanos');
const token = S3Credentials.fromWebIdentity({ serviceAccountName: 'thanos' });
const sdk = S3Credentials.awsSdk();
const stsEndpoint = 'https://minio.example.com:9000';
const keyed = {
  secret: S3Credentials.fromSecretName('keys'),
  file: S3Credentials.fromCredentialsFile('keys'),
  plain: S3Credentials.unsafePlainText({ accessKey: 'a', secretKey: 'b' }),
  anonymous: S3Credentials.anonymous(),
};

/** Variables of the granted container. */
function env(options: Record<string, unknown>): Record<string, string | undefined> {
  const { env } = new ObjstoreConfig(chart(), 'Bucket', bucket(options))._grant;
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

test.each(Object.entries(keyed))(
  'with credentials %s no STS is asked, so its options are refused',
  (_, credentials) => {
    expect(refusal({ credentials, stsEndpoint })).toContain(
      'test/Bucket: stsEndpoint: has no effect with these credentials',
    );
    expect(refusal({ credentials, stsTrust: StsTrust.PUBLIC_ROOTS })).toContain(
      'stsTrust: has no effect with these credentials',
    );
  },
);

test.each([
  ['service account', account],
  ['web identity', token],
  ['AWS SDK', sdk],
])(
  '%s and a private CA: which roots the exchange trusts must be said, since its failure is silent',
  (_, credentials) => {
    const said = refusal({ credentials, ca });
    expect(said).toContain('test/Bucket: stsTrust: is missing. With a private CA, say which roots the STS call trusts');
    expect(said).toContain('StsTrust.S3_CA or StsTrust.PUBLIC_ROOTS');
    expect(refusal({ credentials, ca, stsEndpoint })).toContain('stsTrust: is missing');
    expect(() => env({ credentials, ca, stsTrust: StsTrust.PUBLIC_ROOTS })).not.toThrow();
  },
);

test('a store that is not verified has an STS that would fail as silently', () => {
  const said = refusal({ credentials: token, unsafeSkipVerify: true, stsEndpoint });
  expect(said).toContain('stsTrust: is missing. With unsafeSkipVerify, say');
  expect(said).not.toContain('S3_CA');
});

test('an STS over plain HTTP needs no roots', () => {
  expect(env({ credentials: token, ca, stsEndpoint: 'http://minio:9000' })).not.toHaveProperty('SSL_CERT_FILE');
});

test('a public store needs no word on roots', () => {
  expect(() => env({ credentials: token, stsEndpoint })).not.toThrow();
});

test('the CA of the store as roots needs a CA', () => {
  expect(refusal({ credentials: token, stsTrust: StsTrust.S3_CA })).toContain('stsTrust: is S3_CA, but there is no ca');
  expect(refusal({ credentials: token, stsTrust: 'system' })).toContain('"system" is not one of public-roots, s3-ca');
});

test.each([
  ['service account', account],
  ['web identity', token],
])('%s with the CA of the store trusts it in the whole process', (_, credentials) => {
  const set = env({ credentials, ca, stsEndpoint, stsTrust: StsTrust.S3_CA });
  expect(set).toMatchObject({ SSL_CERT_FILE: '/etc/thanos/certs/ca.crt' });
  expect(set).not.toHaveProperty('AWS_CA_BUNDLE');
});

test('the AWS SDK takes its own variables', () => {
  const set = env({ credentials: sdk, ca, stsEndpoint, stsTrust: StsTrust.S3_CA });
  expect(set).toEqual({ AWS_CA_BUNDLE: '/etc/thanos/certs/ca.crt', AWS_ENDPOINT_URL_STS: stsEndpoint });
});

test('public roots set no variable', () => {
  expect(Object.keys(env({ credentials: account, ca, stsTrust: StsTrust.PUBLIC_ROOTS }))).toEqual([]);
});

test.each([
  'minio:9000',
  '',
  'ftp://minio',
  'https://',
  'https://a b',
  'https://AKIA:hunter2@minio',
  'https://minio?key=hunter2',
  5,
  null,
])('the STS %p is not a URL, and is not echoed', (url) => {
  const said = refusal({ credentials: token, stsEndpoint: url });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: stsEndpoint: is not a plain URL. Write it with its scheme/);
  expect(said).not.toMatch(/hunter2|AKIA/);
});
