import { StsTrust } from '../../input/s3-options';
import type { S3Settings } from '../../input/s3-settings';
import { secretVar, textVars } from '../../support/env-vars';
import type { EnvVar } from '../../support/k8s';
import * as at from '../paths';
import type { BoundSource } from './bind-credentials';

/** The environment variables that an S3 bucket's pods get. */
export function s3Env(s3: S3Settings, credentials: BoundSource): EnvVar[] {
  return [...keyEnv(credentials), ...webIdentityEnv(credentials, s3), ...trustEnv(credentials, s3)];
}

/** What minio's client and the AWS SDK find by themselves, as keys of the config. */
export function keyVariables(source: BoundSource): Record<string, string> | undefined {
  if (source.kind !== 'secret') return undefined;
  return {
    access_key: 'AWS_ACCESS_KEY_ID',
    secret_key: 'AWS_SECRET_ACCESS_KEY',
    ...(source.sessionTokenKey ? { session_token: 'AWS_SESSION_TOKEN' } : {}),
  };
}

function keyEnv(source: BoundSource): EnvVar[] {
  switch (source.kind) {
    case 'secret':
      return [
        secretVar('AWS_ACCESS_KEY_ID', source.secretName, source.accessKeyKey),
        secretVar('AWS_SECRET_ACCESS_KEY', source.secretName, source.secretKeyKey),
        ...(source.sessionTokenKey ? [secretVar('AWS_SESSION_TOKEN', source.secretName, source.sessionTokenKey)] : []),
        ...(source.claim ? claimEnv(source.claim) : []),
      ];
    case 'file':
      return textVars([
        ['AWS_SHARED_CREDENTIALS_FILE', `${at.CREDENTIALS_DIRECTORY}/${source.key}`],
        ['AWS_PROFILE', source.profile],
      ]);
    default:
      return [];
  }
}

/** What objstore.yml names as `$(BUCKET_…)`: the operator writes it into a ConfigMap of the claim's name. */
function claimEnv(name: string): EnvVar[] {
  return ['BUCKET_HOST', 'BUCKET_PORT', 'BUCKET_NAME'].map((key) => ({
    name: key,
    valueFrom: { configMapKeyRef: { name, key } },
  }));
}

function webIdentityEnv(source: BoundSource, { region }: S3Settings): EnvVar[] {
  if (source.kind !== 'web-identity') return [];
  return textVars([
    ['AWS_WEB_IDENTITY_TOKEN_FILE', `${at.TOKEN_DIRECTORY}/token`],
    ['AWS_ROLE_ARN', source.roleArn],
    ['AWS_ROLE_SESSION_NAME', source.roleSessionName],
    ['AWS_REGION', region],
  ]);
}

/** The AWS SDK reads its own variables; minio's client only Go's (objstore issue 111). */
function trustEnv(source: BoundSource, { stsTrust, stsEndpoint }: S3Settings): EnvVar[] {
  const sdk = source.kind === 'aws-sdk';
  return textVars([
    ['AWS_ENDPOINT_URL_STS', sdk ? stsEndpoint : undefined],
    [sdk ? 'AWS_CA_BUNDLE' : 'SSL_CERT_FILE', stsTrust === StsTrust.S3_CA ? at.CA_PATH : undefined],
  ]);
}
