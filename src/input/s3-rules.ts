import { isEnvToken } from '../support/env-token';
import { InputProblem, found, foundName } from '../support/problem';
import { BucketLookup, type ObjstoreOptions } from './s3-options';
import type { S3Settings } from './s3-settings';
import { stsEndpoint, stsTrust } from './sts-rules';

/** A rule between several options, said at one of them: throws an InputProblem where Thanos would fail at start, later, or silently. */
export interface S3Rule {
  readonly prop: keyof ObjstoreOptions;
  readonly check: (s3: S3Settings) => void;
}

/** Every rule between S3 options, in reading order. What one alone may hold stands in s3-fields.ts. */
export const S3_RULES: readonly S3Rule[] = [
  { prop: 'bucket', check: bucket },
  { prop: 'insecure', check: insecure },
  { prop: 'unsafeSkipVerify', check: skipVerify },
  { prop: 'ca', check: ca },
  { prop: 'serverName', check: serverName },
  { prop: 'lookup', check: lookup },
  { prop: 'encryption', check: encryption },
  { prop: 'partSize', check: partSize },
  { prop: 'stsTrust', check: stsTrust },
  { prop: 'stsEndpoint', check: stsEndpoint },
];

function bucket(s3: S3Settings): void {
  if (isEnvToken(s3.bucket) || isEnvToken(s3.endpoint)) return wholeClaim(s3);
  const { bucket: name, lookup: style, insecure: plain } = s3;
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
function wholeClaim({ bucket: name, endpoint, credentials: source }: S3Settings): void {
  const claimed = source.kind === 'secret' && source.claim !== undefined;
  if (claimed && isEnvToken(name) && isEnvToken(endpoint)) return;
  throw new InputProblem(
    "is an S3BucketClaim's, but not all of bucket, endpoint and credentials are. Give all three of the claim",
  );
}

function insecure(s3: S3Settings): void {
  if (!s3.insecure) return;
  const tls = (['ca', 'serverName', 'clientCertificate', 'unsafeSkipVerify'] as const).find((prop) => s3[prop]);
  if (tls)
    throw new InputProblem(
      `is true together with ${tls}: Thanos would speak plain HTTP and not use it. Drop one of the two`,
    );
}

/** A CA where the keys lie: Thanos would start without one, and the pods would mount a key as a file. */
function ca({ ca: given, credentials }: S3Settings): void {
  if (given?.caSource.secretName === undefined || !('secretName' in credentials)) return;
  const { secretName, key } = given.caSource;
  const keys =
    credentials.kind === 'file'
      ? [credentials.key]
      : [credentials.accessKeyKey, credentials.secretKeyKey, credentials.sessionTokenKey];
  if (secretName === credentials.secretName && keys.includes(key))
    throw new InputProblem(`key ${foundName(key)} of Secret ${secretName} holds the keys. Give the key of the CA`);
}

function skipVerify(s3: S3Settings): void {
  if (s3.unsafeSkipVerify && s3.ca)
    throw new InputProblem('is true together with ca, which it cancels. Drop it: the CA makes verification work');
  if (s3.unsafeSkipVerify && s3.serverName)
    throw new InputProblem('is true together with serverName, whose check it cancels. Drop one of the two');
}

function serverName({ server: { host, isIp }, serverName: name, ...s3 }: S3Settings): void {
  if (name !== undefined || !isIp || s3.insecure || s3.unsafeSkipVerify) return;
  throw new InputProblem(
    `is missing, and the endpoint is the IP address ${host}. Give a DNS name that the server's certificate carries, or ` +
      `${found(host)} itself when the certificate has that IP SAN`,
  );
}

function lookup(s3: S3Settings): void {
  if (s3.lookup === BucketLookup.VIRTUAL_HOSTED && s3.server.isIp) {
    throw new InputProblem(
      'is virtual-hosted, but the endpoint is an IP address, which has no subdomains. Use BucketLookup.PATH',
    );
  }
}

function encryption(s3: S3Settings): void {
  if (s3.encryption?.type === 'SSE-C' && s3.insecure)
    throw new InputProblem("is SSE-C with insecure: the client refuses to send the customer's key over plain HTTP");
}

function partSize(s3: S3Settings): void {
  if (s3.partSize !== undefined && s3.multipart === false)
    throw new InputProblem('has no effect with multipart false; drop one of the two');
}
