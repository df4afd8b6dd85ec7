import { dataKey } from '../support/names';
import { found, InputProblem } from '../support/problem';

/** Names under which private keys lie: tls.key, ca.key, key.pem, privkey.pem, server-key. */
const PRIVATE_KEY =
  /((^|[._-])(priv(ate)?)?[._-]?key|[._-]private|^private)(\.(pem|der))?$|^id_(rsa|dsa|ecdsa|ed25519)$/i;
const PUBLIC_KEY = /public[._-]?key/i;
/** Names under which certificates lie. */
const CERTIFICATE = /\.(crt|cer|cert)$|(^|[._-])cert(ificate)?(\.pem)?$/i;

/** The key of a Secret or ConfigMap that holds a CA. A private key there would be in every granted pod. */
export function caKey(key: string): string {
  if (isPrivateKey(dataKey(key)))
    throw new InputProblem(
      `key ${found(key)} names a private key, which would be in every granted pod. Give the key of the certificate, such as "ca.crt"`,
    );
  return key;
}

/** The key of a client's certificate. */
export function certificateKey(key: string): string {
  if (isPrivateKey(dataKey(key)))
    throw new InputProblem(`${found(key)} names a private key. Give the key of the certificate, such as "tls.crt"`);
  return key;
}

/** The key of a client's private key. */
export function privateKeyKey(key: string): string {
  if (CERTIFICATE.test(dataKey(key)))
    throw new InputProblem(`${found(key)} names a certificate. Give the key of the private key, such as "tls.key"`);
  return key;
}

function isPrivateKey(key: string): boolean {
  return PRIVATE_KEY.test(key) && !PUBLIC_KEY.test(key);
}
