import { generateKeyPairSync } from 'node:crypto';
import * as forge from 'node-forge';
import { issue, makeKeys } from '../../src/cli/pki/issue';

/** A certificate's holder: what it shows, and what it signs with. */
export interface Holder {
  readonly pem: string;
  readonly keyPem: string;
  readonly name: string;
}

/** What makes a certificate the wrong one; a good server's certificate for localhost where nothing is said. */
export interface Leaf {
  readonly name?: string;
  readonly dns?: string[];
  readonly ip?: string[];
  readonly from?: string;
  readonly until?: string;
  readonly usage?: 'serverAuth' | 'clientAuth';
  readonly ca?: boolean;
}

const FROM = '2024-01-01T00:00:00Z';
const UNTIL = '2049-12-31T00:00:00Z';

/** An RSA key pair. Made by Node: node-forge takes seconds. */
export function rsaKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}

/** A certificate signed by `by`, or by itself. Keys are shared on purpose: none guards anything here. */
export function certificate(keyPem: string, leaf: Leaf = {}, by?: Holder): Holder {
  const { name = 'localhost', from = FROM, until = UNTIL } = leaf;
  const key = forge.pki.privateKeyFromPem(keyPem);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  made.serialNumber = `40${Buffer.from(`${name}${by?.name ?? ''}`)
    .toString('hex')
    .slice(0, 30)}`;
  made.validity.notBefore = new Date(from);
  made.validity.notAfter = new Date(until);
  made.setSubject([{ name: 'commonName', value: name }]);
  made.setIssuer([{ name: 'commonName', value: by?.name ?? name }]);
  made.setExtensions(leaf.ca ? CA : serverExtensions(leaf));
  made.sign(by ? forge.pki.privateKeyFromPem(by.keyPem) : key, forge.md.sha256.create());
  return { pem: forge.pki.certificateToPem(made), keyPem, name };
}

const CA = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];

function serverExtensions({ dns = ['localhost'], ip = ['127.0.0.1'], usage = 'serverAuth' }: Leaf): object[] {
  const altNames = [...dns.map((value) => ({ type: 2, value })), ...ip.map((address) => ({ type: 7, ip: address }))];
  const names = altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : [];
  return [{ name: 'basicConstraints', cA: false }, { name: 'extKeyUsage', [usage]: true }, ...names];
}

/** Two ECDSA CAs of one name, and a server of the second: what a re-generated CA leaves behind. */
export async function ecdsaTwins(): Promise<{ oldCa: string; server: Holder }> {
  const [oldKeys, newKeys, serverKeys] = await Promise.all([makeKeys(0), makeKeys(0), makeKeys(0)]);
  const subject = [{ shortName: 'CN', value: 'lab ca' }];
  const validity = { notBefore: new Date(FROM), notAfter: new Date(UNTIL) };
  const ca = (keys: typeof oldKeys): string =>
    issue({ subject, publicKey: keys.publicKey, issuer: { subject, ...keys }, ...validity });
  const pem = issue({
    subject: [{ shortName: 'CN', value: 'localhost' }],
    publicKey: serverKeys.publicKey,
    issuer: { subject, ...newKeys },
    names: ['localhost'],
    ...validity,
  });
  const keyPem = serverKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { oldCa: ca(oldKeys), server: { pem, keyPem, name: 'localhost' } };
}
