import { Duration, Size } from 'cdk8s';
import {
  BucketLookup,
  ListObjectsVersion,
  type ObjstoreOptions,
  S3Ca,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  S3ServerCertificate,
  StsTrust,
} from '../../src';
import type { Given } from './pod-on-disk';
import type { Factors } from './pairwise';
import type { ServerCertificates } from './server-certificates';

/** Names that the stub's certificate carries. */
export const STUB_NAMES = [
  's3.minio.example.com',
  '*.s3.minio.example.com',
  'sts.example.com',
  'sts.amazonaws.com',
  '*.amazonaws.com',
  'sts.eu-test-1.amazonaws.com',
];

/** What the Secrets and ConfigMaps hold that the options refer to. */
export function givenObjects(certificates: ServerCertificates): Given {
  return {
    keys: { AWS_ACCESS_KEY_ID: 'FROMSECRET', AWS_SECRET_ACCESS_KEY: 'secret', token: 'session' },
    file: { credentials: '[other]\naws_access_key_id = FROMFILE\naws_secret_access_key = secret\n' },
    ca: { 'ca.crt': certificates.ca },
    client: { 'tls.crt': certificates.clientCertificate, 'tls.key': certificates.clientKey },
    sse: { 'sse-c.key': Buffer.alloc(32, 7) },
  };
}

/** Key id with which a request is signed, by kind of credentials. */
export const KEY_IDS: Record<string, string | undefined> = {
  secret: 'FROMSECRET',
  file: 'FROMFILE',
  plain: 'FROMTEXT',
  'service-account': 'FROMSTS',
  'aws-sdk': 'FROMSTS',
  'web-identity': 'FROMSTS',
  anonymous: undefined,
};

/** Every field of ObjstoreOptions but the bucket, and the reloader that Thanos never sees, with the values that matter; `-` leaves it out. */
export function objstoreFactors(certificates: ServerCertificates): Factors<ObjstoreOptions> {
  return {
    endpoint: {
      host: { endpoint: 's3.minio.example.com:9000' },
      portless: { endpoint: 's3.minio.example.com' },
      ipv4: { endpoint: '192.0.2.7:9000' },
      ipv6: { endpoint: '[2001:db8::7]:9000' },
    },
    ...tlsFactors(certificates),
    ...keyFactors(),
    region: { '-': {}, set: { region: 'eu-test-1' } },
    prefix: { '-': {}, nested: { prefix: 'a/b' }, slashes: { prefix: '/a/' } },
    lookup: {
      '-': {},
      ...Object.fromEntries(Object.values(BucketLookup).map((lookup) => [lookup, { lookup }])),
    },
    encryption: {
      '-': {},
      s3: { encryption: S3Encryption.s3() },
      kms: { encryption: S3Encryption.kms('key-1') },
      kmsContext: { encryption: S3Encryption.kms('key-1', { context: { a: 'b' } }) },
      customer: { encryption: S3Encryption.customerKeyFromSecretName('sse') },
    },
    partSize: { '-': {}, set: { partSize: Size.mebibytes(5) } },
    multipart: { '-': {}, off: { multipart: false }, on: { multipart: true } },
    maxRetries: { '-': {}, one: { maxRetries: 1 } },
    contentMd5: { '-': {}, off: { contentMd5: false }, on: { contentMd5: true } },
    userMetadata: {
      '-': {},
      empty: { userMetadata: {} },
      set: { userMetadata: { owner: 'me', 'X-Amz-Storage-Class': 'COLD' } },
    },
    dualStack: { '-': {}, off: { dualStack: false } },
    listObjectsVersion: {
      '-': {},
      v1: { listObjectsVersion: ListObjectsVersion.V1 },
      v2: { listObjectsVersion: ListObjectsVersion.V2 },
    },
    trace: { '-': {}, on: { trace: true } },
    http: { '-': {}, empty: { http: {} }, set: { http: HTTP } },
  };
}

const HTTP = {
  idleConnTimeout: Duration.millis(90061001),
  responseHeaderTimeout: Duration.days(400),
  tlsHandshakeTimeout: Duration.seconds(9),
  expectContinueTimeout: Duration.millis(1500),
  maxIdleConns: 0,
  maxIdleConnsPerHost: 7,
  maxConnsPerHost: 9,
};

function tlsFactors(certificates: ServerCertificates): Factors<ObjstoreOptions> {
  return {
    insecure: { '-': {}, on: { insecure: true } },
    unsafeSkipVerify: { '-': {}, on: { unsafeSkipVerify: true } },
    ca: {
      '-': {},
      text: { ca: S3Ca.fromPem(certificates.ca) },
      secret: { ca: S3Ca.fromSecretName('ca') },
      configMap: { ca: S3Ca.fromConfigMapName('ca') },
    },
    serverName: { '-': {}, set: { serverName: 's3.minio.example.com' } },
    clientCertificate: { '-': {}, set: { clientCertificate: S3ClientCertificate.fromSecretName('client') } },
    serverCertificate: {
      '-': {},
      set: { serverCertificate: S3ServerCertificate.fromPem(certificates.serverCertificate) },
    },
  };
}

function keyFactors(): Factors<ObjstoreOptions> {
  return {
    credentials: {
      secret: { credentials: S3Credentials.fromSecretName('keys') },
      token: { credentials: S3Credentials.fromSecretName('keys', { sessionTokenKey: 'token' }) },
      file: { credentials: S3Credentials.fromCredentialsFile('file', { profile: 'other' }) },
      plain: {
        credentials: S3Credentials.unsafePlainText({ accessKey: 'FROMTEXT', secretKey: 's', sessionToken: 't' }),
      },
      serviceAccount: { credentials: S3Credentials.fromServiceAccountName('thanos') },
      webIdentity: { credentials: S3Credentials.fromWebIdentity({ serviceAccountName: 'thanos', roleArn: 'arn:r' }) },
      awsSdk: { credentials: S3Credentials.awsSdk() },
      anonymous: { credentials: S3Credentials.anonymous() },
    },
    stsEndpoint: {
      '-': {},
      https: { stsEndpoint: 'https://sts.example.com' },
      http: { stsEndpoint: 'http://sts.example.com:9000' },
    },
    stsTrust: { '-': {}, publicRoots: { stsTrust: StsTrust.PUBLIC_ROOTS }, s3Ca: { stsTrust: StsTrust.S3_CA } },
  };
}
