import type { EnvVar, Volume, VolumeMount } from 'cdk8s-plus-28/lib/imports/k8s';
import type { GrantFacts } from '../app/registry';
import type { S3CaSource } from '../input/s3-ca';
import type { CredentialSource } from '../input/s3-credentials';
import { type ObjstoreOptions, StsTrust } from '../input/s3-options';
import { argLiteral } from '../support/escape';
import * as at from './paths';

/** Everything that opening the bucket takes, as a pod takes it. */
export interface Grant {
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly env: EnvVar[];
  /** `--objstore.config-file=…`. */
  readonly flag: string;
  readonly checksum: string;
  readonly serviceAccountName?: string;
  readonly facts: GrantFacts;
}

/** A file or directory of the grant. */
interface Part {
  readonly volume: Volume;
  readonly mountPath: string;
}

/** The names of the objects that the parts lie in. */
export interface GrantSources {
  readonly configMapName: string;
  readonly ca?: S3CaSource;
  /** The Secret of literal keys. */
  readonly plainKeysSecretName: string;
}

/** Works out the Grant of a bucket. Pure: the same options give the same grant. */
export function grantOf(s3: ObjstoreOptions, sources: GrantSources, checksum: string): Grant {
  const source = s3.credentials._source();
  const parts = [
    configMapPart('objstore-config', sources.configMapName, at.CONFIG_FILE, at.CONFIG_DIRECTORY),
    ...(sources.ca ? [caPart(sources.ca)] : []),
    ...clientPart(s3),
    ...ssePart(s3),
    ...credentialParts(source),
  ];
  return {
    volumes: parts.map((p) => p.volume),
    mounts: parts.map((p) => ({ name: p.volume.name, mountPath: p.mountPath, readOnly: true })),
    env: [...keyEnv(source, sources.plainKeysSecretName), ...webIdentityEnv(source, s3), ...trustEnv(source, s3)],
    flag: `--objstore.config-file=${at.CONFIG_DIRECTORY}/${at.CONFIG_FILE}`,
    checksum,
    serviceAccountName: 'serviceAccountName' in source ? source.serviceAccountName : undefined,
    facts: facts(sources, source, parts),
  };
}

function facts(sources: GrantSources, source: CredentialSource, parts: Part[]): GrantFacts {
  const { ca } = sources;
  return {
    configPath: `${at.CONFIG_DIRECTORY}/${at.CONFIG_FILE}`,
    caPath: ca && `${at.CA_DIRECTORY}/${at.CA_FILE}`,
    caSource: ca && (ca.secretName ? `Secret/${ca.secretName}` : `ConfigMap/${ca.configMapName}`),
    keys: keysInWords(source, sources.plainKeysSecretName),
    mounts: parts.map((p) => ({ volume: p.volume.name, path: p.mountPath })),
  };
}

function keysInWords(source: CredentialSource, plainKeysSecretName: string): string {
  switch (source.kind) {
    case 'secret':
      return `env from Secret/${source.secretName}`;
    case 'file':
      return `file from Secret/${source.secretName}`;
    case 'plain':
      return `env from Secret/${plainKeysSecretName} (plain text)`;
    case 'service-account':
    case 'web-identity':
      return `${source.kind} ServiceAccount/${source.serviceAccountName}`;
    case 'aws-sdk':
      return 'AWS SDK chain';
    case 'anonymous':
      return 'anonymous';
  }
}

function configMapPart(volume: string, name: string, key: string, mountPath: string): Part {
  return {
    volume: { name: volume, configMap: { name, defaultMode: at.FILE_MODE, items: [{ key, path: key }] } },
    mountPath,
  };
}

/** Only the named keys: a Secret of a CA often holds its private key too. */
function secretPart(volume: string, secretName: string, keys: [key: string, path: string][], mountPath: string): Part {
  const items = keys.map(([key, path]) => ({ key, path }));
  return { volume: { name: volume, secret: { secretName, defaultMode: at.FILE_MODE, items } }, mountPath };
}

function caPart(ca: S3CaSource): Part {
  if (ca.secretName) return secretPart('s3-ca-cert', ca.secretName, [[ca.key, at.CA_FILE]], at.CA_DIRECTORY);
  const part = configMapPart('s3-ca-cert', ca.configMapName!, ca.key, at.CA_DIRECTORY);
  return {
    ...part,
    volume: { ...part.volume, configMap: { ...part.volume.configMap, items: [{ key: ca.key, path: at.CA_FILE }] } },
  };
}

function clientPart({ clientCertificate: c }: ObjstoreOptions): Part[] {
  if (!c) return [];
  const keys: [string, string][] = [
    [c.certificateKey, c.certificateKey],
    [c.privateKeyKey, c.privateKeyKey],
  ];
  return [secretPart('s3-client-tls', c.secretName, keys, at.CLIENT_DIRECTORY)];
}

function ssePart({ encryption }: ObjstoreOptions): Part[] {
  const sse = encryption?._source();
  return sse?.type === 'SSE-C' ? [secretPart('s3-sse', sse.secretName, [[sse.key, sse.key]], at.SSE_DIRECTORY)] : [];
}

function credentialParts(source: CredentialSource): Part[] {
  if (source.kind === 'file')
    return [secretPart('s3-credentials', source.secretName, [[source.key, source.key]], at.CREDENTIALS_DIRECTORY)];
  if (source.kind !== 'web-identity') return [];
  const serviceAccountToken = { audience: source.audience, expirationSeconds: source.expirySeconds, path: 'token' };
  return [
    {
      volume: { name: 's3-web-identity', projected: { defaultMode: at.FILE_MODE, sources: [{ serviceAccountToken }] } },
      mountPath: at.TOKEN_DIRECTORY,
    },
  ];
}

function keyEnv(source: CredentialSource, plainKeysSecretName: string): EnvVar[] {
  switch (source.kind) {
    case 'secret':
      return secretEnv(source.secretName, [
        ['AWS_ACCESS_KEY_ID', source.accessKeyKey],
        ['AWS_SECRET_ACCESS_KEY', source.secretKeyKey],
        ['AWS_SESSION_TOKEN', source.sessionTokenKey],
      ]);
    case 'plain':
      return secretEnv(plainKeysSecretName, [
        ['AWS_ACCESS_KEY_ID', 'AWS_ACCESS_KEY_ID'],
        ['AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY'],
        ['AWS_SESSION_TOKEN', source.keys.sessionToken && 'AWS_SESSION_TOKEN'],
      ]);
    case 'file':
      return textEnv([
        ['AWS_SHARED_CREDENTIALS_FILE', `${at.CREDENTIALS_DIRECTORY}/${source.key}`],
        ['AWS_PROFILE', source.profile],
      ]);
    default:
      return [];
  }
}

function webIdentityEnv(source: CredentialSource, s3: ObjstoreOptions): EnvVar[] {
  if (source.kind !== 'web-identity') return [];
  return textEnv([
    ['AWS_WEB_IDENTITY_TOKEN_FILE', `${at.TOKEN_DIRECTORY}/token`],
    ['AWS_ROLE_ARN', source.roleArn],
    ['AWS_ROLE_SESSION_NAME', source.roleSessionName],
    ['AWS_REGION', s3.region],
  ]);
}

/** The AWS SDK reads its own variables; minio's client only Go's (objstore issue 111). */
function trustEnv(source: CredentialSource, s3: ObjstoreOptions): EnvVar[] {
  const sdk = source.kind === 'aws-sdk';
  const ca = s3.stsTrust === StsTrust.S3_CA ? `${at.CA_DIRECTORY}/${at.CA_FILE}` : undefined;
  return textEnv([
    ['AWS_ENDPOINT_URL_STS', sdk ? s3.stsEndpoint : undefined],
    [sdk ? 'AWS_CA_BUNDLE' : 'SSL_CERT_FILE', ca],
  ]);
}

function secretEnv(name: string, keys: [env: string, key: string | undefined][]): EnvVar[] {
  return keys.flatMap(([env, key]) => (key ? [{ name: env, valueFrom: { secretKeyRef: { name, key } } }] : []));
}

function textEnv(values: [env: string, value: string | undefined][]): EnvVar[] {
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: argLiteral(value) }]));
}
