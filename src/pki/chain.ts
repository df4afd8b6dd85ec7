import type { X509Certificate } from 'node:crypto';
import { daysLeft, issuerOf, notAfter, notBefore, subjectOf } from './certificate';

/** What is told of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly key: string;
  readonly ca: boolean;
  readonly selfSigned: boolean;
  readonly names?: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly sha256: string;
}

/** The facts of a certificate at a time. */
export function factsOf(certificate: X509Certificate, now: Date): CertificateFacts {
  return {
    subject: subjectOf(certificate),
    issuer: issuerOf(certificate),
    key: keyOf(certificate),
    ca: certificate.ca,
    selfSigned: isSelfSigned(certificate),
    names: certificate.subjectAltName,
    notBefore: dateText(notBefore(certificate)),
    notAfter: dateText(notAfter(certificate)),
    daysLeft: daysLeft(certificate, now),
    sha256: certificate.fingerprint256,
  };
}

/** Whether one certificate signed another: names, key identifiers and the signature itself. */
export function signed(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // a key that OpenSSL doesn't know
    return false;
  }
}

/** Whether a certificate signed itself, be it allowed to sign or not: a server's own one seldom is. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  try {
    return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

/** A server's certificate and, of the others that it sent, those that lead upwards, each signed by the next. */
export function upwards([leaf, ...others]: X509Certificate[]): X509Certificate[] {
  if (isSelfSigned(leaf)) return [leaf];
  const next = others.find((other) => signed(other, leaf));
  return next ? [leaf, ...upwards([next, ...others.filter((other) => other !== next)])] : [leaf];
}

/** The path from a server's certificate to one that is trusted, both included; undefined where there is none. */
export function pathTo(presented: X509Certificate[], trusted: X509Certificate[]): X509Certificate[] | undefined {
  return extend([presented[0]], presented.slice(1), trusted);
}

function extend(
  path: X509Certificate[],
  others: X509Certificate[],
  trusted: X509Certificate[],
): X509Certificate[] | undefined {
  const last = path[path.length - 1];
  if (trusted.some((root) => root.fingerprint256 === last.fingerprint256)) return path;
  const root = trusted.find((candidate) => candidate.ca && signed(candidate, last));
  if (root) return [...path, root];
  for (const next of others.filter((other) => other.ca && signed(other, last))) {
    const rest = others.filter((other) => other !== next);
    const found = extend([...path, next], rest, trusted);
    if (found) return found;
  }
  return undefined;
}

/** A server may show a certificate whose dates are none. */
function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unreadable' : date.toISOString();
}

function keyOf(certificate: X509Certificate): string {
  try {
    // read here: the getter throws for a key that OpenSSL can't decode
    const { publicKey } = certificate;
    const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
    const type = publicKey.asymmetricKeyType ?? 'unknown';
    if (type === 'ec') return `ECDSA ${namedCurve === 'prime256v1' ? 'P-256' : namedCurve}`;
    return modulusLength ? `${type.toUpperCase()} ${modulusLength}` : type;
  } catch {
    return 'of an unknown kind';
  }
}
