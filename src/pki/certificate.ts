import { X509Certificate } from 'node:crypto';

const DAY_MS = 24 * 3600 * 1000;

/** Days before the end of a certificate from which is warned. */
export const WARN_DAYS = 30;

/**
 * A certificate whose public key and dates can be read too, which Node tries only when it is asked for them. Thanos reads
 * all at once, and skips a certificate where it can't.
 *
 * @throws what OpenSSL throws
 */
export function decoded(der: Buffer): X509Certificate {
  const certificate = new X509Certificate(der);
  if (certificate.publicKey.type !== 'public') throw new Error('no public key');
  if ([notBefore(certificate), notAfter(certificate)].some((date) => Number.isNaN(date.getTime())))
    throw new Error('no validity');
  return certificate;
}

/** The start of a certificate's validity. Node 20 gives it as text only. */
export function notBefore(certificate: X509Certificate): Date {
  return new Date(certificate.validFrom);
}

/** The end of a certificate's validity. */
export function notAfter(certificate: X509Certificate): Date {
  return new Date(certificate.validTo);
}

/** Whole days from a time to the end of a certificate; negative where it has expired. */
export function daysLeft(certificate: X509Certificate, at: Date): number {
  return Math.floor((notAfter(certificate).getTime() - at.getTime()) / DAY_MS);
}

/** The subject on one line, for messages. */
export function subjectOf(certificate: X509Certificate): string {
  return oneLine(certificate.subject) || '(no subject)';
}

/** The issuer on one line, for messages. */
export function issuerOf(certificate: X509Certificate): string {
  return oneLine(certificate.issuer) || '(no issuer)';
}

function oneLine(name: string | undefined): string | undefined {
  return name?.replaceAll('\n', ', ');
}

/** A certificate as PEM text: LF, 64 columns. */
export function encodePem(certificate: X509Certificate): string {
  return pemOf(certificate.raw);
}

/** The PEM text of a certificate's DER. */
export function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Whether a text holds a private key, of whatever kind. */
export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text);
}
