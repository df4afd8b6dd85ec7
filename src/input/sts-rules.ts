import { InputProblem } from '../support/problem';
import { StsTrust } from './s3-options';
import type { S3Settings } from './s3-settings';

/** Credentials that are exchanged at an STS, or found by the AWS SDK, which may do so. */
function usesSts(s3: S3Settings): boolean {
  return ['service-account', 'web-identity', 'aws-sdk'].includes(s3.credentials.kind);
}

/** Only where an STS is asked. */
export function stsEndpoint(s3: S3Settings): void {
  if (s3.stsEndpoint !== undefined && !usesSts(s3))
    throw new InputProblem(
      'has no effect with these credentials. Use S3Credentials.fromWebIdentity, fromServiceAccountName or awsSdk, or drop it',
    );
}

/** Said wherever a failed exchange would go unnoticed, and only there. */
export function stsTrust(s3: S3Settings): void {
  if (!usesSts(s3)) {
    if (s3.stsTrust !== undefined)
      throw new InputProblem('has no effect with these credentials: no STS is asked. Drop it');
    return;
  }
  if (s3.stsTrust === StsTrust.S3_CA && s3.ca === undefined)
    throw new InputProblem('is S3_CA, but there is no ca. Give the CA, or drop stsTrust');
  const publicStore = s3.ca === undefined && !s3.unsafeSkipVerify;
  if (s3.stsTrust !== undefined || publicStore || s3.stsEndpoint?.startsWith('http://')) return;
  throw new InputProblem(
    `is missing. With ${s3.ca ? 'a private CA' : 'unsafeSkipVerify'}, say which roots the STS call trusts: StsTrust.${s3.ca ? 'S3_CA or StsTrust.' : ''}PUBLIC_ROOTS. ` +
      'It does not read ca_file, and when it fails Thanos goes on anonymously without an error',
  );
}
