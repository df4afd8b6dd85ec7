import type { MadeObject } from '../app/registry';
import type { EnvVar } from '../support/k8s';
import type { GrantPart } from './grant';
import type { S3CaSecret } from './s3-ca-secret';

/**
 * An object store as ObjstoreConfig takes it: what objstore.yml says, and what opening the bucket takes. A driver makes one
 * from the user's options; what is one kind of store's alone lies behind it.
 */
export interface ObjectStore {
  /** What objstore.yml says, or where it lies already. */
  readonly document: ObjstoreDocument | OwnDocument;
  /** The prefix without slashes around it; empty for the bucket's root. */
  readonly folder: string;
  /** Store and bucket in one spelling: two configs with the same one open the same bucket. */
  readonly bucketId: string;
  /** What the pods mount beside objstore.yml. */
  readonly parts: readonly GrantPart[];
  /** Variables of the pods. */
  readonly env: readonly EnvVar[];
  /**
   * Keys of `config` that a pod with a second bucket must say, by their variables; the process knows one of each. Undefined
   * where the keys are no variables of a Secret.
   */
  readonly keyVariables?: Readonly<Record<string, string>>;
  readonly serviceAccountName?: string;
  /** Annotations of the workloads, for a reloader controller. */
  readonly workloadAnnotations?: Record<string, string>;
  /** Where the keys come from, in words. */
  readonly keys: string;
  /** Secrets of the keys, where they lie in some, and what makes one, where this library does. */
  readonly keysSecrets: readonly { readonly name: string; readonly made?: MadeObject }[];
  /** The private CA that signed the server's certificate. */
  readonly ca?: StoreCa;
  /** What is known of all that the pods read at start, for the checksum. */
  readonly content: Readonly<Record<string, string | undefined>>;
  /** What the user should know of a prop. */
  readonly warnings: readonly { readonly prop: string; readonly text: string }[];
}

/** An objstore.yml that this library writes. */
export interface ObjstoreDocument {
  /** `type`. */
  readonly type: string;
  /** `config`; with one try, for a quick proof. */
  config(oneTry: boolean): Readonly<Record<string, unknown>>;
  /** `prefix`, as the user wrote it. */
  readonly prefix?: string;
}

/** An objstore.yml that lies in an object of the user's. */
export interface OwnDocument {
  readonly own: { readonly kind: 'Secret' | 'ConfigMap'; readonly name: string; readonly key: string };
}

/** The CA of a store. */
export interface StoreCa {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Its text, where synth knows it. */
  readonly pem?: string;
  /** Nothing else in the app may use the object. */
  readonly exclusive: boolean;
  /** What makes the object, where this library does. */
  readonly made?: MadeObject;
  /** The Secret of this library, which guards itself. */
  readonly secret?: S3CaSecret;
}
