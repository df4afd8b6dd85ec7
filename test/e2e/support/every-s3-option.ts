import { Duration, Size } from 'cdk8s';
import {
  BucketLookup,
  ListObjectsVersion,
  type ObjstoreOptions,
  S3Ca,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  StsTrust,
} from 'cdk8s-thanos';

const BASE = { bucket: 'thanos', endpoint: 's3.minio.example.com:9000' };

/** Every S3 option that goes with a private CA and keys in a Secret. */
export function everyS3Option(caPem: string): ObjstoreOptions {
  return {
    ...BASE,
    ca: S3Ca.fromPem(caPem),
    serverName: 's3.minio.example.com',
    credentials: S3Credentials.fromSecretName('s3-keys', {
      accessKeyKey: 'access',
      secretKeyKey: 'secret',
      sessionTokenKey: 'token',
      revision: '1',
    }),
    ...{ region: 'yes', prefix: 'a: b/0123', lookup: BucketLookup.PATH },
    clientCertificate: S3ClientCertificate.fromSecretName('client', {
      certificateKey: 'c.pem',
      privateKeyKey: 'k.pem',
    }),
    encryption: S3Encryption.customerKeyFromSecretName('customer-key', { key: 'raw' }),
    ...{ partSize: Size.mebibytes(128), maxRetries: 3, contentMd5: false, dualStack: false, trace: true },
    userMetadata: { 'X-Amz-Storage-Class': 'STANDARD_IA' },
    listObjectsVersion: ListObjectsVersion.V1,
    http: {
      idleConnTimeout: Duration.seconds(30),
      responseHeaderTimeout: Duration.seconds(30),
      tlsHandshakeTimeout: Duration.seconds(5),
      expectContinueTimeout: Duration.seconds(1),
      ...{ maxIdleConns: 10, maxIdleConnsPerHost: 10, maxConnsPerHost: 20 },
    },
  };
}

/** Every other way to bring the CA and the keys. */
export function s3Variants(caPem: string): Record<string, ObjstoreOptions> {
  const keys = S3Credentials.fromSecretName('s3-keys');
  const ca = S3Ca.fromPem(caPem);
  const webIdentity = S3Credentials.fromWebIdentity({
    serviceAccountName: 'thanos',
    roleArn: 'arn:aws:iam::123456789012:role/thanos',
    audience: 'minio',
    expiry: Duration.hours(2),
  });
  return {
    'a public CA': { ...BASE, credentials: keys },
    'plain HTTP': { ...BASE, credentials: keys, insecure: true, multipart: false },
    'a certificate that nobody verifies': { ...BASE, credentials: keys, unsafeSkipVerify: true },
    'a CA in a Secret': { ...BASE, ca: S3Ca.fromSecretName('their-ca', { key: 'tls.ca' }), credentials: keys },
    'a CA in a ConfigMap': { ...BASE, ca: S3Ca.fromConfigMapName('bundle', { revision: '2' }), credentials: keys },
    'keys in a file': { ...BASE, ca, credentials: S3Credentials.fromCredentialsFile('aws', { profile: 'thanos' }) },
    'keys in plain text': {
      ...BASE,
      ca,
      credentials: S3Credentials.unsafePlainText({ accessKey: 'a', secretKey: 'b', sessionToken: 'c' }),
    },
    'no keys': { ...BASE, ca, credentials: S3Credentials.anonymous() },
    'the AWS SDK': { ...BASE, ca, credentials: S3Credentials.awsSdk(), stsTrust: StsTrust.S3_CA },
    'a web identity': {
      ...BASE,
      ca,
      credentials: webIdentity,
      stsEndpoint: 'https://sts.example.com',
      stsTrust: StsTrust.S3_CA,
    },
    'an injected identity': { ...BASE, credentials: S3Credentials.fromServiceAccountName('thanos') },
    'SSE-KMS': { ...BASE, ca, credentials: keys, encryption: S3Encryption.kms('key', { context: { team: 'yes' } }) },
  };
}
