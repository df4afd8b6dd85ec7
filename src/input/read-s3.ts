import { parseEndpoint } from './endpoint';
import type { S3Ca } from './s3-ca';
import type { ObjstoreOptions } from './s3-options';
import { S3_RULES } from './s3-rules';
import type { S3Settings, S3Warning } from './s3-settings';
import { judgeServerCertificate } from './server-certificate-rule';
import { withoutOuterSlashes } from '../support/url';

/** Runs what may complain about a prop, and says the place with it. */
export type AtProp = <T>(prop: keyof ObjstoreOptions, read: () => T) => T;

/**
 * Reads options whose fields were checked one by one (see S3_FIELDS), and judges them together.
 *
 * @throws where Thanos would fail at start, later, or silently
 */
export function readS3(options: ObjstoreOptions, at: AtProp): S3Settings {
  const { credentials, encryption, serverCertificate, ...asGiven } = options;
  const settings: S3Settings = {
    ...asGiven,
    server: parseEndpoint(options.endpoint),
    folder: withoutOuterSlashes(options.prefix ?? ''),
    credentials: at('credentials', () => credentials._source()),
    keysRevision: credentials.revision,
    encryption: at('encryption', () => encryption?._source()),
    warnings: [],
  };
  for (const { prop, check } of S3_RULES) at(prop, () => check(settings));
  const ofServer = at('serverCertificate', () => judgeServerCertificate(settings, serverCertificate));
  return { ...settings, warnings: warningsOf(settings, ofServer) };
}

function warningsOf(s3: S3Settings, ofServer: readonly string[]): S3Warning[] {
  const warnings: S3Warning[] = [];
  if (s3.unsafeSkipVerify)
    warnings.push({
      prop: 'unsafeSkipVerify',
      text: "the S3 server's certificate is not verified; anyone in the path can read and change the data",
    });
  const advice = (s3.ca as S3Ca | undefined)?._advice;
  if (advice) warnings.push({ prop: 'ca', text: advice });
  for (const text of ofServer) warnings.push({ prop: 'serverCertificate', text });
  if (s3.insecure) warnings.push({ prop: 'insecure', text: 'plain HTTP: keys and data cross the network readable' });
  if (s3.credentials.kind === 'plain')
    warnings.push({
      prop: 'credentials',
      text: 'the keys stand readable in the manifests; use S3Credentials.fromSecretName',
    });
  return warnings;
}
