import type { Construct } from 'constructs';
import { canonicalEndpoint } from '../../input/endpoint';
import { readS3 } from '../../input/read-s3';
import { S3_KEYS, writeKeys } from '../../input/s3-keys';
import type { ObjstoreOptions } from '../../input/s3-options';
import type { S3Settings } from '../../input/s3-settings';
import { checked } from '../../support/problem';
import type { ObjectStore } from '../object-store';
import * as at from '../paths';
import { bindCa, storeCa } from '../bind-ca';
import { bindCredentials, type BoundSource } from './bind-credentials';
import { keyVariables, s3Env } from './env';
import { s3Parts } from './parts';
import { reloaderAnnotations } from './reloader';

/** The driver of S3: reads the options, and makes the objects that the CA and the keys need. */
export function s3Store(scope: Construct, options: ObjstoreOptions, instance: string, namespace: string): ObjectStore {
  const s3 = readS3(options, (prop, read) => checked(scope, prop, read));
  const bound = s3.ca && bindCa(scope, s3.ca, instance, namespace);
  const { source, content: keys, made } = bindCredentials(scope, s3.credentials, instance, namespace);
  const ca = bound?.source;
  return {
    document: {
      type: 'S3',
      config: (oneTry) => writeKeys(S3_KEYS, oneTry ? { ...s3, maxRetries: 1 } : s3, at.STORE_FILES) ?? {},
      prefix: s3.prefix,
    },
    folder: s3.folder,
    bucketId: bucketId(s3, source, namespace),
    parts: s3Parts(s3, ca, source),
    env: s3Env(s3, source),
    keyVariables: keyVariables(source),
    serviceAccountName: 'serviceAccountName' in source ? source.serviceAccountName : undefined,
    workloadAnnotations: checked(scope, 'reloader', () => reloaderAnnotations(s3, source, ca)),
    keys: keysInWords(source),
    keysSecrets: 'secretName' in source ? [{ name: source.secretName, made }] : [],
    ca: bound && storeCa(bound),
    content: { ca: ca?.pem, caRevision: ca?.revision, keysRevision: s3.keysRevision, keys },
    warnings: s3.warnings,
  };
}

function bucketId(s3: S3Settings, keys: BoundSource, namespace: string): string {
  if (keys.kind === 'secret' && keys.claim !== undefined) return `claim:${keys.claim}.${namespace}`;
  return `${canonicalEndpoint(s3.endpoint, s3.insecure ?? false, namespace)}/${s3.bucket}`;
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
