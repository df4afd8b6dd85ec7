import { Construct } from 'constructs';
import { requireSameCluster, requireSameNamespace } from '../app/same-app';
import type { MadeObject } from '../app/registry';
import type { IS3Ca, S3Ca, S3CaSource } from '../input/s3-ca';
import { sharedObject } from '../support/identity';
import { checked } from '../support/problem';
import { deliver } from './deliver';
import { secretPart, configMapPart, type GrantPart } from './grant';
import type { StoreCa } from './object-store';
import * as at from './paths';
import { S3CaSecret } from './s3-ca-secret';

/** A CA that lies in an object. */
export interface BoundCa {
  readonly source: S3CaSource;
  /** Set where the object is this library's Secret. */
  readonly secret?: S3CaSecret;
  /** Set where another object of this library makes it. */
  readonly made?: MadeObject;
}

/** A CA that is only text so far gets its Secret, one that is delivered its SealedSecret or ExternalSecret. */
export function bindCa(scope: Construct, ca: IS3Ca, instance: string, namespace: string): BoundCa {
  if (Construct.isConstruct(ca)) checked(scope, 'ca', () => requireSameCluster(scope, ca));
  if (ca instanceof S3CaSecret) {
    checked(scope, 'ca', () => requireSameNamespace(namespace, ca));
    return { source: ca.caSource, secret: ca };
  }
  const source = checked(scope, 'ca', () => ca.caSource);
  if (source.secretName !== undefined || source.configMapName !== undefined) return { source };
  if (source.delivery === undefined) {
    const secret = new S3CaSecret(scope, 'Ca', { ca: ca as S3Ca, instance, namespace });
    return { source: secret.caSource, secret };
  }
  const where = { instance, namespace, name: sharedObject(instance, 'ca').name, keys: [source.key] };
  const { secretName, revision, object } = checked(scope, 'ca', () =>
    deliver(scope, 'CaDelivery', source.delivery!, where),
  );
  return { source: { ...source, secretName, revision: source.revision ?? revision }, made: { object, texts: {} } };
}

/** The CA as the rest knows it. */
export function storeCa({ source: { secretName, configMapName, pem, exclusive }, secret, made }: BoundCa): StoreCa {
  const object = secretName
    ? ({ kind: 'Secret', name: secretName } as const)
    : ({ kind: 'ConfigMap', name: configMapName! } as const);
  return { ...object, pem, exclusive, secret, made };
}

/** The CA as the pods mount it. */
export function caPart({ secretName, configMapName, key }: S3CaSource): GrantPart {
  if (secretName)
    return secretPart('ca', 's3-ca-cert', { name: secretName, keys: { [key]: at.CA_FILE } }, at.CA_DIRECTORY);
  return configMapPart('ca', 's3-ca-cert', { name: configMapName!, key, file: at.CA_FILE }, at.CA_DIRECTORY);
}
