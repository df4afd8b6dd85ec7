import { objectName } from '../support/names';
import { InputProblem, foundName } from '../support/problem';
import { certificateKey, privateKeyKey } from './key-names';
import { readStruct, type StructTable } from '../support/table';

/** Which keys of a Secret hold the client certificate. */
export interface S3ClientCertificateOptions {
  /**
   * Key of the certificate, PEM.
   * @default tls.crt
   */
  readonly certificateKey?: string;
  /**
   * Key of the private key, PEM.
   * @default tls.key
   */
  readonly privateKeyKey?: string;
}

const OPTIONS: StructTable<S3ClientCertificateOptions> = { certificateKey, privateKeyKey };

/** The certificate that Thanos shows to an S3 server which asks for one (mutual TLS). Thanos re-reads it at each handshake. */
export class S3ClientCertificate {
  /**
   * A Secret in the namespace of the pods, such as one of type kubernetes.io/tls.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: S3ClientCertificateOptions = {}): S3ClientCertificate {
    return new S3ClientCertificate(name, options);
  }

  /** Key of the certificate. */
  public readonly certificateKey: string;
  /** Key of the private key. */
  public readonly privateKeyKey: string;
  readonly #options: S3ClientCertificateOptions;

  private constructor(
    /** Name of the Secret. */
    public readonly secretName: string,
    options: S3ClientCertificateOptions,
  ) {
    this.certificateKey = options?.certificateKey ?? 'tls.crt';
    this.privateKeyKey = options?.privateKeyKey ?? 'tls.key';
    this.#options = options;
  }

  /**
   * Throws where a name is none.
   * @internal
   */
  public _check(): void {
    readStruct(OPTIONS, this.#options);
    objectName(this.secretName);
    if (this.certificateKey === this.privateKeyKey)
      throw new InputProblem(`certificateKey and privateKeyKey are both ${foundName(this.certificateKey)}`);
  }
}
