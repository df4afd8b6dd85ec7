import { isEnvToken } from '../support/env-token';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { fitsHeader, hasControl, oneOf, wholeNumber, yesOrNo } from '../support/values';
import { bytes, milliseconds } from '../support/units';
import { ipVersion, parseEndpoint } from './endpoint';
import { checkCa } from './s3-ca';
import { BucketLookup, ListObjectsVersion, type ObjstoreOptions, Reloader, type S3HttpOptions } from './s3-options';
import { serverCertificate } from './server-certificate-rule';
import { stsEndpoint, stsTrust } from './sts-rules';

/** A rule about one prop: throws an InputProblem where Thanos would fail at start, later, or silently. */
export interface S3Rule {
  readonly prop: keyof ObjstoreOptions;
  readonly check: (s3: ObjstoreOptions) => void;
}

const MIB = 1024 * 1024;
const SMALLEST_PART = 5 * MIB;
const LARGEST_PART = 5 * 1024 * MIB;
/** As minio-go has it; ":" stands between tenant and bucket in Ceph. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._:-]{1,61}[A-Za-z0-9]$/;
const IP_LIKE = /^(\d+\.){3}\d+$/;
const HTTP_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that minio-go refuses as metadata when it uploads; the storage class is taken out before. */
const RESERVED_METADATA = new RegExp(
  [
    '^(content-(type|encoding|disposition|language)|cache-control|expires|x-minio-.*',
    'x-amz-(website-redirect-location|object-lock-mode|metadata-directive|object-lock-retain-until-date|replication-status)',
    'x-amz-server-side-encryption(-aws-kms-key-id|-context|-customer-algorithm|-customer-key|-customer-key-md5)?)$',
  ].join('|'),
);
const SWITCHES = ['insecure', 'unsafeSkipVerify', 'multipart', 'contentMd5', 'dualStack', 'trace'] as const;
const HTTP_DURATIONS = [
  'idleConnTimeout',
  'responseHeaderTimeout',
  'tlsHandshakeTimeout',
  'expectContinueTimeout',
] as const;
const HTTP_COUNTS = ['maxIdleConns', 'maxIdleConnsPerHost', 'maxConnsPerHost'] as const;

/** Every field of ObjstoreOptions. */
export const OBJSTORE_FIELDS: readonly (keyof ObjstoreOptions)[] = [
  ...([
    'bucket',
    'endpoint',
    'credentials',
    'ca',
    'serverName',
    'serverCertificate',
    'reloader',
    'region',
    'prefix',
    'lookup',
    'insecure',
  ] as const),
  ...([
    'unsafeSkipVerify',
    'clientCertificate',
    'encryption',
    'partSize',
    'multipart',
    'maxRetries',
    'contentMd5',
  ] as const),
  ...(['userMetadata', 'dualStack', 'listObjectsVersion', 'trace', 'stsEndpoint', 'stsTrust', 'http'] as const),
];

/** Every rule about the S3 options but those about the CA's content, in reading order. */
export const S3_RULES: readonly S3Rule[] = [
  { prop: 'bucket', check: bucket },
  { prop: 'endpoint', check: (s3) => void parseEndpoint(s3.endpoint) },
  { prop: 'credentials', check: credentials },
  ...SWITCHES.map((prop) => ({ prop, check: (s3: ObjstoreOptions) => yesOrNo(s3[prop]) })),
  { prop: 'insecure', check: insecure },
  { prop: 'unsafeSkipVerify', check: skipVerify },
  { prop: 'ca', check: (s3) => s3.ca !== undefined && checkCa(s3.ca) },
  { prop: 'serverName', check: serverName },
  { prop: 'serverCertificate', check: serverCertificate },
  { prop: 'reloader', check: (s3) => oneOf(s3.reloader, Reloader) },
  { prop: 'region', check: (s3) => region(s3.region) },
  { prop: 'prefix', check: prefix },
  { prop: 'lookup', check: lookup },
  { prop: 'listObjectsVersion', check: (s3) => oneOf(s3.listObjectsVersion, ListObjectsVersion) },
  { prop: 'clientCertificate', check: clientCertificate },
  { prop: 'encryption', check: encryption },
  { prop: 'partSize', check: partSize },
  { prop: 'maxRetries', check: (s3) => wholeNumber(s3.maxRetries, 1) },
  { prop: 'userMetadata', check: userMetadata },
  { prop: 'http', check: (s3) => s3.http !== undefined && http(s3.http) },
  { prop: 'stsTrust', check: stsTrust },
  { prop: 'stsEndpoint', check: stsEndpoint },
];

function bucket(s3: ObjstoreOptions): void {
  if (isEnvToken(s3.bucket) || isEnvToken(s3.endpoint)) return wholeClaim(s3);
  const { bucket: name, lookup: style, insecure: plain } = s3;
  if (typeof name !== 'string' || name === '') throw new InputProblem('is empty. Give the name of the bucket');
  if (name.length < 3 || name.length > 63)
    throw new InputProblem(`${found(name)} has ${name.length} characters; a bucket name has 3 to 63`);
  if (!BUCKET.test(name) || /\.\.|\.-|-\./.test(name) || IP_LIKE.test(name)) {
    throw new InputProblem(
      `${found(name)} is not a bucket name: letters, digits, ".", "-", "_" and ":", starting and ending with a letter or digit, no "-" beside a ".", no IP address`,
    );
  }
  if (
    style === BucketLookup.VIRTUAL_HOSTED &&
    ((name.includes('.') && !plain) || name !== name.toLowerCase() || /[_:]/.test(name))
  ) {
    throw new InputProblem(
      `${found(name)} with lookup virtual-hosted makes a host name that no wildcard certificate covers. Use BucketLookup.PATH`,
    );
  }
}

/** A claim's parts are known in its ConfigMap and Secret only; one without the others would stay empty. */
function wholeClaim(s3: ObjstoreOptions): void {
  const source = s3.credentials?._source?.();
  const claimed = source?.kind === 'secret' && source.claim !== undefined;
  if (claimed && isEnvToken(s3.bucket) && isEnvToken(s3.endpoint)) return;
  throw new InputProblem(
    "is an S3BucketClaim's, but not all of bucket, endpoint and credentials are. Give all three of the claim",
  );
}

function credentials({ credentials: given }: ObjstoreOptions): void {
  if (typeof given?._source !== 'function') {
    throw new InputProblem(
      'is missing. Give S3Credentials.fromSecretName("..."), or S3Credentials.anonymous() if you mean no keys',
    );
  }
  given._source();
}

function insecure(s3: ObjstoreOptions): void {
  if (!s3.insecure) return;
  const tls = (['ca', 'serverName', 'clientCertificate', 'unsafeSkipVerify'] as const).find((prop) => s3[prop]);
  if (tls)
    throw new InputProblem(
      `is true together with ${tls}: Thanos would speak plain HTTP and not use it. Drop one of the two`,
    );
}

function skipVerify(s3: ObjstoreOptions): void {
  if (s3.unsafeSkipVerify && s3.ca)
    throw new InputProblem('is true together with ca, which it cancels. Drop it: the CA makes verification work');
  if (s3.unsafeSkipVerify && s3.serverName)
    throw new InputProblem('is true together with serverName, whose check it cancels. Drop one of the two');
}

function clientCertificate({ clientCertificate: given }: ObjstoreOptions): void {
  if (given === undefined) return;
  if (typeof given?._check !== 'function')
    throw new InputProblem('is not a client certificate. Give S3ClientCertificate.fromSecretName("...")');
  given._check();
}

function serverName(s3: ObjstoreOptions): void {
  const { host, isIp } = parseEndpoint(s3.endpoint);
  const name = s3.serverName;
  if (name === undefined) {
    if (!isIp || s3.insecure || s3.unsafeSkipVerify) return;
    throw new InputProblem(
      `is missing, and the endpoint is the IP address ${host}. Give a DNS name that the server's certificate carries, or ` +
        `${found(host)} itself when the certificate has that IP SAN`,
    );
  }
  if (!isName(name))
    throw new InputProblem(`${found(name)} is not a DNS name or IP address; give one without scheme and port`);
}

function isName(name: string): boolean {
  if (typeof name !== 'string' || ipVersion(name) !== 0) return typeof name === 'string';
  try {
    return parseEndpoint(name).host === name;
  } catch {
    return false;
  }
}

function region(value: string | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value === '' || /[\s/]/.test(value) || hasControl(value)) {
    throw new InputProblem(`${found(value)} is not a region: a word without blanks and "/"`);
  }
}

function prefix({ prefix: given }: ObjstoreOptions): void {
  if (given === undefined) return;
  if (typeof given !== 'string' || given.replaceAll('/', '').trim() === '')
    throw new InputProblem(`${found(given)} names no folder; leave it out for the bucket's root`);
  if (hasControl(given) || given.split('/').some((part) => part === '.' || part === '..'))
    throw new InputProblem(`${found(given)} is not a folder: no ".", ".." and control characters`);
}

function lookup(s3: ObjstoreOptions): void {
  oneOf(s3.lookup, BucketLookup);
  if (s3.lookup === BucketLookup.VIRTUAL_HOSTED && parseEndpoint(s3.endpoint).isIp) {
    throw new InputProblem(
      'is virtual-hosted, but the endpoint is an IP address, which has no subdomains. Use BucketLookup.PATH',
    );
  }
}

function encryption(s3: ObjstoreOptions): void {
  if (s3.encryption === undefined) return;
  if (typeof s3.encryption?._source !== 'function')
    throw new InputProblem(
      'is not an encryption. Give S3Encryption.s3(), kms("...") or customerKeyFromSecretName("...")',
    );
  const source = s3.encryption._source();
  if (source.type === 'SSE-C' && s3.insecure)
    throw new InputProblem("is SSE-C with insecure: the client refuses to send the customer's key over plain HTTP");
}

function partSize(s3: ObjstoreOptions): void {
  if (s3.partSize === undefined) return;
  const n = bytes(s3.partSize);
  if (n < SMALLEST_PART || n > LARGEST_PART)
    throw new InputProblem(`is ${n} bytes; S3 takes parts of 5 MiB to 5 GiB, and uploads would fail`);
  if (s3.multipart === false) throw new InputProblem('has no effect with multipart false; drop one of the two');
}

function userMetadata({ userMetadata: metadata }: ObjstoreOptions): void {
  if (metadata === undefined) return;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw new InputProblem(`is ${found(metadata)}; give an object of names and values`);
  const names = Object.keys(metadata);
  for (const [i, name] of names.entries()) {
    const value: unknown = metadata[name];
    if (!HTTP_TOKEN.test(name))
      throw new InputProblem(`name ${found(name)} can't be an HTTP header (RFC 9110 5.1), and uploads would fail`);
    if (RESERVED_METADATA.test(name.toLowerCase()))
      throw new InputProblem(
        `name ${found(name)} is a header that the S3 client keeps for itself, and uploads would fail`,
      );
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < i)
      throw new InputProblem(`has ${found(name)} twice: header names don't tell upper from lower case`);
    if (typeof value !== 'string') throw new InputProblem(`value of ${found(name)} is not a text`);
    if (!fitsHeader(value))
      throw new InputProblem(
        `value of ${found(name)} can't be an HTTP header: it has control characters or a blank at an end`,
      );
  }
}

function http(given: S3HttpOptions): void {
  knownFields(given, [...HTTP_DURATIONS, ...HTTP_COUNTS]);
  for (const field of HTTP_DURATIONS) {
    const value = given[field];
    if (value !== undefined) within(field, () => milliseconds(value));
  }
  for (const field of HTTP_COUNTS) within(field, () => wholeNumber(given[field], 0));
}

function within(field: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof InputProblem) throw new InputProblem(`${field} ${error.message}`);
    throw error;
  }
}
