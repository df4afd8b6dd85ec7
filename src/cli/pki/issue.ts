import { type KeyObject, createHash, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { isIP } from 'node:net';
import { library } from '../libraries';
import { pemOf } from '../../pki/certificate';
import { OIDS } from '../../pki/oids';
import type { Attribute } from './subject';

type Forge = typeof import('node-forge');

/** Keys of a certificate. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What a certificate says. */
export interface CertificateOptions {
  readonly subject: Attribute[];
  readonly publicKey: KeyObject;
  readonly issuer: { readonly subject: Attribute[] } & KeyPair;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DNS names and IP addresses of a server's certificate; undefined: a CA. */
  readonly names?: string[];
}

/** A part of node-forge that its types leave out. */
interface LowLevel {
  getTBSCertificate(certificate: object): { value: object[] };
}

const generate = promisify(generateKeyPair);
const SIGNATURE_OIDS = { rsa: OIDS.sha256WithRsaEncryption, ec: OIDS.ecdsaWithSha256 };
const SERIAL_BYTES = 16;
const DNS = 2;
const IP = 7;
/** Where the two fields that node-forge can only make for RSA stand in a TBSCertificate (RFC 5280 4.1). */
const TBS_SIGNATURE = 2;
const TBS_PUBLIC_KEY = 6;

/** Makes an RSA key of so many bits, or an ECDSA P-256 key for 0. */
export async function makeKeys(rsaBits: number): Promise<KeyPair> {
  return rsaBits > 0 ? generate('rsa', { modulusLength: rsaBits }) : generate('ec', { namedCurve: 'P-256' });
}

/**
 * Makes and signs a certificate, PEM. node-forge lays out names, dates and extensions; it knows RSA alone, so the public
 * key and the signature algorithm are put in here, and Node signs: one way for RSA and ECDSA.
 */
export function issue(options: CertificateOptions): string {
  const forge = library('node-forge');
  const tbs = (forge.pki as unknown as LowLevel).getTBSCertificate(layout(forge, options));
  const algorithm = signatureAlgorithm(forge, options.issuer.privateKey);
  tbs.value[TBS_SIGNATURE] = algorithm;
  tbs.value[TBS_PUBLIC_KEY] = forge.asn1.fromDer(spki(options.publicKey).toString('binary'));
  const der = Buffer.from(forge.asn1.toDer(tbs as never).getBytes(), 'binary');
  const signature = sign('sha256', der, options.issuer.privateKey);
  const { Class, Type, create } = forge.asn1;
  const bits = create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${signature.toString('binary')}`);
  const certificate = create(Class.UNIVERSAL, Type.SEQUENCE, true, [tbs, algorithm, bits] as never);
  return pemOf(Buffer.from(forge.asn1.toDer(certificate).getBytes(), 'binary'));
}

/** A private key as PKCS #8, PEM. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function layout(forge: Forge, options: CertificateOptions) {
  const certificate = forge.pki.createCertificate();
  // stands in for the real key, which is put in afterwards
  certificate.publicKey = forge.pki.setRsaPublicKey(new forge.jsbn.BigInteger('3'), new forge.jsbn.BigInteger('3'));
  certificate.siginfo.algorithmOid = SIGNATURE_OIDS.rsa;
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = options.notBefore;
  certificate.validity.notAfter = options.notAfter;
  certificate.setSubject(attributes(forge, options.subject));
  certificate.setIssuer(attributes(forge, options.issuer.subject));
  certificate.setExtensions(extensions(forge, options));
  return certificate;
}

/** RFC 5280 4.2.1: a CA may sign certificates and lists; a server's names stand in the SAN, since Go reads no CN. */
function extensions(forge: Forge, { names, publicKey, issuer, subject }: CertificateOptions): object[] {
  const { Class, Type, create, toDer } = forge.asn1;
  const keyId = keyIdentifier(publicKey);
  const ids = [
    { name: 'subjectKeyIdentifier', value: toDer(create(Class.UNIVERSAL, Type.OCTETSTRING, false, keyId)).getBytes() },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifier(issuer.publicKey) },
  ];
  if (names === undefined) {
    const usage = { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true };
    return [{ name: 'basicConstraints', critical: true, cA: true }, usage, ...ids];
  }
  // RSA key exchange needs keyEncipherment, ECDSA can't do it
  const keyEncipherment = publicKey.asymmetricKeyType === 'rsa';
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', critical: subject.length === 0, altNames: names.map(altName) },
    ...ids,
  ];
}

function altName(name: string): object {
  return isIP(name) === 0 ? { type: DNS, value: name } : { type: IP, ip: name };
}

function attributes(forge: Forge, subject: Attribute[]) {
  const { UTF8, PRINTABLESTRING, IA5STRING } = forge.asn1.Type as unknown as Record<string, never>;
  const types: Record<string, never> = { C: PRINTABLESTRING, E: IA5STRING };
  return subject.map((a) => ({ ...a, valueTagClass: types[a.shortName] ?? UTF8 }));
}

function signatureAlgorithm(forge: Forge, key: KeyObject) {
  const { Class, Type, create, oidToDer } = forge.asn1;
  const rsa = key.asymmetricKeyType === 'rsa';
  const oid = create(
    Class.UNIVERSAL,
    Type.OID,
    false,
    oidToDer(rsa ? SIGNATURE_OIDS.rsa : SIGNATURE_OIDS.ec).getBytes(),
  );
  const parameters = rsa ? [create(Class.UNIVERSAL, Type.NULL, false, '')] : [];
  return create(Class.UNIVERSAL, Type.SEQUENCE, true, [oid, ...parameters]);
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** SHA-256 of the public key, cut to 160 bits (RFC 7093, method 1). */
function keyIdentifier(key: KeyObject): string {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20).toString('binary');
}

/** Random, positive, and of one length: the first byte is 0x40 to 0x7f. */
function serialNumber(): string {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return serial.toString('hex');
}
