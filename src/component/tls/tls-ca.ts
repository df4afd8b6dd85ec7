import { caKey } from '../../input/key-names';
import { objectName } from '../../support/names';
import { InputProblem } from '../../support/problem';
import { having, text } from '../../support/rows';
import { readStruct, type Row, type StructTable } from '../../support/table';
import { checkCa, parsedCa, S3Ca } from '../../input/s3-ca';

/** How CA certificates given as text are judged. */
export interface TlsCaPemOptions {
  /**
   * Time at which the certificates must be valid. Synth reads no clock: pass `new Date()` in main.ts.
   * @default - validity is not judged
   */
  readonly validAt?: Date;
}

/** How an existing Secret or ConfigMap is used as the CA of the parts. */
export interface TlsCaReferenceOptions {
  /**
   * Key that holds the PEM certificates.
   * @default ca.crt
   */
  readonly key?: string;
  /**
   * Any text that changes with the content. A change rolls the pods: Thanos reads a CA when it starts.
   * @default - a changed CA is used after the next restart
   */
  readonly revision?: string;
}

/**
 * The CA as synth knows it: text that has no object yet, or an object that exists.
 * @internal
 */
export interface TlsCaSource {
  readonly pem?: string;
  readonly kind: 'Secret' | 'ConfigMap';
  /** Undefined: made here. */
  readonly name?: string;
  readonly key: string;
  readonly revision?: string;
  /** What should be known of the text. */
  readonly warnings: readonly string[];
}

const OPTIONS: StructTable<TlsCaReferenceOptions> = { key: caKey, revision: text };
const KEY = 'ca.crt';

/** The CA that signed the certificates of the parts. It is never the bucket's, which is an S3Ca. */
export class TlsCa {
  /**
   * The CA as PEM text.
   * @param pem one or more PEM certificates
   */
  public static fromPem(pem: string, options: TlsCaPemOptions = {}): TlsCa {
    return new TlsCa(() => read(S3Ca.fromPem(pem, options)));
  }

  /**
   * The CA as a PEM file on the machine that runs synth.
   * @param path path of the file; build it from `__dirname` so that synth works from any folder
   */
  public static fromFile(path: string, options: TlsCaPemOptions = {}): TlsCa {
    return new TlsCa(() => read(S3Ca.fromFile(path, options)));
  }

  /**
   * A Secret that exists in the pods' namespace. Only the named key is mounted.
   * @param name its name
   */
  public static fromSecretName(name: string, options: TlsCaReferenceOptions = {}): TlsCa {
    return new TlsCa(() => reference('Secret', name, options));
  }

  /**
   * A ConfigMap that exists in the pods' namespace (a trust-manager bundle, say).
   * @param name its name
   */
  public static fromConfigMapName(name: string, options: TlsCaReferenceOptions = {}): TlsCa {
    return new TlsCa(() => reference('ConfigMap', name, options));
  }

  readonly #source: () => TlsCaSource;

  private constructor(source: () => TlsCaSource) {
    this.#source = source;
  }

  /**
   * Where it lies, read and checked.
   * @internal
   */
  public _source(): TlsCaSource {
    return this.#source();
  }
}

const ANY = having<TlsCa>({ _source: 'function' }, "a TlsCa; write TlsCa.fromFile('ca.crt')");

/** How it is read. */
export const TLS_CA: Row<TlsCa> = (value) => {
  if (typeof value === 'object' && value !== null && 'caSource' in value)
    throw new InputProblem(
      "is an S3Ca, the bucket's CA; whoever signs for the store must not sign for the parts. Give a TlsCa",
    );
  const ca = ANY(value);
  ca._source();
  return ca;
};

function read(ca: S3Ca): TlsCaSource {
  const { pem, warnings } = parsedCa(ca, checkCa(ca).caSource.pem!);
  return { pem, kind: 'ConfigMap', key: KEY, warnings };
}

function reference(kind: TlsCaSource['kind'], name: string, given: TlsCaReferenceOptions): TlsCaSource {
  const { key = KEY, revision } = readStruct(OPTIONS, given);
  return { kind, name: objectName(name), key, revision, warnings: [] };
}
