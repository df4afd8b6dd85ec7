import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { SealedSecret } from '../../imports/bitnami.com';
import { ExternalSecret } from '../../imports/external-secrets.io';
import { place } from '../app/place';
import type { Json } from '../support/json';
import { type DeliverySource, SealedScope, type SecretDelivery } from '../input/secret-delivery';
import { checksum } from '../support/checksum';
import { objectLabels } from '../support/labels';
import { InputProblem, found } from '../support/problem';

/** Where a delivered Secret appears. */
export interface DeliveryPlace {
  readonly instance: string;
  readonly namespace: string;
  /** Name of the Secret, unless the delivery names another. */
  readonly name: string;
  /** Keys that the pods will read. */
  readonly keys: readonly string[];
}

/** A Secret that something in the cluster fills. */
export interface DeliveredSecret {
  readonly secretName: string;
  /** Changes with the content, where synth can see that. */
  readonly revision?: string;
  readonly object: ApiObject;
}

/** Makes the object that makes the Secret, after checking that the Secret will have the right name and keys. */
export function deliver(scope: Construct, id: string, delivery: SecretDelivery, where: DeliveryPlace): DeliveredSecret {
  const source = delivery._source();
  const secretName = source.name ?? where.name;
  requireKeys(source, where.keys);
  if (source.kind === 'sealed') return sealed(scope, id, source, where, secretName);
  return external(scope, id, source, where, secretName);
}

function requireKeys(source: DeliverySource, keys: readonly string[]): void {
  const given = Object.keys(source.kind === 'sealed' ? source.encryptedData : source.options.data);
  const missing = keys.filter((key) => !given.includes(key));
  if (missing.length > 0)
    throw new InputProblem(
      `delivers ${given.map(found).join(', ')}, but the pods read ${missing.map(found).join(', ')} too; the Secret would lack it`,
    );
}

type Sealed = Extract<DeliverySource, { kind: 'sealed' }>;
type External = Extract<DeliverySource, { kind: 'external' }>;

function sealed(
  scope: Construct,
  id: string,
  source: Sealed,
  where: DeliveryPlace,
  secretName: string,
): DeliveredSecret {
  if (
    source.namespace !== undefined &&
    source.scope !== SealedScope.CLUSTER_WIDE &&
    source.namespace !== where.namespace
  ) {
    throw new InputProblem(
      `was sealed for namespace ${source.namespace}, but is rendered into ${where.namespace}, where the controller can't open it. Seal it again`,
    );
  }
  const labels = objectLabels(where.instance);
  const annotations =
    source.scope === SealedScope.STRICT ? undefined : { [`sealedsecrets.bitnami.com/${source.scope}`]: 'true' };
  const metadata = { name: secretName, namespace: where.namespace, labels, annotations };
  const template = { type: 'Opaque', metadata };
  const object = place(
    scope,
    id,
    SealedSecret.manifest({ metadata, spec: { encryptedData: source.encryptedData, template } }),
  );
  keepProto(object, source.encryptedData);
  return { secretName, object, revision: checksum(source.encryptedData) };
}

/** A value of this key is lost where cdk8s copies maps; the controller would make a Secret without it. */
const PROTO = '__proto__';

function keepProto(object: ApiObject, encryptedData: Record<string, string>): void {
  if (!Object.hasOwn(encryptedData, PROTO)) return;
  const { toJson } = object;
  object.toJson = () => {
    const json: Json = toJson.call(object);
    const shown = { value: encryptedData[PROTO], enumerable: true, configurable: true, writable: true };
    if (json.spec?.encryptedData) Object.defineProperty(json.spec.encryptedData, PROTO, shown);
    return json;
  };
}

function external(
  scope: Construct,
  id: string,
  source: External,
  where: DeliveryPlace,
  secretName: string,
): DeliveredSecret {
  const { store, namespacedStore, data } = source.options;
  const labels = objectLabels(where.instance);
  const manifest = ExternalSecret.manifest({
    metadata: { name: secretName, namespace: where.namespace, labels },
    spec: {
      refreshInterval: source.refreshInterval,
      secretStoreRef: { name: store, kind: namespacedStore ? 'SecretStore' : 'ClusterSecretStore' },
      target: { name: secretName, template: { type: 'Opaque', metadata: { labels } } },
      data: Object.entries(data).map(([secretKey, { key, property, version }]) => ({
        secretKey,
        remoteRef: { key, property, version },
      })),
    },
  });
  return { secretName, object: place(scope, id, manifest) };
}
