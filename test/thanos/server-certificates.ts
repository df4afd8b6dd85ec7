import { generateKeyPairSync } from 'node:crypto';
import * as forge from 'node-forge';

/** A private CA, a server and a client of it, all PEM. */
export interface ServerCertificates {
  readonly ca: string;
  readonly serverKey: string;
  readonly serverCertificate: string;
  readonly clientKey: string;
  readonly clientCertificate: string;
}

/** Makes them; the server answers to these names. */
export function serverCertificates(names: readonly string[]): ServerCertificates {
  const keys = rsaKeys();
  const issue = (subject: string, extensions: object[]): string => certificate(keys, subject, extensions);
  const altNames = names.map((value) => ({ type: 2, value }));
  return {
    ca: issue('stub CA', [{ name: 'basicConstraints', cA: true, critical: true }]),
    serverCertificate: issue('stub server', [{ name: 'subjectAltName', altNames }]),
    clientCertificate: issue('stub client', [{ name: 'extKeyUsage', clientAuth: true }]),
    serverKey: forge.pki.privateKeyToPem(keys.privateKey),
    clientKey: forge.pki.privateKeyToPem(keys.privateKey),
  };
}

/** One pair for all three: making one is slow, and here it guards nothing. */
function rsaKeys(): forge.pki.rsa.KeyPair {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(pair.publicKey),
    privateKey: forge.pki.privateKeyFromPem(pair.privateKey),
  };
}

function certificate(keys: forge.pki.rsa.KeyPair, subject: string, extensions: object[]): string {
  const made = forge.pki.createCertificate();
  made.publicKey = keys.publicKey;
  made.serialNumber = Buffer.from(subject).toString('hex').slice(0, 16);
  made.validity.notBefore = new Date('2024-01-01T00:00:00Z');
  made.validity.notAfter = new Date('2049-12-31T00:00:00Z');
  made.setSubject([{ name: 'commonName', value: subject }]);
  made.setIssuer([{ name: 'commonName', value: 'stub CA' }]);
  made.setExtensions(extensions);
  made.sign(keys.privateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}
