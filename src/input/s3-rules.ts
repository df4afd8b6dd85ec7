import { isIP } from 'node:net';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { bytes, milliseconds } from '../support/units';
import { parseEndpoint } from './endpoint';
import { BucketLookup, ListObjectsVersion, type ObjstoreOptions, type S3HttpOptions, StsTrust } from './s3-options';

/** A rule about one prop: throws an InputProblem where Thanos would fail at start, later, or silently. */
export interface S3Rule {
  readonly prop: keyof ObjstoreOptions;
  readonly check: (s3: ObjstoreOptions) => void;
}

const MIB = 1024 * 1024;
const SMALLEST_PART = 5 * MIB;
const LARGEST_PART = 5 * 1024 * MIB;
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;
const HTTP_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
 
const CONTROL = /[\u0000-\u001f\u007f]/;
const HTTP_DURATIONS = [
  'idleConnTimeout',
  'responseHeaderTimeout',
  'tlsHandshakeTimeout',
  'expectContinueTimeout',
] as const;
const HTTP_COUNTS = ['maxIdleConns', 'maxIdleConnsPerHost', 'maxConnsPerHost'] as const;

/** Every field of ObjstoreOptions. */
export const OBJSTORE_FIELDS: readonly (keyof ObjstoreOptions)[] = [
  ...(['bucket', 'endpoint', 'credentials', 'ca', 'serverName', 'region', 'prefix', 'lookup', 'insecure'] as const),
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
  { prop: 'insecure', check: insecure },
  { prop: 'unsafeSkipVerify', check: skipVerify },
  { prop: 'ca', check: ca },
  { prop: 'serverName', check: serverName },
  { prop: 'region', check: (s3) => plainText(s3.region) },
  { prop: 'prefix', check: prefix },
  { prop: 'lookup', check: lookup },
  { prop: 'listObjectsVersion', check: (s3) => oneOf(s3.listObjectsVersion, ListObjectsVersion) },
  { prop: 'clientCertificate', check: (s3) => s3.clientCertificate?._check() },
  { prop: 'encryption', check: encryption },
  { prop: 'partSize', check: partSize },
  { prop: 'maxRetries', check: (s3) => wholeNumber(s3.maxRetries, 1) },
  { prop: 'userMetadata', check: userMetadata },
  { prop: 'http', check: (s3) => s3.http && http(s3.http) },
  { prop: 'stsTrust', check: stsTrust },
  { prop: 'stsEndpoint', check: stsEndpoint },
];

function bucket({ bucket: name, lookup: style, insecure: plain }: ObjstoreOptions): void {
  if (typeof name !== 'string' || name === '') throw new InputProblem('is empty. Give the name of the bucket');
  if (name.length < 3 || name.length > 63)
    throw new InputProblem(`${found(name)} has ${name.length} characters; a bucket name has 3 to 63`);
  if (!BUCKET.test(name) || name.includes('..') || isIP(name) !== 0) {
    throw new InputProblem(
      `${found(name)} is not a bucket name: letters, digits, ".", "-" and "_", starting and ending with a letter or digit, no IP address`,
    );
  }
  if (
    style === BucketLookup.VIRTUAL_HOSTED &&
    ((name.includes('.') && !plain) || name !== name.toLowerCase() || name.includes('_'))
  ) {
    throw new InputProblem(
      `${found(name)} with lookup virtual-hosted makes a host name that no wildcard certificate covers. Use BucketLookup.PATH`,
    );
  }
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

function ca({ ca: given }: ObjstoreOptions): void {
  if (given === undefined) return;
  const reference = given as { _checkReference?: () => void };
  if (typeof given !== 'object' || given === null || !('caSource' in given))
    throw new InputProblem('is no CA. Give S3Ca.fromFile("ca.crt") or another S3Ca');
  reference._checkReference?.();
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
  const parsed =
    name === '' || (/[\s:/@?#]/.test(name) && isIP(name) !== 6)
      ? undefined
      : parseEndpoint(isIP(name) === 6 ? `[${name}]` : name);
  if (!parsed)
    throw new InputProblem(`${found(name)} is not a DNS name or IP address; give one without scheme and port`);
}

function plainText(value: string | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value === '' || /\s/.test(value) || CONTROL.test(value)) {
    throw new InputProblem(`${found(value)} is empty or has blanks`);
  }
}

function prefix({ prefix: given }: ObjstoreOptions): void {
  if (given === undefined) return;
  if (typeof given !== 'string' || given.replaceAll('/', '') === '')
    throw new InputProblem(`${found(given)} names no folder; leave it out for the bucket's root`);
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
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (!HTTP_TOKEN.test(name))
      throw new InputProblem(`name ${found(name)} can't be an HTTP header (RFC 9110 5.1), and uploads would fail`);
    if (typeof value !== 'string' || CONTROL.test(value))
      throw new InputProblem(`value of ${found(name)} can't be an HTTP header: it has control characters`);
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

/** Credentials that are exchanged at an STS, or found by the AWS SDK, which may do so. */
function usesSts(s3: ObjstoreOptions): boolean {
  return ['service-account', 'web-identity', 'aws-sdk'].includes(s3.credentials._source().kind);
}

function stsEndpoint(s3: ObjstoreOptions): void {
  const url = s3.stsEndpoint;
  if (url === undefined) return;
  if (!usesSts(s3))
    throw new InputProblem(
      'has no effect with these credentials. Use S3Credentials.fromWebIdentity, fromServiceAccountName or awsSdk, or drop it',
    );
  if (!/^https?:\/\/[^\s/?#@]+(\/\S*)?$/.test(url) || !URL.canParse(url)) {
    throw new InputProblem(
      `${found(url)} is not a URL. Write it with its scheme, such as "https://minio.example.com:9000"`,
    );
  }
}

function stsTrust(s3: ObjstoreOptions): void {
  oneOf(s3.stsTrust, StsTrust);
  if (!usesSts(s3)) {
    if (s3.stsTrust !== undefined)
      throw new InputProblem('has no effect with these credentials: no STS is asked. Drop it');
    return;
  }
  if (s3.stsTrust === StsTrust.S3_CA && s3.ca === undefined)
    throw new InputProblem('is S3_CA, but there is no ca. Give the CA, or drop stsTrust');
  if (s3.stsTrust !== undefined || s3.ca === undefined || s3.stsEndpoint?.startsWith('http://')) return;
  throw new InputProblem(
    'is missing. With a private CA, say which roots the STS call trusts: StsTrust.S3_CA or StsTrust.PUBLIC_ROOTS. ' +
      'It does not read ca_file, and when it fails Thanos goes on anonymously without an error',
  );
}

function oneOf(value: string | undefined, values: Record<string, string>): void {
  if (value === undefined || Object.values(values).includes(value)) return;
  throw new InputProblem(`${found(value)} is not one of ${Object.values(values).join(', ')}`);
}

function wholeNumber(value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new InputProblem(`is ${found(value)}; it must be a whole number of at least ${least}`);
}
