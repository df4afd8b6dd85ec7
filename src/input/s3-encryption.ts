import { dataKey, objectName } from '../support/names';
import { InputProblem, found } from '../support/problem';
import { anyText, mapOf } from '../support/rows';
import { readStruct, type StructTable } from '../support/table';
import { fitsHeader } from '../support/values';

/** Server-side encryption with a key of a key management service. */
export interface S3KmsOptions {
  /**
   * Encryption context, sent with each object.
   * @default - none
   */
  readonly context?: { [name: string]: string };
}

/** Where the customer's key of SSE-C lies. */
export interface S3CustomerKeyOptions {
  /**
   * Key of the Secret that holds the raw key, 32 bytes exactly.
   * @default sse-c.key
   */
  readonly key?: string;
}

/** What the encryption is, for the code that writes objstore.yml. */
export type EncryptionSource =
  | { type: 'SSE-S3' }
  | { type: 'SSE-KMS'; keyId: string; context?: Record<string, string> }
  | { type: 'SSE-C'; secretName: string; key: string };

const KMS: StructTable<S3KmsOptions> = { context: mapOf(anyText) };
const CUSTOMER_KEY: StructTable<S3CustomerKeyOptions> = { key: dataKey };

/** Server-side encryption of the blocks (objstore `sse_config`). */
export class S3Encryption {
  /** The store encrypts with its own key (SSE-S3). */
  public static s3(): S3Encryption {
    return new S3Encryption(() => ({ type: 'SSE-S3' }));
  }

  /**
   * The store encrypts with a key of its key management service (SSE-KMS).
   * @param keyId id of the key
   */
  public static kms(keyId: string, options: S3KmsOptions = {}): S3Encryption {
    return new S3Encryption(() => {
      if (typeof keyId !== 'string' || keyId === '') throw new InputProblem('SSE-KMS needs a key id');
      if (!fitsHeader(keyId))
        throw new InputProblem(
          `key id ${found(keyId)} can't be an HTTP header: control characters, or a blank at an end`,
        );
      const { context } = readStruct(KMS, options);
      // even quoted, Thanos' YAML takes it for a merge of maps (measured)
      if (context && '<<' in context) throw new InputProblem(`the context has the name "<<", which Thanos can't read`);
      return { type: 'SSE-KMS', keyId, context };
    });
  }

  /**
   * The client sends its own key with each request (SSE-C), from a Secret in the namespace of the pods.
   * @param name name of the Secret
   */
  public static customerKeyFromSecretName(name: string, options: S3CustomerKeyOptions = {}): S3Encryption {
    return new S3Encryption(() => {
      const { key = 'sse-c.key' } = readStruct(CUSTOMER_KEY, options);
      return { type: 'SSE-C', secretName: objectName(name), key };
    });
  }

  readonly #resolve: () => EncryptionSource;

  private constructor(resolve: () => EncryptionSource) {
    this.#resolve = resolve;
  }

  /**
   * The checked source.
   * @internal
   */
  public _source(): EncryptionSource {
    return this.#resolve();
  }
}
