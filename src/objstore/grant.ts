import { type EnvVar, partJson, type Volume, type VolumeMount } from '../support/k8s';
import type { GrantFacts } from '../app/registry';
import type { S3CaSource } from '../input/s3-ca';
import { type ObjstoreOptions, StsTrust } from '../input/s3-options';
import { argLiteral } from '../support/escape';
import type { BoundSource } from './bind-credentials';
import * as at from './paths';
import { reloaderAnnotations } from './reloader';

/** Everything that opening the bucket takes, as a pod takes it. */
export interface Grant {
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly env: EnvVar[];
  /** `--objstore.config-file=…`. */
  readonly flag: string;
  readonly checksum: string;
  readonly serviceAccountName?: string;
  /** Annotations of the workload, for a reloader controller. */
  readonly workloadAnnotations?: Record<string, string>;
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
  readonly credentials: BoundSource;
}

/** Works out the Grant of a bucket. Pure: the same options give the same grant. */
export function grantOf(s3: ObjstoreOptions, sources: GrantSources, checksum: string): Grant {
  const source = sources.credentials;
  const parts = [
    configMapPart('objstore-config', sources.configMapName, at.CONFIG_FILE, at.CONFIG_DIRECTORY),
    ...(sources.ca ? [caPart(sources.ca)] : []),
    ...clientPart(s3),
    ...ssePart(s3),
    ...credentialParts(source),
  ];
  const env = [...keyEnv(source), ...webIdentityEnv(source, s3), ...trustEnv(source, s3)];
  return {
    volumes: parts.map((p) => p.volume),
    mounts: parts.map((p) => ({ name: p.volume.name, mountPath: p.mountPath, readOnly: true })),
    env,
    flag: `--objstore.config-file=${at.CONFIG_DIRECTORY}/${at.CONFIG_FILE}`,
    checksum,
    serviceAccountName: 'serviceAccountName' in source ? source.serviceAccountName : undefined,
    workloadAnnotations: reloaderAnnotations(s3, source, sources.ca),
    facts: facts(sources, parts, env, checksum),
  };
}

function facts(sources: GrantSources, parts: Part[], env: EnvVar[], checksum: string): GrantFacts {
  const { ca } = sources;
  return {
    configPath: `${at.CONFIG_DIRECTORY}/${at.CONFIG_FILE}`,
    caPath: ca && `${at.CA_DIRECTORY}/${at.CA_FILE}`,
    caSource: ca && (ca.secretName ? `Secret/${ca.secretName}` : `ConfigMap/${ca.configMapName}`),
    keys: keysInWords(sources.credentials),
    mounts: parts.map((p) => ({ volume: partJson(p.volume), path: p.mountPath })),
    env: env.map(partJson),
    checksum,
  };
}

function keysInWords(source: BoundSource): string {
  switch (source.kind) {
    case 'secret':
      return `env from Secret/${source.secretName}${source.plainText ? ' (plain text)' : ''}`;
    case 'file':
      return `file from Secret/${source.secretName}`;
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

function credentialParts(source: BoundSource): Part[] {
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

function keyEnv(source: BoundSource): EnvVar[] {
  switch (source.kind) {
    case 'secret':
      return [
        ...secretEnv(source.secretName, [
          ['AWS_ACCESS_KEY_ID', source.accessKeyKey],
          ['AWS_SECRET_ACCESS_KEY', source.secretKeyKey],
          ['AWS_SESSION_TOKEN', source.sessionTokenKey],
        ]),
        ...(source.claim ? claimEnv(source.claim) : []),
      ];
    case 'file':
      return textEnv([
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

function webIdentityEnv(source: BoundSource, s3: ObjstoreOptions): EnvVar[] {
  if (source.kind !== 'web-identity') return [];
  return textEnv([
    ['AWS_WEB_IDENTITY_TOKEN_FILE', `${at.TOKEN_DIRECTORY}/token`],
    ['AWS_ROLE_ARN', source.roleArn],
    ['AWS_ROLE_SESSION_NAME', source.roleSessionName],
    ['AWS_REGION', s3.region],
  ]);
}

/** The AWS SDK reads its own variables; minio's client only Go's (objstore issue 111). */
function trustEnv(source: BoundSource, s3: ObjstoreOptions): EnvVar[] {
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
