import type { MadeObject } from '../app/registry';
import type { EnvVar } from '../support/k8s';
import type { GrantPart } from './grant';
import type { S3CaSecret } from './s3-ca-secret';

/**
 * An object store as ObjstoreConfig takes it: what objstore.yml says, and what opening the bucket takes. A driver makes one
 * from the user's options; what is one kind of store's alone lies behind it.
 */
export interface ObjectStore {
  /** `type` of objstore.yml. */
  readonly type: string;
  /** `config` of objstore.yml; with one try, for a quick proof. */
  config(oneTry: boolean): Readonly<Record<string, unknown>>;
  /** The CA's path in the text of an objstore.yml; undefined where it names none. */
  caFileIn(yaml: string): string | undefined;
  /** `prefix` of objstore.yml, as the user wrote it. */
  readonly prefix?: string;
  /** The prefix without slashes around it; empty for the bucket's root. */
  readonly folder: string;
  /** Store and bucket in one spelling: two configs with the same one open the same bucket. */
  readonly bucketId: string;
  /** What the pods mount beside objstore.yml. */
  readonly parts: readonly GrantPart[];
  /** Variables of the pods. */
  readonly env: readonly EnvVar[];
  readonly serviceAccountName?: string;
  /** Annotations of the workloads, for a reloader controller. */
  readonly workloadAnnotations?: Record<string, string>;
  /** Where the keys come from, in words. */
  readonly keys: string;
  /** Secret of the keys, where they lie in one, and what makes it, where this library does. */
  readonly keysSecret?: { readonly name: string; readonly made?: MadeObject };
  /** The private CA that signed the server's certificate. */
  readonly ca?: StoreCa;
  /** What is known of all that the pods read at start, for the checksum. */
  readonly content: Readonly<Record<string, string | undefined>>;
  /** What the user should know of a prop. */
  readonly warnings: readonly { readonly prop: string; readonly text: string }[];
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
