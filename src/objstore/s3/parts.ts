import type { S3CaSource } from '../../input/s3-ca';
import type { S3Settings } from '../../input/s3-settings';
import { caPart } from '../bind-ca';
import { type GrantPart, secretPart } from '../grant';
import * as at from '../paths';
import type { BoundSource } from './bind-credentials';

/** What an S3 bucket's pods mount beside objstore.yml. */
export function s3Parts(s3: S3Settings, ca: S3CaSource | undefined, credentials: BoundSource): GrantPart[] {
  return [...(ca ? [caPart(ca)] : []), ...clientPart(s3), ...ssePart(s3), ...credentialPart(credentials)];
}

function clientPart({ clientCertificate: c }: S3Settings): GrantPart[] {
  if (!c) return [];
  const keys = { [c.certificateKey]: c.certificateKey, [c.privateKeyKey]: c.privateKeyKey };
  return [secretPart('client-certificate', 's3-client-tls', { name: c.secretName, keys }, at.CLIENT_DIRECTORY)];
}

function ssePart({ encryption: sse }: S3Settings): GrantPart[] {
  if (sse?.type !== 'SSE-C') return [];
  return [secretPart('sse-key', 's3-sse', { name: sse.secretName, keys: { [sse.key]: sse.key } }, at.SSE_DIRECTORY)];
}

function credentialPart(source: BoundSource): GrantPart[] {
  if (source.kind === 'file') {
    const secret = { name: source.secretName, keys: { [source.key]: source.key } };
    return [secretPart('keys', 's3-credentials', secret, at.CREDENTIALS_DIRECTORY)];
  }
  if (source.kind !== 'web-identity') return [];
  const serviceAccountToken = { audience: source.audience, expirationSeconds: source.expirySeconds, path: 'token' };
  const projected = { defaultMode: at.FILE_MODE, sources: [{ serviceAccountToken }] };
  return [{ role: 'token', volume: { name: 's3-web-identity', projected }, mountPath: at.TOKEN_DIRECTORY }];
}
