import { caKey, certificateKey, privateKeyKey } from '../../input/key-names';
import { objectName } from '../../support/names';
import { foundName, InputProblem } from '../../support/problem';
import { having, text } from '../../support/rows';
import { readStruct, type Row, type StructTable } from '../../support/table';
import { TLS_ISSUER, type TlsIssuer, type TlsIssuerOptions } from './tls-issuer';

/** Which keys of a Secret hold a certificate. */
export interface TlsSecretOptions {
  /**
   * Key of the certificate, PEM, with its intermediates behind it.
   * @default tls.crt
   */
  readonly certificateKey?: string;
  /**
   * Key of the private key, PEM.
   * @default tls.key
   */
  readonly privateKeyKey?: string;
  /**
   * Key of the CA, where no other is given.
   * @default ca.crt
   */
  readonly caKey?: string;
  /**
   * Any text that changes with that CA. A change rolls the pods. Certificate and key Thanos reads again by itself.
   * @default - a changed CA is used after the next restart
   */
  readonly revision?: string;
}

/**
 * Where a certificate lies.
 * @internal
 */
export interface TlsSecret {
  readonly secretName: string;
  readonly certificateKey: string;
  readonly privateKeyKey: string;
  readonly caKey: string;
  readonly revision?: string;
  /** Set where a Certificate makes the Secret. */
  readonly issuer?: TlsIssuer;
}

const OPTIONS: StructTable<TlsSecretOptions> = { certificateKey, privateKeyKey, caKey, revision: text };

/** A certificate and its key, which a part of Thanos shows. The key never stands in a manifest. */
export class TlsCertificate {
  /**
   * A Secret that exists in the pods' namespace, such as one of type kubernetes.io/tls.
   * @param name its name
   */
  public static fromSecretName(name: string, options: TlsSecretOptions = {}): TlsCertificate {
    return new TlsCertificate(() => existing(name, options));
  }

  /**
   * A certificate for each part, which cert-manager makes and renews: a Certificate with the names of the part, and its Secret
   * `<workload>-grpc-tls`, or `<workload>-http-tls` for HTTP. Where no other CA is given it is the issuer's, which cert-manager
   * writes into the Secret too; issuers such as ACME write none.
   * @param name name of the issuer
   */
  public static fromIssuer(name: string, options: TlsIssuerOptions = {}): TlsCertificate {
    return new TlsCertificate((own) => issued(own, name, options));
  }

  readonly #secret: (own: string) => TlsSecret;

  private constructor(secret: (own: string) => TlsSecret) {
    this.#secret = secret;
  }

  /**
   * Where it lies; `own` is the name of a Secret that is made for one part.
   * @internal
   */
  public _secret(own: string): TlsSecret {
    return this.#secret(own);
  }
}

const ANY = having<TlsCertificate>(
  { _secret: 'function' },
  "a TlsCertificate; write TlsCertificate.fromSecretName('thanos-grpc-tls')",
);

/** How it is read. */
export const TLS_CERTIFICATE: Row<TlsCertificate> = (value) => {
  const certificate = ANY(value);
  certificate._secret('own');
  return certificate;
};

const KEYS = { certificateKey: 'tls.crt', privateKeyKey: 'tls.key', caKey: 'ca.crt' };

function issued(secretName: string, name: string, given: TlsIssuerOptions): TlsSecret {
  const options = TLS_ISSUER(given);
  return { secretName, ...KEYS, revision: options.revision, issuer: { ...options, name: objectName(name) } };
}

function existing(name: string, given: TlsSecretOptions): TlsSecret {
  const keys = { ...KEYS, ...readStruct(OPTIONS, given) };
  if (keys.certificateKey === keys.privateKeyKey)
    throw new InputProblem(`certificateKey and privateKeyKey are both ${foundName(keys.certificateKey)}`);
  return { secretName: objectName(name), ...keys };
}
