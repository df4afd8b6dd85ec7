import type { Duration } from 'cdk8s';
import { dataKey, isDataKey, objectName } from '../support/names';
import { InputProblem } from '../support/problem';
import { text } from '../support/rows';
import { readStruct, required, type StructTable } from '../support/table';
import { hasControl } from '../support/values';
import { seconds } from '../support/units';
import { DELIVERY, type SecretDelivery } from './secret-delivery';

/** Which keys of an existing Secret hold the access key and its secret. */
export interface S3SecretOptions {
  /**
   * Key of the access key id.
   * @default AWS_ACCESS_KEY_ID
   */
  readonly accessKeyKey?: string;
  /**
   * Key of the secret access key.
   * @default AWS_SECRET_ACCESS_KEY
   */
  readonly secretKeyKey?: string;
  /**
   * Key of the session token, for temporary credentials.
   * @default - no session token
   */
  readonly sessionTokenKey?: string;
  /**
   * Any text that changes with the keys; a change rolls the pods that use them.
   * @default - changed keys are used after the next restart
   */
  readonly revision?: string;
}

/** An AWS shared-credentials file in an existing Secret. */
export interface S3CredentialsFileOptions {
  /**
   * Key of the Secret that holds the file.
   * @default credentials
   */
  readonly key?: string;
  /**
   * Profile of the file to use (AWS_PROFILE).
   * @default - the file's default profile
   */
  readonly profile?: string;
  /**
   * Any text that changes with the file; a change rolls the pods that use it.
   * @default - a changed file is used after the next restart
   */
  readonly revision?: string;
}

/** A projected service account token that is exchanged for keys at an STS (AWS_WEB_IDENTITY_TOKEN_FILE). */
export interface S3WebIdentityOptions {
  /** ServiceAccount of the pods; the token is issued for it. It must exist. */
  readonly serviceAccountName: string;
  /**
   * Role to assume. MinIO's STS needs none when its policy is a claim of the token.
   * @default - no role
   */
  readonly roleArn?: string;
  /**
   * Session name, as it appears in the store's audit log.
   * @default - the client makes one up
   */
  readonly roleSessionName?: string;
  /**
   * Audience of the token.
   * @default sts.amazonaws.com
   */
  readonly audience?: string;
  /**
   * Lifetime of the token, 10 minutes at least (Kubernetes' rule). The kubelet renews it.
   * @default Duration.hours(1)
   */
  readonly expiry?: Duration;
}

/** The AWS SDK's own chain of credential sources (objstore `aws_sdk_auth`). */
export interface S3AwsSdkOptions {
  /**
   * ServiceAccount of the pods, where a webhook injects the identity (EKS).
   * @default - the namespace's default service account
   */
  readonly serviceAccountName?: string;
}

/** Keys as text. They end up readable in the manifests. */
export interface S3PlainTextKeys {
  /** Access key id. */
  readonly accessKey: string;
  /** Secret access key. */
  readonly secretKey: string;
  /**
   * Session token, for temporary credentials.
   * @default - none
   */
  readonly sessionToken?: string;
}

interface SecretKeys {
  accessKeyKey: string;
  secretKeyKey: string;
  sessionTokenKey?: string;
}

/** What the credentials are, for the code that turns them into env, volumes and Secrets. */
export type CredentialSource =
  | ({ kind: 'secret'; secretName: string; plainText?: true; claim?: string } & SecretKeys)
  | ({ kind: 'delivered'; delivery: SecretDelivery } & SecretKeys)
  | { kind: 'file'; secretName: string; key: string; profile?: string }
  | { kind: 'service-account'; serviceAccountName: string }
  | {
      kind: 'web-identity';
      serviceAccountName: string;
      roleArn?: string;
      roleSessionName?: string;
      audience: string;
      expirySeconds: number;
    }
  | { kind: 'aws-sdk'; serviceAccountName?: string }
  | { kind: 'anonymous' }
  | { kind: 'plain'; keys: S3PlainTextKeys };

/**
 * How Thanos proves to the S3 store who it is.
 *
 * Keys never stand in objstore.yml, where Thanos' debug pages and every diff would show them: they reach the granted pods
 * as environment variables from a Secret, or as a file.
 */
export class S3Credentials {
  /**
   * Keys in a Secret that exists in the namespace of the pods. The recommended way.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: S3SecretOptions = {}): S3Credentials {
    return new S3Credentials(
      () => ({ kind: 'secret', secretName: objectName(name), ...secretKeys(options) }),
      options?.revision,
    );
  }

  /**
   * Keys in a Secret that something in the cluster fills: a SealedSecret or an ExternalSecret.
   * @param delivery how
   */
  public static fromDelivery(delivery: SecretDelivery, options: S3SecretOptions = {}): S3Credentials {
    return new S3Credentials(
      () => ({ kind: 'delivered', delivery: DELIVERY(delivery), ...secretKeys(options) }),
      options?.revision,
    );
  }

  /**
   * An AWS shared-credentials file in a Secret that exists in the namespace of the pods.
   * @param name name of the Secret
   */
  public static fromCredentialsFile(name: string, options: S3CredentialsFileOptions = {}): S3Credentials {
    return new S3Credentials(() => {
      const { key = 'credentials', profile } = readStruct(FILE_OPTIONS, options);
      return { kind: 'file', secretName: objectName(name), key, profile };
    }, options?.revision);
  }

  /**
   * The identity of a ServiceAccount for which the platform injects credentials (IRSA, EKS Pod Identity).
   * @param name name of the ServiceAccount; it must exist
   */
  public static fromServiceAccountName(name: string): S3Credentials {
    return new S3Credentials(() => ({ kind: 'service-account', serviceAccountName: objectName(name) }));
  }

  /** A projected service account token, exchanged for keys at the STS (MinIO, Ceph, AWS). */
  public static fromWebIdentity(options: S3WebIdentityOptions): S3Credentials {
    return new S3Credentials(() => {
      const { audience = 'sts.amazonaws.com', expiry, ...rest } = readStruct(WEB_IDENTITY, options);
      return {
        kind: 'web-identity',
        ...rest,
        audience,
        expirySeconds: expiry ? seconds(expiry) : DEFAULT_TOKEN_SECONDS,
      };
    });
  }

  /** The AWS SDK's chain: environment, files, web identity, instance metadata (objstore `aws_sdk_auth: true`). */
  public static awsSdk(options: S3AwsSdkOptions = {}): S3Credentials {
    return new S3Credentials(() => {
      return { kind: 'aws-sdk', ...readStruct(AWS_SDK, options) };
    });
  }

  /** No keys on purpose: requests are not signed. Thanos would fall back to this silently; here it must be said. */
  public static anonymous(): S3Credentials {
    return new S3Credentials(() => ({ kind: 'anonymous' }));
  }

  /** Keys as text, written readable into the Secret `<stack>-s3-credentials`. For tests; synth warns. */
  public static unsafePlainText(keys: S3PlainTextKeys): S3Credentials {
    return new S3Credentials(() => ({ kind: 'plain', keys: readStruct(PLAIN_KEYS, keys) }));
  }

  /**
   * The keys of an ObjectBucketClaim, and beside them the bucket's name and endpoint.
   * @internal
   */
  public static _fromClaim(name: string): S3Credentials {
    return new S3Credentials(() => ({ kind: 'secret', secretName: objectName(name), claim: name, ...secretKeys({}) }));
  }

  readonly #resolve: () => CredentialSource;

  private constructor(
    resolve: () => CredentialSource,
    /**
     * What the user says of the version of referenced content.
     * @default - none given
     */
    public readonly revision?: string,
  ) {
    this.#resolve = resolve;
  }

  /**
   * The checked source. Throws an InputProblem where a name or value is bad.
   * @internal
   */
  public _source(): CredentialSource {
    return this.#resolve();
  }
}

function secretKeys(options: S3SecretOptions): SecretKeys {
  const read = readStruct(SECRET_OPTIONS, options);
  const { accessKeyKey = 'AWS_ACCESS_KEY_ID', secretKeyKey = 'AWS_SECRET_ACCESS_KEY', sessionTokenKey } = read;
  const keys = [accessKeyKey, secretKeyKey, ...(sessionTokenKey === undefined ? [] : [sessionTokenKey])];
  if (new Set(keys).size < keys.length)
    throw new InputProblem('accessKeyKey, secretKeyKey and sessionTokenKey must name different keys of the Secret');
  return { accessKeyKey, secretKeyKey, sessionTokenKey };
}

/** Kubernetes refuses tokens that live shorter (https://kubernetes.io/docs/concepts/storage/projected-volumes/). */
const SHORTEST_TOKEN_SECONDS = 600;
const LONGEST_TOKEN_SECONDS = 2 ** 32;
const DEFAULT_TOKEN_SECONDS = 3600;

function tokenLife(expiry: Duration): Duration {
  const s = seconds(expiry);
  if (s < SHORTEST_TOKEN_SECONDS)
    throw new InputProblem(`token expiry is ${s} s; Kubernetes issues none shorter than ${SHORTEST_TOKEN_SECONDS} s`);
  if (s > LONGEST_TOKEN_SECONDS)
    throw new InputProblem(`token expiry is ${s} s; Kubernetes takes ${LONGEST_TOKEN_SECONDS} s at most`);
  return expiry;
}

const NO_KEY = 'Give accessKey and secretKey, or S3Credentials.anonymous()';

/** Messages name the field and never the value. */
function plainKey(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new InputProblem(`is missing. ${NO_KEY}`);
  if (value !== value.trim() || hasControl(value))
    throw new InputProblem('has a newline, or blanks at an end, which the store would refuse; trim it');
  return value;
}

/** Names the field and never the value: it may be the key itself. */
function keyName(key: unknown): string {
  if (typeof key === 'string' && isDataKey(key)) return key;
  throw new InputProblem(
    'is not the name of a key of the Secret: letters, digits, "-", "_" and ".". Give the name, such as AWS_SECRET_ACCESS_KEY, never the key itself',
  );
}

const SECRET_OPTIONS: StructTable<S3SecretOptions> = {
  accessKeyKey: keyName,
  secretKeyKey: keyName,
  sessionTokenKey: keyName,
  revision: text,
};
const FILE_OPTIONS: StructTable<S3CredentialsFileOptions> = { key: dataKey, profile: text, revision: text };
const WEB_IDENTITY: StructTable<S3WebIdentityOptions> = {
  serviceAccountName: required(objectName),
  roleArn: text,
  roleSessionName: text,
  audience: text,
  expiry: tokenLife,
};
const AWS_SDK: StructTable<S3AwsSdkOptions> = { serviceAccountName: objectName };
const PLAIN_KEYS: StructTable<S3PlainTextKeys> = {
  accessKey: required(plainKey, NO_KEY),
  secretKey: required(plainKey, NO_KEY),
  sessionToken: plainKey,
};
