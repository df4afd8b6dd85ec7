import { InputProblem } from '../support/problem';
import { oneOf } from '../support/values';
import { type ObjstoreOptions, StsTrust } from './s3-options';

/** Credentials that are exchanged at an STS, or found by the AWS SDK, which may do so. */
function usesSts(s3: ObjstoreOptions): boolean {
  return ['service-account', 'web-identity', 'aws-sdk'].includes(s3.credentials._source().kind);
}

/** A URL, and only where an STS is asked. */
export function stsEndpoint(s3: ObjstoreOptions): void {
  const url = s3.stsEndpoint;
  if (url === undefined) return;
  if (!usesSts(s3))
    throw new InputProblem(
      'has no effect with these credentials. Use S3Credentials.fromWebIdentity, fromServiceAccountName or awsSdk, or drop it',
    );
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s@?#]*)?$/.test(url) || !URL.canParse(url)) {
    // not quoted: user information or a query may hold keys
    throw new InputProblem(`is not a plain URL. Write it with its scheme, such as "https://minio.example.com:9000"`);
  }
}

/** Said wherever a failed exchange would go unnoticed, and only there. */
export function stsTrust(s3: ObjstoreOptions): void {
  oneOf(s3.stsTrust, StsTrust);
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
