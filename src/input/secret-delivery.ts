import { readFileSync } from 'node:fs';
import type { Duration } from 'cdk8s';
import { dataKey, dnsLabel, objectName } from '../support/names';
import { InputProblem, found } from '../support/problem';
import { unreadable } from '../support/unreadable';
import { durationOrZero, having, jsonObject, mapOf, oneOf, struct, text, yesOrNo } from '../support/rows';
import { readStruct, required, type Row, type StructTable } from '../support/table';
import { parseYaml } from '../support/parse-yaml';
import { goDuration } from '../support/units';

/** What a sealed value is bound to (sealed-secrets' scopes). */
export enum SealedScope {
  /** Name and namespace of the Secret. */
  STRICT = 'strict',
  /** Namespace of the Secret. */
  NAMESPACE_WIDE = 'namespace-wide',
  /** Nothing. */
  CLUSTER_WIDE = 'cluster-wide',
}

/** Ciphertext for a SealedSecret. */
export interface SealedOptions {
  /** Ciphertext of each key, base64, as `cdk8s-thanos seal` or kubeseal makes it. */
  readonly encryptedData: { [key: string]: string };
  /**
   * Scope that the values were sealed with.
   * @default SealedScope.STRICT
   */
  readonly scope?: SealedScope;
  /**
   * Name of the Secret that the values were sealed for.
   * @default - the name that the Secret gets in the stack
   */
  readonly name?: string;
  /**
   * Namespace that the values were sealed for; needed but for the cluster-wide scope.
   * @default - not known, which the strict and namespace-wide scopes refuse
   */
  readonly namespace?: string;
}

/** Where a value lies in a secret store. */
export interface RemoteKey {
  /** Name in the store. */
  readonly key: string;
  /**
   * Field of the stored value.
   * @default - the whole value
   */
  readonly property?: string;
  /**
   * Version of the stored value.
   * @default - the newest
   */
  readonly version?: string;
}

/** An ExternalSecret. */
export interface ExternalSecretOptions {
  /** Name of the SecretStore or ClusterSecretStore. */
  readonly store: string;
  /**
   * Whether the store is a SecretStore of the namespace.
   * @default - false: a ClusterSecretStore
   */
  readonly namespacedStore?: boolean;
  /** Where each key of the Secret comes from. */
  readonly data: { [key: string]: RemoteKey };
  /**
   * How often the store is read.
   * @default - the operator's own, 1 hour
   */
  readonly refreshInterval?: Duration;
  /**
   * Name of the Secret.
   * @default - the name that the Secret gets in the stack
   */
  readonly name?: string;
}

/** What a delivery is, for the code that makes its objects. */
export type DeliverySource =
  | { kind: 'sealed'; name?: string; namespace?: string; scope: SealedScope; encryptedData: Record<string, string> }
  | { kind: 'external'; name?: string; options: ExternalSecretOptions; refreshInterval?: string };

/**
 * How a Secret gets its content in the cluster without its plain text being in the manifests. One interface for the CA
 * and for the keys: `S3Ca.fromDelivery`, `S3Credentials.fromDelivery`.
 */
export class SecretDelivery {
  /** A SealedSecret of ciphertext that is given. */
  public static sealed(options: SealedOptions): SecretDelivery {
    return new SecretDelivery(() => sealedSource(options));
  }

  /**
   * A SealedSecret from the manifest that `cdk8s-thanos seal` or kubeseal wrote.
   * @param path path of the YAML or JSON file; build it from `__dirname` so that synth works from any folder
   */
  public static sealedManifest(path: string): SecretDelivery {
    return new SecretDelivery(() => sealedSource(readSealedSecret(path)));
  }

  /** An ExternalSecret: the external-secrets operator reads the values from a store. */
  public static externalSecret(options: ExternalSecretOptions): SecretDelivery {
    return new SecretDelivery(() => externalSource(options));
  }

  readonly #resolve: () => DeliverySource;

  private constructor(resolve: () => DeliverySource) {
    this.#resolve = resolve;
  }

  /**
   * The checked source.
   * @internal
   */
  public _source(): DeliverySource {
    return this.#resolve();
  }
}

const SEALED: StructTable<SealedOptions> = {
  encryptedData: required(jsonObject, 'Seal the values with "cdk8s-thanos seal"'),
  namespace: dnsLabel,
  scope: oneOf(SealedScope, 'SealedScope'),
  name: objectName,
};

/** How a delivery is read. */
export const DELIVERY: Row<SecretDelivery> = having<SecretDelivery>(
  { _source: 'function' },
  'a SecretDelivery. Give SecretDelivery.sealed, sealedManifest or externalSecret',
);

function sealedSource(options: SealedOptions): DeliverySource {
  const { encryptedData, scope = SealedScope.STRICT, name, namespace } = readStruct(SEALED, options);
  if (Object.keys(encryptedData).length === 0)
    throw new InputProblem('encryptedData is empty; seal the values with "cdk8s-thanos seal"');
  for (const [key, value] of Object.entries<string>(encryptedData)) {
    dataKey(key);
    requireCiphertext(key, value);
  }
  if (scope !== SealedScope.CLUSTER_WIDE) {
    if (namespace === undefined)
      throw new InputProblem(
        `namespace is missing: values of scope ${scope} open in the namespace that they were sealed for only. Say which`,
      );
  }
  return { kind: 'sealed', name, namespace, scope, encryptedData };
}

/** The shortest hybrid ciphertext: 2 bytes of length, a 256-byte RSA block, and the 16-byte tag of AES-GCM. */
const SHORTEST_CIPHERTEXT = 2 + 256 + 16;

function requireCiphertext(key: string, value: string): void {
  const compact = typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  if (!compact || Buffer.from(value, 'base64').length < SHORTEST_CIPHERTEXT) {
    throw new InputProblem(
      `encryptedData of ${found(key)} is not sealed: it is too short or not base64. Is it the plain value? Seal it with "cdk8s-thanos seal"`,
    );
  }
}

const REMOTE: StructTable<RemoteKey> = {
  key: required(text, 'Give the key in the store'),
  property: text,
  version: text,
};

const EXTERNAL: StructTable<ExternalSecretOptions> = {
  store: required(objectName, 'Give the name of the store'),
  namespacedStore: yesOrNo,
  data: required(mapOf(struct(REMOTE), dataKey), 'Say where each key of the Secret comes from'),
  refreshInterval: durationOrZero,
  name: objectName,
};

function externalSource(given: ExternalSecretOptions): DeliverySource {
  const options = readStruct(EXTERNAL, given);
  if (Object.keys(options.data).length === 0)
    throw new InputProblem('data is empty; say where each key of the Secret comes from');
  return {
    kind: 'external',
    name: options.name,
    options,
    refreshInterval: options.refreshInterval && goDuration(options.refreshInterval, true),
  };
}

const SCOPE_ANNOTATIONS = {
  'sealedsecrets.bitnami.com/cluster-wide': SealedScope.CLUSTER_WIDE,
  'sealedsecrets.bitnami.com/namespace-wide': SealedScope.NAMESPACE_WIDE,
};

function readSealedSecret(path: string): SealedOptions {
  const manifest = readManifest(path);
  if (manifest?.kind !== 'SealedSecret')
    throw new InputProblem(`the file ${found(path)} holds no SealedSecret but ${found(manifest?.kind)}`);
  const { name, namespace } = manifest.metadata ?? {};
  const annotations = manifest.metadata?.annotations ?? {};
  const scoped = Object.entries(SCOPE_ANNOTATIONS).find(([annotation]) => annotations[annotation] === 'true');
  return { name, namespace, scope: scoped?.[1] ?? SealedScope.STRICT, encryptedData: manifest.spec?.encryptedData };
}

function readManifest(path: string) {
  try {
    return parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputProblem(
      code && !code.startsWith('BAD')
        ? unreadable(path, error)
        : `the file ${found(path)} can't be read (not one YAML document)`,
    );
  }
}
