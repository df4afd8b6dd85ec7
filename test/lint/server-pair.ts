import { rsaLeaf, rsaPrivateKey } from '../fixtures/certificates';

/** A server's certificate and the key that belongs to it. */
export function serverPair(): { readonly certificate: string; readonly privateKey: string } {
  return { certificate: rsaLeaf(), privateKey: rsaPrivateKey() };
}
