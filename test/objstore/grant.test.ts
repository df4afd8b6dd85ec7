import { Duration } from 'cdk8s';
import { ObjstoreConfig, S3Ca, S3ClientCertificate, S3Credentials, S3Encryption } from '../../src';
import type { Grant } from '../../src/objstore/grant';
import { bucket } from '../fixtures/bucket';
import { ECDSA_CA } from '../fixtures/certificates';
import { chart } from '../render';

function grant(options: Record<string, unknown> = {}): Grant {
  return new ObjstoreConfig(chart(), 'Bucket', bucket(options))._grant;
}

/** The part of a grant with a volume: the volume and where it is mounted. */
function part(made: Grant, name: string) {
  return {
    volume: made.volumes.find((v) => v.name === name),
    mount: made.mounts.find((m) => m.name === name),
  };
}

const fromSecret = (variable: string, name: string, key: string) => ({
  name: variable,
  valueFrom: { secretKeyRef: { name, key } },
});

test('the config is a directory mount, and the flag names its file', () => {
  const made = grant();
  expect(part(made, 'objstore-config')).toEqual({
    volume: {
      name: 'objstore-config',
      configMap: {
        name: 'thanos-objstore-config',
        defaultMode: 0o440,
        items: [{ key: 'objstore.yml', path: 'objstore.yml' }],
      },
    },
    mount: { name: 'objstore-config', mountPath: '/etc/thanos/objstore', readOnly: true },
  });
  expect(made.flag).toBe('--objstore.config-file=/etc/thanos/objstore/objstore.yml');
});

test.each([
  [
    'text',
    S3Ca.fromPem(ECDSA_CA),
    { secret: { secretName: 'thanos-s3-ca-cert', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  ],
  [
    'a Secret with another key',
    S3Ca.fromSecretName('corp', { key: 'root.pem' }),
    { secret: { secretName: 'corp', items: [{ key: 'root.pem', path: 'ca.crt' }] } },
  ],
  [
    'a ConfigMap with another key',
    S3Ca.fromConfigMapName('bundle', { key: 'trust-bundle.pem' }),
    { configMap: { name: 'bundle', items: [{ key: 'trust-bundle.pem', path: 'ca.crt' }] } },
  ],
])('a CA from %s is mounted as ca.crt, and nothing beside it', (_, ca, source) => {
  const { volume, mount } = part(grant({ ca }), 's3-ca-cert');
  expect(volume).toMatchObject(source);
  expect(volume!.secret?.defaultMode ?? volume!.configMap?.defaultMode).toBe(0o440);
  expect(mount).toEqual({ name: 's3-ca-cert', mountPath: '/etc/thanos/certs', readOnly: true });
});

test('every mount is a whole directory, read-only', () => {
  const made = grant({
    ca: S3Ca.fromPem(ECDSA_CA),
    clientCertificate: S3ClientCertificate.fromSecretName('tls'),
    encryption: S3Encryption.customerKeyFromSecretName('sse'),
    credentials: S3Credentials.fromCredentialsFile('file'),
  });
  expect(made.mounts.map((m) => m.mountPath)).toEqual([
    '/etc/thanos/objstore',
    '/etc/thanos/certs',
    '/etc/thanos/client-tls',
    '/etc/thanos/sse',
    '/etc/thanos/s3-credentials',
  ]);
  for (const mount of made.mounts) expect(Object.keys(mount).sort()).toEqual(['mountPath', 'name', 'readOnly']);
});

test('keys of a Secret are variables by the names that Thanos reads', () => {
  expect(grant({ credentials: S3Credentials.fromSecretName('keys') }).env).toEqual([
    fromSecret('AWS_ACCESS_KEY_ID', 'keys', 'AWS_ACCESS_KEY_ID'),
    fromSecret('AWS_SECRET_ACCESS_KEY', 'keys', 'AWS_SECRET_ACCESS_KEY'),
  ]);
  const named = { accessKeyKey: 'root-user', secretKeyKey: 'root-password', sessionTokenKey: 'token' };
  expect(grant({ credentials: S3Credentials.fromSecretName('minio', named) }).env).toEqual([
    fromSecret('AWS_ACCESS_KEY_ID', 'minio', 'root-user'),
    fromSecret('AWS_SECRET_ACCESS_KEY', 'minio', 'root-password'),
    fromSecret('AWS_SESSION_TOKEN', 'minio', 'token'),
  ]);
});

test('literal keys are read from the Secret, never from the pod', () => {
  const made = grant({ credentials: S3Credentials.unsafePlainText({ accessKey: 'AKIA', secretKey: 'hunter2' }) });
  expect(made.env).toEqual([
    fromSecret('AWS_ACCESS_KEY_ID', 'thanos-s3-credentials', 'AWS_ACCESS_KEY_ID'),
    fromSecret('AWS_SECRET_ACCESS_KEY', 'thanos-s3-credentials', 'AWS_SECRET_ACCESS_KEY'),
  ]);
  expect(JSON.stringify(made)).not.toMatch(/hunter2|AKIA/);
});

test('a credentials file is mounted, and its profile chosen', () => {
  const made = grant({ credentials: S3Credentials.fromCredentialsFile('file', { key: 'aws.ini', profile: 'a$(b)' }) });
  expect(part(made, 's3-credentials').volume).toMatchObject({
    secret: { secretName: 'file', items: [{ key: 'aws.ini', path: 'aws.ini' }] },
  });
  expect(made.env).toEqual([
    { name: 'AWS_SHARED_CREDENTIALS_FILE', value: '/etc/thanos/s3-credentials/aws.ini' },
    { name: 'AWS_PROFILE', value: 'a$$(b)' },
  ]);
});

test('a web identity is a projected token of its own', () => {
  const credentials = S3Credentials.fromWebIdentity({
    serviceAccountName: 'thanos',
    roleArn: 'arn:aws:iam::1:role/x',
    roleSessionName: 'thanos',
    audience: 'minio',
    expiry: Duration.minutes(20),
  });
  const made = grant({ credentials, region: 'eu' });
  expect(part(made, 's3-web-identity')).toEqual({
    volume: {
      name: 's3-web-identity',
      projected: {
        defaultMode: 0o440,
        sources: [{ serviceAccountToken: { audience: 'minio', expirationSeconds: 1200, path: 'token' } }],
      },
    },
    mount: { name: 's3-web-identity', mountPath: '/var/run/secrets/thanos-s3', readOnly: true },
  });
  expect(made.env).toEqual([
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/thanos-s3/token' },
    { name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::1:role/x' },
    { name: 'AWS_ROLE_SESSION_NAME', value: 'thanos' },
    { name: 'AWS_REGION', value: 'eu' },
  ]);
  expect(made.serviceAccountName).toBe('thanos');
});

test.each([
  ['a service account', S3Credentials.fromServiceAccountName('sa'), 'sa'],
  ['the SDK with an account', S3Credentials.awsSdk({ serviceAccountName: 'sa' }), 'sa'],
  ['the SDK', S3Credentials.awsSdk(), undefined],
  ['anonymous', S3Credentials.anonymous(), undefined],
])('%s brings no keys', (_, credentials, account) => {
  const made = grant({ credentials });
  expect(made.env).toEqual([]);
  expect(made.volumes).toHaveLength(1);
  expect(made.serviceAccountName).toBe(account);
});

test('a client certificate brings its two keys and no other of the Secret', () => {
  const clientCertificate = S3ClientCertificate.fromSecretName('tls', {
    certificateKey: 'c.pem',
    privateKeyKey: 'k.pem',
  });
  expect(part(grant({ clientCertificate }), 's3-client-tls').volume).toEqual({
    name: 's3-client-tls',
    secret: {
      secretName: 'tls',
      defaultMode: 0o440,
      items: [
        { key: 'c.pem', path: 'c.pem' },
        { key: 'k.pem', path: 'k.pem' },
      ],
    },
  });
});

test("a customer's key is mounted where objstore.yml looks", () => {
  const encryption = S3Encryption.customerKeyFromSecretName('sse', { key: 'raw' });
  expect(part(grant({ encryption }), 's3-sse')).toMatchObject({
    volume: { secret: { secretName: 'sse', items: [{ key: 'raw', path: 'raw' }] } },
    mount: { mountPath: '/etc/thanos/sse' },
  });
});

test('a part is found by what it is for, whatever its volume is called', () => {
  const renamed = grant({ ca: S3Ca.fromPem(ECDSA_CA) }).replacing('ca', (volume) => ({ ...volume, name: 'other' }));
  expect(renamed.part('ca')!.volume.name).toBe('other');
  expect(renamed.mounts.map(({ name, mountPath }) => [name, mountPath])).toEqual([
    ['objstore-config', '/etc/thanos/objstore'],
    ['other', '/etc/thanos/certs'],
  ]);
  expect(renamed.facts.mounts.map(({ role }) => role)).toEqual(['config', 'ca']);
  expect(grant().part('ca')).toBeUndefined();
});
