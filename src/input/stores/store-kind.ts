import type { StructTable } from '../../support/table';
import type { SecretValue } from './secret-value';

/** Notes that a key of objstore.yml is filled from a Secret, and gives what stands there instead. */
export type FromSecret = (key: string, value: SecretValue | undefined) => string | undefined;

/** Files of a Secret that the pods get, by key, and the variables that name one. */
export interface SecretFiles {
  readonly secretName: string;
  readonly keys: readonly string[];
  /** By variable: the key whose path it holds. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A kind of object store other than S3: all that sets it apart. */
export interface StoreKind<O> {
  /** `type` of objstore.yml. */
  readonly type: string;
  readonly fields: StructTable<O>;
  /** `config` of objstore.yml, in order, without `http_config`; with one try, for a quick proof. */
  config(options: O, secret: FromSecret, oneTry: boolean): Readonly<Record<string, unknown>>;
  /** Store and bucket in one spelling. */
  bucketId(options: O, namespace: string): string;
  /** How the pods prove who they are where no Secret says it, in words. */
  keys(options: O): string;
  /** Rules between options: throws an InputProblem that names the field. */
  judge?(options: O): void;
  files?(options: O): SecretFiles | undefined;
  /** Variables beside those of secrets. */
  env?(options: O): Readonly<Record<string, string | undefined>>;
  /** The claim of a volume that is the store, and where it is mounted. */
  volume?(options: O): { readonly claimName: string; readonly mountPath: string };
  /** What the user should know. */
  warnings?(options: O): readonly { readonly prop: string; readonly text: string }[];
}
