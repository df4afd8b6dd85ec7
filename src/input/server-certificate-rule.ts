import { InputProblem } from '../support/problem';
import { parsePemBundle } from '../pki/pem-bundle';
import { BucketLookup } from './s3-options';
import type { S3ServerCertificate } from './s3-server-certificate';
import type { S3Settings } from './s3-settings';

/**
 * The given server certificate against the names that Thanos will verify and the CA that it will trust. Returns what is not
 * wrong but should be known.
 */
export function judgeServerCertificate(s3: S3Settings, given: S3ServerCertificate | undefined): string[] {
  if (given === undefined) return [];
  if (s3.insecure || s3.unsafeSkipVerify) {
    throw new InputProblem('has no effect without verification; drop insecure or unsafeSkipVerify');
  }
  const { host } = s3.server;
  const pem = s3.ca?.caSource.pem;
  // the CA's own rules are held against it where its Secret is made
  const roots = pem === undefined ? undefined : parsePemBundle(pem, { allowLeaf: true }).certificates;
  const virtual = s3.lookup === BucketLookup.VIRTUAL_HOSTED ? [`${s3.bucket}.${host}`] : [];
  const names = s3.serverName === undefined ? [host, ...virtual] : [s3.serverName];
  return given._check({ names, roots });
}
