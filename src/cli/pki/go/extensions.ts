import { OIDS } from '../../../pki/oids';
import { Der, TAG, Unreadable } from './der';
import { type Subtrees, nameConstraints } from './constraints-field';
import { authorityInfoAccess, distributionPoints } from './locations';
import { type AlternativeNames, alternativeNames } from './alternative-names';
import { type Policies, policyField } from './policy-fields';

/** The extensions of a certificate that Go's verifier looks at. */
export interface Extensions extends Policies {
  alternativeNames?: AlternativeNames;
  basicConstraints?: { readonly ca: boolean; readonly maxPathLength?: number };
  /** Its bits, the first the lowest; 0: none, which allows all. */
  keyUsage: number;
  /** OIDs; empty: all. */
  extendedKeyUsage: string[];
  nameConstraints?: { readonly permitted: Subtrees; readonly excluded: Subtrees };
  subjectKeyId: Buffer;
  authorityKeyId: Buffer;
  /** OIDs of critical extensions that Go does not know. */
  unhandled: string[];
}

const NONE = Buffer.alloc(0);
const KEY_USAGES = 9;

/** Reads the extensions. */
export function extensionsOf(list: Der | undefined): Extensions {
  const extensions: Extensions = {
    keyUsage: 0,
    extendedKeyUsage: [],
    subjectKeyId: NONE,
    authorityKeyId: NONE,
    unhandled: [],
    policies: [],
    policyMappings: [],
  };
  const found: { oid: string; critical: boolean; value: Buffer }[] = [];
  while (list && !list.empty) {
    const one = list.inner(TAG.sequence);
    const oid = one.oid();
    const critical = one.next(TAG.boolean) && one.boolean();
    const value = one.content(TAG.octetString);
    if (found.some((other) => other.oid === oid))
      throw new Unreadable(`x509: certificate contains duplicate extension with OID "${oid}"`);
    found.push({ oid, critical, value });
  }
  for (const { oid, critical, value } of found)
    if (!read(extensions, oid, critical, value) && critical) extensions.unhandled.push(oid);
  return extensions;
}

/** Whether Go knows the extension. */
function read(into: Extensions, oid: string, critical: boolean, value: Buffer): boolean {
  switch (oid) {
    case OIDS.keyUsage:
      into.keyUsage = keyUsage(value);
      return true;
    case OIDS.basicConstraints:
      into.basicConstraints = basicConstraints(value);
      return true;
    case OIDS.extendedKeyUsage:
      into.extendedKeyUsage = extendedKeyUsage(value);
      return true;
    case OIDS.subjectAltName:
      into.alternativeNames = alternativeNames(value);
      return into.alternativeNames.count > 0;
    case OIDS.nameConstraints: {
      const { handled, ...constraints } = nameConstraints(value);
      into.nameConstraints = constraints;
      return handled;
    }
    case OIDS.subjectKeyIdentifier:
      refuseCritical(critical, 'subject key identifier');
      into.subjectKeyId = new Der(value, 'x509: invalid subject key identifier').content(TAG.octetString);
      return true;
    case OIDS.authorityKeyIdentifier:
      refuseCritical(critical, 'authority key identifier');
      into.authorityKeyId = authorityKeyIdentifier(value);
      return true;
    case OIDS.authorityInfoAccess:
      refuseCritical(critical, 'authority info access');
      authorityInfoAccess(value);
      return true;
    case OIDS.crlDistributionPoints:
      distributionPoints(value);
      return true;
    default:
      return policyField(into, oid, value);
  }
}

function keyUsage(value: Buffer): number {
  const bits = new Der(value, 'x509: invalid key usage').bits();
  let usage = 0;
  for (let i = 0; i < KEY_USAGES; i++) if (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) usage |= 1 << i;
  return usage;
}

function basicConstraints(value: Buffer): Extensions['basicConstraints'] {
  const complaint = 'x509: invalid basic constraints';
  const fields = new Der(value, complaint).inner(TAG.sequence);
  const ca = fields.next(TAG.boolean) && fields.boolean();
  if (!fields.next(TAG.integer)) return { ca };
  const length = fields.integer();
  if (length < 0n || length > 2n ** 63n - 1n) throw new Unreadable(complaint);
  return { ca, maxPathLength: Number(length) };
}

function extendedKeyUsage(value: Buffer): string[] {
  const usages: string[] = [];
  const list = new Der(value, 'x509: invalid extended key usages').inner(TAG.sequence);
  while (!list.empty) usages.push(list.oid());
  return usages;
}

/** Only the identifier in its primitive form counts; Go passes over the issuer and serial number. */
function authorityKeyIdentifier(value: Buffer): Buffer {
  const fields = new Der(value, 'x509: invalid authority key identifier').inner(TAG.sequence);
  return fields.next(0x80) ? fields.content(0x80) : NONE;
}

function refuseCritical(critical: boolean, what: string): void {
  if (critical) throw new Unreadable(`x509: ${what} incorrectly marked critical`);
}
