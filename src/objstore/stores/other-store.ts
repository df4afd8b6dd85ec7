import type { Construct } from 'constructs';
import type { IS3Ca, S3Ca } from '../../input/s3-ca';
import { S3_KEYS, writeKeys } from '../../input/s3-keys';
import type { S3Settings } from '../../input/s3-settings';
import type { HttpStoreOptions, StoreOptions } from '../../input/stores/common';
import type { SecretValue } from '../../input/stores/secret-value';
import type { FromSecret, SecretFiles, StoreKind } from '../../input/stores/store-kind';
import { secretToken } from '../../support/env-token';
import { secretVar, textVars } from '../../support/env-vars';
import type { EnvVar } from '../../support/k8s';
import { checked } from '../../support/problem';
import { knownFields } from '../../support/shape';
import { readOwn } from '../../support/table';
import { withoutOuterSlashes } from '../../support/url';
import { bindCa, caPart, storeCa } from '../bind-ca';
import { type GrantPart, secretPart } from '../grant';
import type { ObjectStore } from '../object-store';
import * as at from '../paths';

const HTTP = { http_config: S3_KEYS.http_config };

type Options = StoreOptions & HttpStoreOptions & { readonly serviceAccountName?: string };

/** The driver of every object store but S3: reads the options by the table of their kind. */
export function otherStore(
  scope: Construct,
  kind: StoreKind<any>,
  given: object,
  instance: string,
  namespace: string,
): ObjectStore {
  checked(scope, 'objectStorage', () => knownFields(given, Object.keys(kind.fields)));
  const options: Options = readOwn(scope, kind.fields, given);
  checked(scope, 'objectStorage', () => kind.judge?.(options));
  const bound = options.ca && bindCa(scope, options.ca, instance, namespace);
  const secrets = new Map<string, SecretValue>();
  const secret: FromSecret = (key, value) => value && noted(secrets, `OBJSTORE_${key.toUpperCase()}`, value);
  const written = (oneTry: boolean): Record<string, unknown> => ({
    ...kind.config(options, secret, oneTry),
    ...writeKeys(HTTP, options as S3Settings, at.STORE_FILES),
  });
  written(false);
  const files = kind.files?.(options);
  const names = new Set([...secrets.values(), ...(files ? [files] : [])].map(({ secretName }) => secretName));
  const keys = names.size > 0 ? `${files ? 'file' : 'env'} from ${named(names)}` : kind.keys(options);
  return {
    document: { type: kind.type, config: written, prefix: options.prefix },
    folder: withoutOuterSlashes(options.prefix ?? ''),
    bucketId: kind.bucketId(options, namespace),
    parts: [
      ...(bound ? [caPart(bound.source)] : []),
      ...(files ? [filesPart(files)] : []),
      ...volumePart(kind, options),
    ],
    env: [
      ...fromSecrets(secrets),
      ...(files ? fileVariables(files) : []),
      ...textVars(Object.entries(kind.env?.(options) ?? {})),
    ],
    // the config names the variables of its secrets itself
    keyVariables: {},
    serviceAccountName: options.serviceAccountName,
    keys,
    keysSecrets: [...names].map((name) => ({ name })),
    ca: bound && storeCa(bound),
    content: { ca: bound?.source.pem, caRevision: bound?.source.revision, keysRevision: options.keysRevision },
    warnings: [...(kind.warnings?.(options) ?? []), ...warningsOf(options.ca, options.unsafeSkipVerify)],
  };
}

function noted(secrets: Map<string, SecretValue>, name: string, value: SecretValue): string {
  secrets.set(name, value);
  return secretToken(name);
}

function named(secrets: ReadonlySet<string>): string {
  return [...secrets].map((name) => `Secret/${name}`).join(', ');
}

/** Variables from Secrets. */
export function fromSecrets(secrets: Iterable<readonly [string, SecretValue]>): EnvVar[] {
  return [...secrets].map(([name, { secretName, key }]) => secretVar(name, secretName, key));
}

function filesPart({ secretName, keys }: SecretFiles): GrantPart {
  const items = Object.fromEntries(keys.map((key) => [key, key]));
  return secretPart('keys', 'objstore-credentials', { name: secretName, keys: items }, at.STORE_CREDENTIALS_DIRECTORY);
}

/** The variables that name a file. */
function fileVariables({ variables }: SecretFiles): EnvVar[] {
  return textVars(Object.entries(variables).map(([name, key]) => [name, `${at.STORE_CREDENTIALS_DIRECTORY}/${key}`]));
}

function volumePart(kind: StoreKind<any>, options: Options): GrantPart[] {
  const volume = kind.volume?.(options);
  if (!volume) return [];
  const { claimName, mountPath } = volume;
  const source = { name: 'objstore-volume', persistentVolumeClaim: { claimName } };
  return [{ role: 'blocks', volume: source, mountPath, writable: true }];
}

/** What should be known of a CA and of its absence. */
export function warningsOf(ca?: IS3Ca, unsafeSkipVerify?: boolean): { prop: string; text: string }[] {
  const advice = (ca as S3Ca | undefined)?._advice;
  return [
    ...(advice ? [{ prop: 'ca', text: advice }] : []),
    ...(unsafeSkipVerify
      ? [
          {
            prop: 'unsafeSkipVerify',
            text: "the server's certificate is not verified; anyone in the path can read and change the data",
          },
        ]
      : []),
  ];
}
