import { type KeyObject, constants, createPublicKey, verify } from 'node:crypto';
import { Der, TAG, Unreadable } from './der';

type KeyKind = 'RSA' | 'ECDSA' | 'Ed25519';

/** How a certificate was signed, as far as Go knows the algorithm. */
export interface SignatureAlgorithm {
  readonly name: string;
  readonly key: KeyKind | 'DSA';
  /** undefined: the algorithm hashes by itself. */
  readonly hash?: string;
  readonly pss?: boolean;
}

/** A public key as Go reads it. */
export interface PublicKey {
  readonly kind: KeyKind | 'other';
  readonly key?: KeyObject;
  readonly rsaBits?: number;
}

/** The smallest RSA key whose signatures Go accepts. */
export const SMALLEST_RSA = 1024;

const RSA = '1.2.840.113549.1.1';
const EC = '1.2.840.10045.4';
const ED25519 = '1.3.101.112';
const MGF1 = `${RSA}.8`;
const NULL = Buffer.from([5, 0]);
const UNCOMPRESSED = 4;
const HASHES: Record<string, readonly [hash: string, salt: number]> = {
  '2.16.840.1.101.3.4.2.1': ['sha256', 32],
  '2.16.840.1.101.3.4.2.2': ['sha384', 48],
  '2.16.840.1.101.3.4.2.3': ['sha512', 64],
};
const ALGORITHMS: Record<string, SignatureAlgorithm> = {
  [`${RSA}.4`]: { name: 'MD5-RSA', key: 'RSA', hash: 'md5' },
  [`${RSA}.5`]: { name: 'SHA1-RSA', key: 'RSA', hash: 'sha1' },
  '1.3.14.3.2.29': { name: 'SHA1-RSA', key: 'RSA', hash: 'sha1' },
  [`${RSA}.11`]: { name: 'SHA256-RSA', key: 'RSA', hash: 'sha256' },
  [`${RSA}.12`]: { name: 'SHA384-RSA', key: 'RSA', hash: 'sha384' },
  [`${RSA}.13`]: { name: 'SHA512-RSA', key: 'RSA', hash: 'sha512' },
  [`${EC}.1`]: { name: 'ECDSA-SHA1', key: 'ECDSA', hash: 'sha1' },
  [`${EC}.3.2`]: { name: 'ECDSA-SHA256', key: 'ECDSA', hash: 'sha256' },
  [`${EC}.3.3`]: { name: 'ECDSA-SHA384', key: 'ECDSA', hash: 'sha384' },
  [`${EC}.3.4`]: { name: 'ECDSA-SHA512', key: 'ECDSA', hash: 'sha512' },
  '1.2.840.10040.4.3': { name: 'DSA-SHA1', key: 'DSA', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { name: 'DSA-SHA256', key: 'DSA', hash: 'sha256' },
};
/** P-224, P-256, P-384, P-521. */
const CURVES = ['1.3.132.0.33', '1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35'];
const MALFORMED = 'x509: malformed OID';

/** The algorithm of a signature; undefined: Go knows none, or not with these parameters. */
export function signatureAlgorithm(identifier: Buffer): SignatureAlgorithm | undefined {
  const { oid, parameters } = algorithmIdentifier(identifier);
  if (oid === ED25519) return parameters.length === 0 ? { name: 'Ed25519', key: 'Ed25519' } : undefined;
  return oid === `${RSA}.10` ? pss(parameters) : ALGORITHMS[oid];
}

/** The key of a SubjectPublicKeyInfo; undefined: of a kind that Go does not know. */
export function publicKeyOf(spki: Buffer): PublicKey | undefined {
  const info = new Der(spki, 'x509: malformed spki').inner(TAG.sequence);
  const { oid, parameters } = algorithmIdentifier(info.content(TAG.sequence));
  const bytes = info.wholeBytes();
  if (oid === `${RSA}.1`) {
    if (!parameters.equals(NULL)) throw new Unreadable('x509: RSA key missing NULL parameters');
    const numbers = new Der(bytes, 'x509: invalid RSA public key').inner(TAG.sequence);
    if (numbers.integer() <= 0n) throw new Unreadable('x509: RSA modulus is not a positive number');
    if (numbers.integer() <= 0n) throw new Unreadable('x509: RSA public exponent is not a positive number');
    const key = decode(spki, 'x509: invalid RSA public key');
    return { kind: 'RSA', key, rsaBits: key.asymmetricKeyDetails?.modulusLength };
  }
  if (oid === '1.2.840.10045.2.1') {
    const curve = new Der(parameters, 'x509: invalid ECDSA parameters').oid();
    if (!CURVES.includes(curve)) throw new Unreadable('x509: unsupported elliptic curve');
    if (bytes[0] !== UNCOMPRESSED) throw new Unreadable('ecdsa: invalid uncompressed public key');
    return { kind: 'ECDSA', key: decode(spki, 'ecdsa: invalid public key') };
  }
  if (oid === ED25519) {
    if (parameters.length > 0) throw new Unreadable('x509: Ed25519 key encoded with illegal parameters');
    return { kind: 'Ed25519', key: decode(spki, 'x509: wrong Ed25519 public key size') };
  }
  // X25519 and DSA, with which Go verifies nothing
  return ['1.3.101.110', '1.2.840.10040.4.1'].includes(oid) ? { kind: 'other' } : undefined;
}

/** Go's text where a signature is none by this key; undefined: it is one. */
export function signatureFault(
  algorithm: SignatureAlgorithm | undefined,
  signed: Buffer,
  signature: Buffer,
  { kind, key, rsaBits = SMALLEST_RSA }: PublicKey,
): string | undefined {
  if (algorithm === undefined || key === undefined || kind === 'other') {
    return 'x509: cannot verify signature: algorithm unimplemented';
  }
  const { hash, pss: isPss } = algorithm;
  if (hash === 'md5' || hash === 'sha1') return `x509: cannot verify signature: insecure algorithm ${algorithm.name}`;
  if (algorithm.key !== kind) {
    const type = { RSA: '*rsa.PublicKey', ECDSA: '*ecdsa.PublicKey', Ed25519: 'ed25519.PublicKey' }[kind];
    return `x509: signature algorithm specifies an ${algorithm.key} public key, but have public key of type ${type}`;
  }
  if (rsaBits < SMALLEST_RSA) {
    return `crypto/rsa: ${rsaBits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
  }
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : undefined;
  const saltLength = isPss ? constants.RSA_PSS_SALTLEN_DIGEST : undefined;
  if (verified(() => verify(hash, signed, { key, padding, saltLength }, signature))) return undefined;
  return kind === 'RSA' ? 'crypto/rsa: verification error' : `x509: ${kind} verification failure`;
}

function algorithmIdentifier(content: Buffer): { oid: string; parameters: Buffer } {
  const reader = new Der(content, MALFORMED);
  const oid = reader.oid();
  return { oid, parameters: reader.empty ? Buffer.alloc(0) : reader.element().raw };
}

/** Go wants one hash for all, its length as that of the salt, and the parameters written out. */
function pss(parameters: Buffer): SignatureAlgorithm | undefined {
  try {
    const all = new Der(parameters, MALFORMED).inner(TAG.sequence);
    const hash = algorithmIdentifier(all.inner(0xa0).content(TAG.sequence));
    const mask = algorithmIdentifier(all.inner(0xa1).content(TAG.sequence));
    const maskHash = algorithmIdentifier(new Der(mask.parameters, MALFORMED).content(TAG.sequence));
    const salt = Number(all.inner(0xa2).integer());
    const trailer = all.optional(0xa3)?.integer() ?? 1n;
    const odd = [hash, maskHash].some((one) => one.parameters.length > 0 && !one.parameters.equals(NULL));
    const [name, length] = HASHES[hash.oid] ?? [];
    if (odd || mask.oid !== MGF1 || maskHash.oid !== hash.oid || trailer !== 1n || length !== salt) return undefined;
    return { name: `${name!.toUpperCase()}-RSAPSS`, key: 'RSA', hash: name, pss: true };
  } catch {
    return undefined;
  }
}

function decode(spki: Buffer, complaint: string): KeyObject {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    throw new Unreadable(complaint);
  }
}

function verified(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
