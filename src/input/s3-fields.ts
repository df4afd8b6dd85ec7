import { isEnvToken } from '../support/env-token';
import { InputProblem, found } from '../support/problem';
import { oneOf, wholeNumber, yesOrNo } from '../support/rows';
import type { RequiredRow, Row, StructTable } from '../support/table';
import { foundKind } from '../support/shape';
import { bytes } from '../support/units';
import { fitsHeader, isHttpToken } from '../support/values';
import { parseEndpoint } from './endpoint';
import { checkCa } from './s3-ca';
import type { S3ClientCertificate } from './s3-client-certificate';
import type { S3Credentials } from './s3-credentials';
import type { S3Encryption } from './s3-encryption';
import { BucketLookup, ListObjectsVersion, type ObjstoreOptions, Reloader, StsTrust } from './s3-options';
import type { S3ServerCertificate } from './s3-server-certificate';
import { httpClient, prefix, region, serverName } from './store-fields';

const MIB = 1024 * 1024;
const SMALLEST_PART = 5 * MIB;
const LARGEST_PART = 5 * 1024 * MIB;
/** As minio-go has it; ":" stands between tenant and bucket in Ceph. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._:-]{1,61}[A-Za-z0-9]$/;
const IP_LIKE = /^(\d+\.){3}\d+$/;
/** Headers that minio-go refuses as metadata when it uploads; the storage class is taken out before. */
const RESERVED_METADATA = new RegExp(
  [
    '^(content-(type|encoding|disposition|language)|cache-control|expires|x-minio-.*',
    'x-amz-(website-redirect-location|object-lock-mode|metadata-directive|object-lock-retain-until-date|replication-status)',
    'x-amz-server-side-encryption(-aws-kms-key-id|-context|-customer-algorithm|-customer-key|-customer-key-md5)?)$',
  ].join('|'),
);

/** Every field of the S3 options, and what Thanos takes in it. Rules between fields are in s3-rules.ts. */
export const S3_FIELDS: StructTable<ObjstoreOptions> = {
  bucket: needed((value) => (isEnvToken(value) ? value : bucketName(value))),
  endpoint: needed((value) => (parseEndpoint(value), value)),
  credentials: needed(
    made<S3Credentials>(
      '_source',
      'an S3Credentials',
      'Give S3Credentials.fromSecretName("..."), or S3Credentials.anonymous() if you mean no keys',
    ),
  ),
  ca: checkCa,
  serverName,
  serverCertificate: made<S3ServerCertificate>(
    '_check',
    'a server certificate',
    'Give S3ServerCertificate.fromFile("public.crt")',
  ),
  reloader: oneOf(Reloader, 'Reloader'),
  region,
  prefix,
  lookup: oneOf(BucketLookup, 'BucketLookup'),
  insecure: yesOrNo,
  unsafeSkipVerify: yesOrNo,
  clientCertificate,
  encryption: made<S3Encryption>(
    '_source',
    'an encryption',
    'Give S3Encryption.s3(), kms("...") or customerKeyFromSecretName("...")',
  ),
  partSize,
  multipart: yesOrNo,
  maxRetries: wholeNumber(1),
  contentMd5: yesOrNo,
  userMetadata,
  dualStack: yesOrNo,
  listObjectsVersion: oneOf(ListObjectsVersion, 'ListObjectsVersion'),
  trace: yesOrNo,
  stsEndpoint,
  stsTrust: oneOf(StsTrust, 'StsTrust'),
  http: httpClient,
};

/** A field that must be given, whose row says itself what is missing. */
function needed<T>(row: Row<T>): RequiredRow<T> {
  return Object.assign((value: unknown) => row(value), { required: true as const });
}

/** A value that one of the library's factories made. */
function made<T>(member: string, what: string, advice: string): Row<T> {
  return (value) => {
    if (typeof value?.[member] === 'function') return value;
    throw new InputProblem(
      value === undefined ? `is missing. ${advice}` : `is ${foundKind(value)}, not ${what}. ${advice}`,
    );
  };
}

/** The name of a bucket; of a tenant's, with ":". */
export function bucketName(name: unknown): string {
  if (typeof name !== 'string' || name === '')
    throw new InputProblem(`is ${name === '' ? 'empty' : foundKind(name)}. Give the name of the bucket`);
  if (name.length < 3 || name.length > 63)
    throw new InputProblem(`${found(name)} has ${name.length} characters; a bucket name has 3 to 63`);
  if (BUCKET.test(name) && !/\.\.|\.-|-\./.test(name) && !IP_LIKE.test(name)) return name;
  throw new InputProblem(
    `${found(name)} is not a bucket name: letters, digits, ".", "-", "_" and ":", starting and ending with a letter or digit, no "-" beside a ".", no IP address`,
  );
}

function clientCertificate(given: S3ClientCertificate): S3ClientCertificate {
  if (typeof given?._check !== 'function')
    throw new InputProblem(
      `is ${foundKind(given)}, not a client certificate. Give S3ClientCertificate.fromSecretName("...")`,
    );
  given._check();
  return given;
}

function partSize(given: NonNullable<ObjstoreOptions['partSize']>): typeof given {
  const n = bytes(given);
  if (n >= SMALLEST_PART && n <= LARGEST_PART) return given;
  throw new InputProblem(`is ${n} bytes; S3 takes parts of 5 MiB to 5 GiB, and uploads would fail`);
}

function stsEndpoint(url: unknown): string {
  if (typeof url === 'string' && /^https?:\/\/[^\s/?#@]+(\/[^\s@?#]*)?$/.test(url) && URL.canParse(url)) return url;
  // not quoted: user information or a query may hold keys
  throw new InputProblem(`is not a plain URL. Write it with its scheme, such as "https://minio.example.com:9000"`);
}

function userMetadata(metadata: Record<string, unknown>): Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw new InputProblem(`is ${found(metadata)}; give an object of names and values`);
  const names = Object.keys(metadata);
  for (const [i, name] of names.entries()) {
    if (!isHttpToken(name))
      throw new InputProblem(`name ${found(name)} can't be an HTTP header (RFC 9110 5.1), and uploads would fail`);
    if (RESERVED_METADATA.test(name.toLowerCase()))
      throw new InputProblem(
        `name ${found(name)} is a header that the S3 client keeps for itself, and uploads would fail`,
      );
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < i)
      throw new InputProblem(`has ${found(name)} twice: header names don't tell upper from lower case`);
    requireHeaderValue(name, metadata[name]);
  }
  return metadata as Record<string, string>;
}

function requireHeaderValue(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new InputProblem(`value of ${found(name)} is not a text`);
  if (!fitsHeader(value))
    throw new InputProblem(
      `value of ${found(name)} can't be an HTTP header: it has control characters or a blank at an end`,
    );
}
