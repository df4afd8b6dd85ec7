import { readFileSync } from 'node:fs';
import { InputProblem, found } from '../support/problem';
import { dataKey, objectName } from '../support/names';
import type { PemRules } from './pem-bundle';

/** What is known of a CA: its text, or where it lies. */
export interface S3CaSource {
  /**
   * PEM text of the CA certificates.
   * @default - undefined: the content is not known at synth, only where it lies
   */
  readonly pem?: string;
  /**
   * Name of the Secret that holds the CA.
   * @default - undefined: it lies in a ConfigMap, or is text that has no object yet
   */
  readonly secretName?: string;
  /**
   * Name of the ConfigMap that holds the CA.
   * @default - undefined: it lies in a Secret, or is text that has no object yet
   */
  readonly configMapName?: string;
  /** Key of the Secret or ConfigMap. */
  readonly key: string;
  /**
   * What the user says of the version of referenced content; a change rolls the granted pods.
   * @default - undefined: none given
   */
  readonly revision?: string;
  /** Whether nothing else in the app may use the Secret or ConfigMap. */
  readonly exclusive: boolean;
}

/** A private CA: `S3Ca` (a value) and `S3CaSecret` (a construct) are one. */
export interface IS3Ca {
  /** What is known of the CA. */
  readonly caSource: S3CaSource;
}

/** How CA certificates given as text are judged. */
export interface S3CaPemOptions {
  /**
   * Time at which the certificates must be valid. Synth reads no clock: pass `new Date()` in main.ts.
   * @default - validity is not judged
   */
  readonly validAt?: Date;
  /**
   * Accept certificates that are no CA, such as the server's own self-signed certificate without CA:TRUE.
   * @default false
   */
  readonly allowLeaf?: boolean;
}

/** How an existing Secret or ConfigMap is used as a CA. */
export interface S3CaReferenceOptions {
  /**
   * Key that holds the PEM certificates.
   * @default ca.crt
   */
  readonly key?: string;
  /**
   * Any text that changes with the content, such as a date. A change rolls the pods that use the CA, since Thanos reads
   * `ca_file` only when it starts.
   * @default - a changed CA is used after the next restart
   */
  readonly revision?: string;
  /**
   * Whether the object is for the granted pods alone. Set false for a bundle that other workloads of the app share.
   * @default false
   */
  readonly exclusive?: boolean;
}

/**
 * The private CA that signed the S3 server's certificate: PEM text, a file, or an existing Secret or ConfigMap.
 *
 * Bundles of several roots are welcome: during a rotation the old and the new one must overlap. The content is read and
 * checked when a construct takes the value, so that an error names that construct.
 */
export class S3Ca implements IS3Ca {
  /**
   * The CA as PEM text.
   * @param pem one or more PEM certificates
   */
  public static fromPem(pem: string, options: S3CaPemOptions = {}): S3Ca {
    return new S3Ca({ read: () => pem, rules: options });
  }

  /**
   * The CA as a PEM file on the machine that runs synth.
   * @param path path of the file; build it from `__dirname` so that synth works from any folder
   */
  public static fromFile(path: string, options: S3CaPemOptions = {}): S3Ca {
    return new S3Ca({ read: () => readText(path), rules: options });
  }

  /**
   * The CA in a Secret that exists in the cluster, in the namespace of the pods.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: S3CaReferenceOptions = {}): S3Ca {
    return new S3Ca({ secretName: name, reference: options });
  }

  /**
   * The CA in a ConfigMap that exists in the cluster, in the namespace of the pods (a trust-manager bundle, say).
   * @param name name of the ConfigMap
   */
  public static fromConfigMapName(name: string, options: S3CaReferenceOptions = {}): S3Ca {
    return new S3Ca({ configMapName: name, reference: options });
  }

  readonly #source: CaSource;
  #text?: string;

  private constructor(source: CaSource) {
    this.#source = source;
  }

  /** What is known of the CA. The text is as given, not yet checked; a file is read on first use. */
  public get caSource(): S3CaSource {
    const { secretName, configMapName, reference = {}, read } = this.#source;
    if (read && this.#text === undefined) this.#text = read();
    return {
      pem: this.#text,
      secretName,
      configMapName,
      key: reference.key ?? 'ca.crt',
      revision: reference.revision,
      exclusive: reference.exclusive ?? false,
    };
  }

  /**
   * How the text is to be judged.
   * @internal
   */
  public get _rules(): PemRules {
    return this.#source.rules ?? {};
  }

  /**
   * Throws where a reference's names are none.
   * @internal
   */
  public _checkReference(): void {
    if (this.#source.read) return;
    const { secretName, configMapName, key } = this.caSource;
    objectName((secretName ?? configMapName) as string);
    dataKey(key);
  }
}

interface CaSource {
  readonly read?: () => string;
  readonly rules?: PemRules;
  readonly secretName?: string;
  readonly configMapName?: string;
  readonly reference?: S3CaReferenceOptions;
}

function readText(path: string): string {
  let raw: Buffer;
  try {
    raw = readFileSync(path);
  } catch (error) {
    throw new InputProblem(
      `the file ${found(path)} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
  }
  if (raw[0] === 0x30 && raw[1] >= 0x80) {
    throw new InputProblem(
      `the file ${found(path)} is DER, not PEM. Convert it with "openssl x509 -inform der -in FILE -out ca.crt"`,
    );
  }
  return raw.toString('utf8');
}
