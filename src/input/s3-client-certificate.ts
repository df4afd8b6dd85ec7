import { dataKey, objectName } from '../support/names';

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

/** The certificate that Thanos shows to an S3 server which asks for one (mutual TLS). Thanos re-reads it at each handshake. */
export class S3ClientCertificate {
  /**
   * A Secret in the namespace of the pods, such as one of type kubernetes.io/tls.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: S3ClientCertificateOptions = {}): S3ClientCertificate {
    return new S3ClientCertificate(name, options.certificateKey ?? 'tls.crt', options.privateKeyKey ?? 'tls.key');
  }

  private constructor(
    /** Name of the Secret. */
    public readonly secretName: string,
    /** Key of the certificate. */
    public readonly certificateKey: string,
    /** Key of the private key. */
    public readonly privateKeyKey: string,
  ) {}

  /**
   * Throws where a name is none.
   * @internal
   */
  public _check(): void {
    objectName(this.secretName);
    dataKey(this.certificateKey);
    dataKey(this.privateKeyKey);
  }
}
