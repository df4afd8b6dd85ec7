import { readFileSync } from 'node:fs';
import { InputProblem, found } from '../support/problem';
import { unreadable } from '../support/unreadable';
import { caKey } from './key-names';
import { dataKey, objectName } from '../support/names';
import { date, text, yesOrNo } from '../support/rows';
import { foundKind } from '../support/shape';
import { readStruct, type StructTable, within } from '../support/table';
import { optionalText } from '../support/values';
import { parsePemBundle, type PemBundle, type PemRules } from '../pki/pem-bundle';
import { DELIVERY, type SecretDelivery } from './secret-delivery';

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
  /**
   * What fills the Secret in the cluster.
   * @default - undefined: the content is known, or the object exists
   */
  readonly delivery?: SecretDelivery;
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
   * Accept certificates that are not CAs, such as the server's own self-signed certificate without CA:TRUE.
   * @default false
   */
  readonly allowLeaf?: boolean;
}

/** How a delivered Secret is used as a CA. */
export interface S3CaDeliveryOptions {
  /**
   * Key that holds the PEM certificates.
   * @default ca.crt
   */
  readonly key?: string;
  /**
   * Any text that changes with the content; a change rolls the pods. Ciphertext counts by itself.
   * @default - a changed external value is used after the next restart
   */
  readonly revision?: string;
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
    return new S3Ca({ read: () => pemText(pem), rules: options });
  }

  /**
   * The CA as a PEM file on the machine that runs synth.
   * @param path path of the file; build it from `__dirname` so that synth works from any folder
   */
  public static fromFile(path: string, options: S3CaPemOptions = {}): S3Ca {
    return new S3Ca({ read: () => readText(path), file: path, rules: options });
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

  /**
   * The CA in a Secret that something in the cluster fills: a SealedSecret or an ExternalSecret.
   * @param delivery how
   */
  public static fromDelivery(delivery: SecretDelivery, options: S3CaDeliveryOptions = {}): S3Ca {
    return new S3Ca({ delivery, reference: { ...options, exclusive: true } });
  }

  /**
   * The CA in `ca.crt` of a Secret that cert-manager made. Synth warns: cert-manager replaces that key when the issuer
   * changes, without an overlap of the old and the new root. A trust-manager bundle overlaps them.
   * @param name name of the Secret
   */
  public static fromCertManagerSecretName(name: string, options: S3CaReferenceOptions = {}): S3Ca {
    return new S3Ca({ secretName: name, reference: options, advice: CERT_MANAGER_ADVICE });
  }

  /**
   * The cluster's own root CA, which Kubernetes puts into every namespace (ConfigMap `kube-root-ca.crt`): for a store
   * whose certificate the cluster's signer made, such as a MinIO of the MinIO operator.
   */
  public static fromClusterRootCa(): S3Ca {
    return new S3Ca({ configMapName: 'kube-root-ca.crt' });
  }

  readonly #source: CaSource;
  #text?: string;

  private constructor(source: CaSource) {
    this.#source = source;
  }

  /** What is known of the CA. The text is as given, not yet checked; a file is read on first use. */
  public get caSource(): S3CaSource {
    const { secretName, configMapName, delivery, reference, read } = this.#source;
    if (read && this.#text === undefined) this.#text = read();
    return {
      pem: this.#text,
      secretName,
      configMapName,
      delivery,
      key: reference?.key ?? 'ca.crt',
      revision: reference?.revision,
      exclusive: reference?.exclusive ?? false,
    };
  }

  /**
   * The certificates of the text. A problem names the file that it was read from.
   * @internal
   */
  public _parsed(pem: string): PemBundle {
    const { file, rules } = this.#source;
    const parse = (): PemBundle => parsePemBundle(pem, rules ?? {});
    return file === undefined ? parse() : within(`the file ${found(file)}`, parse);
  }

  /**
   * What the user should know of this source.
   * @internal
   */
  public get _advice(): string | undefined {
    return this.#source.advice;
  }

  /**
   * Throws where an option is unknown or none.
   * @internal
   */
  public _checkOptions(): void {
    const { read, rules, reference } = this.#source;
    if (read) readStruct(PEM_OPTIONS, rules);
    else if (reference !== undefined) readStruct(REFERENCE_OPTIONS, reference);
  }
}

const PEM_OPTIONS: StructTable<S3CaPemOptions> = { validAt: date, allowLeaf: yesOrNo };
const REFERENCE_OPTIONS: StructTable<S3CaReferenceOptions> = { key: dataKey, revision: text, exclusive: yesOrNo };

/** Checks any CA, an S3Ca or not, and reads its file: throws an InputProblem where there is nothing that a pod could use. */
export function checkCa<T extends IS3Ca>(ca: T): T {
  if (typeof ca !== 'object' || ca === null || !('caSource' in ca))
    throw new InputProblem(`is ${foundKind(ca)}, not a CA. Give S3Ca.fromFile("ca.crt") or another S3Ca`);
  if (ca instanceof S3Ca) ca._checkOptions();
  const source = ca.caSource;
  if (typeof source !== 'object' || source === null) throw new InputProblem('has no caSource');
  const { pem, secretName, configMapName, delivery, key, revision } = source;
  if (pem !== undefined) pemText(pem);
  if (delivery !== undefined) DELIVERY(delivery);
  if (secretName !== undefined && configMapName !== undefined)
    throw new InputProblem('lies in a Secret and in a ConfigMap; give one of the two');
  const name = secretName ?? configMapName;
  if (name !== undefined || (pem === undefined && delivery === undefined)) objectName(name as string);
  caKey(key);
  optionalText('revision', revision);
  return ca;
}

/** The certificates of a CA's text, judged by its own rules where it has some. */
export function parsedCa(ca: IS3Ca, pem: string): PemBundle {
  return '_parsed' in ca ? (ca as S3Ca)._parsed(pem) : parsePemBundle(pem);
}

interface CaSource {
  readonly read?: () => string;
  /** Where it was read from. */
  readonly file?: string;
  readonly rules?: PemRules;
  readonly secretName?: string;
  readonly configMapName?: string;
  readonly delivery?: SecretDelivery;
  readonly reference?: S3CaReferenceOptions;
  /** What the user should know of this source. */
  readonly advice?: string;
}

const CERT_MANAGER_ADVICE =
  "cert-manager replaces ca.crt at once when the issuer changes, and pods that restart then refuse the server's old certificate; a TrustBundle overlaps the roots";

function pemText(pem: string): string {
  if (typeof pem === 'string') return pem;
  throw new InputProblem(`is ${found(pem)}, not PEM text. Give the text, or S3Ca.fromFile("ca.crt")`);
}

function readText(path: string): string {
  let raw: Buffer;
  try {
    raw = readFileSync(path);
  } catch (error) {
    throw new InputProblem(unreadable(path, error));
  }
  if ((raw[0] === 0xff && raw[1] === 0xfe) || (raw[0] === 0xfe && raw[1] === 0xff))
    throw new InputProblem(`the file ${found(path)} is UTF-16. Save it as UTF-8 or ASCII`);
  if (raw[0] === 0x30 && raw[1] >= 0x80) {
    throw new InputProblem(
      `the file ${found(path)} is DER, not PEM. Convert it with "openssl x509 -inform der -in FILE -out ca.crt"`,
    );
  }
  return raw.toString('utf8');
}
