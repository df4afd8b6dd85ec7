import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { OIDS } from '../../../src/pki/oids';
import { TRUE, bits, der, integer, oid, sequence } from './der';

/** Names of one kind each. */
export interface Names {
  readonly dns?: string[];
  /** Addresses; of constraints, ADDRESS/MASK. */
  readonly ips?: string[];
  readonly emails?: string[];
  readonly uris?: string[];
  /** Common names of directory names. */
  readonly directories?: string[];
}

/** An extension as bytes. */
export interface Extra {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Buffer;
}

/** What a certificate says: a valid CA unless told. Whatever is undefined is left out. */
export interface Spec {
  readonly subject: string;
  readonly issuer: string;
  /** Name of its key; that of the subject unless told. */
  readonly key?: string;
  /** Name of the key that signs; that of the issuer unless told. */
  readonly signer?: string;
  readonly keyType?: KeyType;
  readonly signerType?: KeyType;
  readonly hash?: string;
  readonly pss?: boolean;
  readonly version?: number;
  /** Tag of the texts in names: UTF8String, or another. */
  readonly issuerTag?: number;
  readonly subjectTag?: number;
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
  readonly ca?: boolean;
  readonly basicConstraints?: boolean;
  readonly pathLength?: number;
  /** Bits of the key usage, the first the lowest. */
  readonly keyUsage?: number;
  readonly usages?: string[];
  readonly names?: Names;
  readonly permitted?: Names;
  readonly excluded?: Names;
  readonly constraintsCritical?: boolean;
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  readonly extra?: Extra[];
}

/** Kinds of keys. */
export type KeyType = 'p256' | 'p384' | 'p521' | 'rsa' | 'rsa1024' | 'rsa512' | 'ed25519' | 'rsa-pss' | 'secp256k1';

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const DAY_MS = 24 * 3600_000;
const MAKERS: Record<KeyType, () => KeyPair> = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  rsa1024: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa512: () => generateKeyPairSync('rsa', { modulusLength: 512 }),
  'rsa-pss': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  ed25519: () => generateKeyPairSync('ed25519'),
};
const keys = new Map<string, KeyPair>();
const all = new WeakMap<Spec, Buffer>();
let serial = 1000;

/** The key of a name, made once. */
export function keyOf(name: string, type: KeyType = 'p256'): KeyPair {
  const id = `${type} ${name}`;
  if (!keys.has(id)) keys.set(id, MAKERS[type]());
  return keys.get(id)!;
}

/** Makes a certificate; of one description once, as where a server sends what is trusted too. */
export function made(spec: Spec): Buffer {
  const bytes = all.get(spec) ?? issue(spec);
  all.set(spec, bytes);
  return bytes;
}

function issue(spec: Spec): Buffer {
  const { privateKey } = keyOf(spec.signer ?? spec.issuer, spec.signerType);
  const algorithm = algorithmOf(privateKey, spec);
  const tbs = sequence(
    ...(spec.version === 1 ? [] : [der(0xa0, integer((spec.version ?? 3) - 1))]),
    integer(serial++),
    algorithm,
    nameOf(spec.issuer, spec.issuerTag),
    sequence(time(spec.from ?? -1), time(spec.until ?? 365)),
    nameOf(spec.subject, spec.subjectTag),
    keyOf(spec.key ?? spec.subject, spec.keyType).publicKey.export({ type: 'spki', format: 'der' }),
    ...(spec.version === 1 ? [] : [der(0xa3, sequence(...extensionsOf(spec)))]),
  );
  const edwards = privateKey.asymmetricKeyType === 'ed25519';
  const pss = spec.pss && privateKey.asymmetricKeyType === 'rsa';
  const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : undefined;
  const saltLength = pss ? constants.RSA_PSS_SALTLEN_DIGEST : undefined;
  const key = { key: privateKey, padding, saltLength };
  return sequence(tbs, algorithm, bits(sign(edwards ? undefined : (spec.hash ?? 'sha256'), tbs, key)));
}

const HASH_OIDS: Record<string, string> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const RSA_OIDS: Record<string, string> = { md5: '4', sha1: '5', sha256: '11', sha384: '12', sha512: '13' };
const EC_OIDS: Record<string, string> = { sha1: '1', sha256: '3.2', sha384: '3.3', sha512: '3.4' };
const NULL = der(5);

function algorithmOf(key: KeyObject, { hash = 'sha256', pss }: Spec): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'));
  if (key.asymmetricKeyType === 'ec') return sequence(oid(`1.2.840.10045.4.${EC_OIDS[hash]}`));
  if (!pss) return sequence(oid(`1.2.840.113549.1.1.${RSA_OIDS[hash]}`), NULL);
  const inner = sequence(oid(HASH_OIDS[hash]), NULL);
  const salt = { sha256: 32, sha384: 48, sha512: 64 }[hash]!;
  const mask = sequence(oid('1.2.840.113549.1.1.8'), inner);
  return sequence(oid('1.2.840.113549.1.1.10'), sequence(der(0xa0, inner), der(0xa1, mask), der(0xa2, integer(salt))));
}

function nameOf(commonName: string, tag = 0x0c): Buffer {
  return commonName === '' ? sequence() : sequence(der(0x31, sequence(oid(OIDS.commonName), der(tag, commonName))));
}

function time(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? der(0x17, text.slice(2)) : der(0x18, text);
}

function extensionsOf(spec: Spec): Buffer[] {
  const { ca = true, basicConstraints = ca, pathLength, keyUsage, usages, names, permitted, excluded } = spec;
  const identifier = (text: string): Buffer => createHash('sha1').update(text).digest();
  const list: Extra[] = [...(spec.extra ?? [])];
  const add = (id: string, value: Buffer, critical = false): void => void list.push({ oid: id, critical, value });
  const length = pathLength === undefined ? [] : [integer(pathLength)];
  if (basicConstraints) add(OIDS.basicConstraints, sequence(...(ca ? [TRUE] : []), ...length), true);
  if (keyUsage !== undefined) add(OIDS.keyUsage, keyUsageBits(keyUsage), true);
  if (usages) add(OIDS.extendedKeyUsage, sequence(...usages.map(oid)));
  if (names) add(OIDS.subjectAltName, sequence(...generalNames(names)));
  if (permitted || excluded) {
    const trees = (tag: number, some?: Names): Buffer[] =>
      some ? [der(tag, ...generalNames(some).map((one) => sequence(one)))] : [];
    add(
      OIDS.nameConstraints,
      sequence(...trees(0xa0, permitted), ...trees(0xa1, excluded)),
      spec.constraintsCritical ?? true,
    );
  }
  const { subjectKeyId, authorityKeyId } = spec;
  if (subjectKeyId !== undefined) add(OIDS.subjectKeyIdentifier, der(4, identifier(subjectKeyId)));
  if (authorityKeyId !== undefined) add(OIDS.authorityKeyIdentifier, sequence(der(0x80, identifier(authorityKeyId))));
  return list.map((one) => sequence(oid(one.oid), ...(one.critical ? [TRUE] : []), der(4, one.value)));
}

/** Bits stand from the left in a bit string. */
function keyUsageBits(usage: number): Buffer {
  const bytes = Buffer.alloc(2);
  for (let i = 0; i < 9; i++) if (usage & (1 << i)) bytes[i >> 3] |= 0x80 >> (i & 7);
  return bits(bytes);
}

function generalNames({ dns = [], ips = [], emails = [], uris = [], directories = [] }: Names): Buffer[] {
  return [
    ...emails.map((text) => der(0x81, text)),
    ...dns.map((text) => der(0x82, text)),
    ...directories.map((text) => der(0xa4, nameOf(text))),
    ...uris.map((text) => der(0x86, text)),
    ...ips.map((text) => der(0x87, ...text.split('/').map(address))),
  ];
}

function address(text: string): Buffer {
  if (isIP(text) === 4) return Buffer.from(text.split('.').map(Number));
  const [head, tail = ''] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const all = [...groups(head), ...zeros, ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
