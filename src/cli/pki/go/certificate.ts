import { X509Certificate } from 'node:crypto';
import { type PublicKey, type SignatureAlgorithm, publicKeyOf, signatureAlgorithm } from './algorithms';
import { Der, TAG, Unreadable } from './der';
import { type Extensions, extensionsOf } from './extensions';
import { type Name, nameOf } from './names';

/** A certificate as Go reads it. */
export interface GoCertificate {
  /** The same for messages. */
  readonly node: X509Certificate;
  /** What is signed. */
  readonly tbs: Buffer;
  readonly version: number;
  readonly serial: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Buffer;
  /** undefined: of a kind that Go does not know. */
  readonly publicKey?: PublicKey;
  readonly algorithm?: SignatureAlgorithm;
  readonly signature: Buffer;
  readonly extensions: Extensions;
}

const VERSIONS = 3;

/**
 * Reads a certificate as crypto/x509 does.
 *
 * @throws Unreadable where Go does not take it for one: it passes over such a root, and breaks off where a server sends it
 */
export function goCertificate(node: X509Certificate): GoCertificate {
  const whole = new Der(node.raw, 'x509: malformed certificate');
  const fields = whole.inner(TAG.sequence);
  if (!whole.empty) throw new Unreadable('x509: trailing data');
  const { raw: tbs, content } = fields.element(TAG.sequence);
  const part = new Der(content, 'x509: malformed tbs certificate');
  const version = versionOf(part);
  const serial = part.integer();
  if (serial < 0n) throw new Unreadable('x509: negative serial number');
  const inner = part.content(TAG.sequence);
  if (!fields.content(TAG.sequence).equals(inner))
    throw new Unreadable("x509: inner and outer signature algorithm identifiers don't match");
  const algorithm = signatureAlgorithm(inner);
  const issuer = nameOf(part.element(TAG.sequence).raw);
  const validity = part.inner(TAG.sequence);
  const [notBefore, notAfter] = [time(validity), time(validity)];
  const subject = nameOf(part.element(TAG.sequence).raw);
  const spki = part.element(TAG.sequence).raw;
  const publicKey = publicKeyOf(spki);
  const extensions = extensionsOf(extensionList(part, version));
  const signature = fields.wholeBytes();
  const dates = { notBefore, notAfter };
  const signing = { tbs, algorithm, signature, spki, publicKey };
  return { node, version, serial, issuer, subject, ...dates, ...signing, extensions };
}

function versionOf(part: Der): number {
  const explicit = part.optional(0xa0);
  const version = Number(explicit?.integer() ?? 0n) + 1;
  if (version < 1 || version > VERSIONS || explicit?.empty === false) throw new Unreadable('x509: invalid version');
  return version;
}

/** Only version 3 has extensions; what a lower one has in their place is passed over. */
function extensionList(part: Der, version: number): Der | undefined {
  if (version < 2) return undefined;
  for (const uniqueId of [0x81, 0x82]) part.optional(uniqueId);
  return version < VERSIONS ? undefined : part.optional(0xa3)?.inner(TAG.sequence);
}

const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/;

function time(validity: Der): Date {
  const { tag, content } = validity.element();
  const [, year, month, day, hour, minute, second = '00', zone] =
    (tag === TAG.utcTime ? UTC : tag === TAG.generalizedTime ? GENERALIZED : /$^/).exec(content.toString('latin1')) ??
    [];
  if (zone === undefined || zone === '+0000') throw new Unreadable('x509: malformed validity');
  const century = tag === TAG.generalizedTime ? '' : Number(year) < 50 ? '20' : '19';
  const local = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const date = new Date(`${local}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`);
  // a day that its month does not have would roll over
  if (Number.isNaN(date.getTime()) || !new Date(`${local}Z`).toISOString().startsWith(local))
    throw new Unreadable('x509: malformed validity');
  return date;
}
