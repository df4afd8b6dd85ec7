import { KubeSecret } from '../../support/k8s';
import type { Construct } from 'constructs';
import { place } from '../../app/place';
import type { MadeObject } from '../../app/registry';
import type { CredentialSource, S3PlainTextKeys } from '../../input/s3-credentials';
import { sharedObject } from '../../support/identity';
import { objectLabels } from '../../support/labels';
import { checked } from '../../support/problem';
import { deliver } from '../deliver';

/** Credentials whose Secret has a name. */
export type BoundSource = Exclude<CredentialSource, { kind: 'plain' } | { kind: 'delivered' }>;

/** Credentials that lie in an object, or need none. */
export interface BoundCredentials {
  readonly source: BoundSource;
  /** What is known of the content, for the checksum. */
  readonly content?: string;
  /** Set where an object of this library makes the Secret. */
  readonly made?: MadeObject;
}

const PLAIN_KEYS = {
  accessKey: 'AWS_ACCESS_KEY_ID',
  secretKey: 'AWS_SECRET_ACCESS_KEY',
  sessionToken: 'AWS_SESSION_TOKEN',
} as const;

/** Makes what the credentials need: the Secret of literal keys, or the object that makes the Secret. */
export function bindCredentials(
  scope: Construct,
  source: CredentialSource,
  instance: string,
  namespace: string,
): BoundCredentials {
  const name = sharedObject(instance, 'credentials').name;
  if (source.kind === 'plain') return placePlain(scope, source.keys, { name, instance, namespace });
  if (source.kind !== 'delivered') return { source };
  const { accessKeyKey, secretKeyKey, sessionTokenKey } = source;
  const keys = [accessKeyKey, secretKeyKey, ...(sessionTokenKey ? [sessionTokenKey] : [])];
  const { secretName, revision, object } = checked(scope, 'credentials', () =>
    deliver(scope, 'CredentialsDelivery', source.delivery, { name, instance, namespace, keys }),
  );
  const bound: BoundSource = { kind: 'secret', secretName, accessKeyKey, secretKeyKey, sessionTokenKey };
  return { source: bound, content: revision, made: { object, texts: {} } };
}

function placePlain(
  scope: Construct,
  keys: S3PlainTextKeys,
  { name, instance, namespace }: { name: string; instance: string; namespace: string },
): BoundCredentials {
  const fields = (['accessKey', 'secretKey', 'sessionToken'] as const).filter((field) => keys[field]);
  const texts = Object.fromEntries(fields.map((field) => [PLAIN_KEYS[field], keys[field]!]));
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const metadata = { name, namespace, labels: objectLabels(instance) };
  const object = place(scope, 'Credentials', KubeSecret.manifest({ metadata, type: 'Opaque', data }));
  const sessionTokenKey = keys.sessionToken ? PLAIN_KEYS.sessionToken : undefined;
  const source: BoundSource = {
    kind: 'secret',
    secretName: name,
    accessKeyKey: PLAIN_KEYS.accessKey,
    secretKeyKey: PLAIN_KEYS.secretKey,
    sessionTokenKey,
    plainText: true,
  };
  return { source, content: JSON.stringify(keys), made: { object, texts, harmless: [PLAIN_KEYS.accessKey] } };
}
