import { InputProblem } from '../support/problem';
import { parseEndpoint } from './endpoint';
import { parsePemBundle } from '../pki/pem-bundle';
import type { S3Ca } from './s3-ca';
import { BucketLookup, type ObjstoreOptions } from './s3-options';

/** The given server certificate against the names that Thanos will verify and the CA that it will trust. */
export function serverCertificate(s3: ObjstoreOptions): void {
  if (s3.serverCertificate === undefined) return;
  if (typeof s3.serverCertificate?._check !== 'function') {
    throw new InputProblem('is not a server certificate. Give S3ServerCertificate.fromFile("public.crt")');
  }
  if (s3.insecure || s3.unsafeSkipVerify) {
    throw new InputProblem('has no effect without verification; drop insecure or unsafeSkipVerify');
  }
  const { host } = parseEndpoint(s3.endpoint);
  const pem = s3.ca?.caSource.pem;
  const rules = { ...(s3.ca as S3Ca | undefined)?._rules, validAt: undefined, allowLeaf: true };
  const roots = pem === undefined ? undefined : parsePemBundle(pem, rules).certificates;
  const virtual = s3.lookup === BucketLookup.VIRTUAL_HOSTED ? [`${s3.bucket}.${host}`] : [];
  const names = s3.serverName === undefined ? [host, ...virtual] : [s3.serverName];
  s3.serverCertificate._check({ names, roots });
}
