import type { X509Certificate } from 'node:crypto';
import { InputProblem } from '../support/problem';
import { rawBlocks } from './pem';
import {
  WARN_DAYS,
  daysLeft,
  decoded,
  encodePem,
  holdsPrivateKey,
  notAfter,
  notBefore,
  subjectOf,
} from './certificate';

/** How a bundle of PEM certificates is judged. */
export interface PemRules {
  /** The time at which the certificates must be valid; undefined: not judged. */
  readonly validAt?: Date;
  /** Accept certificates that are not CAs: a server's own certificate as its trust anchor. */
  readonly allowLeaf?: boolean;
  /** The text reaches Thanos as it is, and not as `pem`: a byte order mark at its start hides the first certificate. */
  readonly asIs?: boolean;
}

/** A checked bundle. */
export interface PemBundle {
  /** The certificates alone, re-encoded: LF, 64 columns, no text around them, each once. */
  readonly pem: string;
  readonly certificates: X509Certificate[];
  /** What is not wrong but should be known. */
  readonly warnings: string[];
}

/** The data of a Secret or ConfigMap may not be larger (https://kubernetes.io/docs/concepts/configuration/secret/). */
const SECRET_BYTES = 1024 * 1024;
/** What is cut away may be as much again, and more. Nothing that is larger is read. */
const LARGEST_TEXT = 8 * SECRET_BYTES;
const HINT = 'ca_file wants PEM: "-----BEGIN CERTIFICATE-----", base64 lines, "-----END CERTIFICATE-----"';

/** Reads PEM text as Thanos will, but refuses what Thanos would skip silently or choke on at start. */
export function parsePemBundle(text: string, rules: PemRules = {}): PemBundle {
  const { certificates, pem } = readCertificates(text);
  if (rules.asIs && text.startsWith('\ufeff'))
    throw new InputProblem(
      'starts with a byte order mark, for which Thanos skips the first certificate. Save it as UTF-8 without a mark',
    );
  for (const [i, certificate] of certificates.entries()) requireCa(certificate, i, rules);
  const warnings = judgeValidity(certificates, rules.validAt);
  if (Buffer.byteLength(pem) > SECRET_BYTES) {
    throw new InputProblem(
      `is a bundle of ${Buffer.byteLength(pem)} bytes; a Secret or ConfigMap holds 1048576. Keep only the roots that sign the S3 server's certificate`,
    );
  }
  return { pem, certificates, warnings };
}

type Certificates = Omit<PemBundle, 'warnings'>;

/** The text that was read last, and what it held: the stacks of a fleet share a CA, and reading it takes longest. */
let last: { text: string; held: Certificates } | undefined;

function readCertificates(text: string): Certificates {
  if (last?.text === text) return last.held;
  const clean = normalise(text);
  refuseOtherFormats(clean);
  const certificates = distinct(blocks(clean).map(toCertificate));
  last = { text, held: { certificates, pem: certificates.map(encodePem).join('') } };
  return last.held;
}

function normalise(text: string): string {
  if (typeof text !== 'string') throw new InputProblem(`is not PEM text but ${typeof text}; read the file as UTF-8`);
  if (text.length > LARGEST_TEXT)
    throw new InputProblem(`is a text of ${text.length} characters; a Secret or ConfigMap holds ${SECRET_BYTES} bytes`);
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

function refuseOtherFormats(text: string): void {
  if (text.trim() === '') throw new InputProblem(`is empty. ${HINT}`);
  if (holdsPrivateKey(text)) {
    throw new InputProblem('holds a private key. Give the CA certificate alone: the key would be in every granted pod');
  }
  if (/-----BEGIN (PKCS7|CMS|TRUSTED CERTIFICATE|CERTIFICATE REQUEST|NEW CERTIFICATE REQUEST)-----/.test(text)) {
    const kind = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
    throw new InputProblem(
      `holds a ${kind} block, which Thanos doesn't read. Convert it to plain certificates with openssl`,
    );
  }
  if (text.includes('-----BEGIN ')) return refuseBrokenLayout(text);
  if (/[\u0000\ufffd]/.test(text) || /^0\u0082/.test(text))
    throw new InputProblem(`is not text but looks like DER. ${HINT}; convert with "openssl x509 -inform der -in FILE"`);
  if (looksLikeEncodedPem(text))
    throw new InputProblem(`is base64 of something. Give the PEM itself; the Secret's encoding is done for you`);
  throw new InputProblem(`holds no certificate. ${HINT}`);
}

function refuseBrokenLayout(text: string): void {
  if (/^[ \t]+-----(BEGIN|END) /m.test(text))
    throw new InputProblem('is indented PEM, which Thanos refuses. Remove the blanks before "-----"');
  if (/-----END CERTIFICATE-----[ \t\ufeff]*-----BEGIN /.test(text))
    throw new InputProblem(
      'is two PEM blocks joined without a newline, of which Thanos reads neither. Put one between "-----END CERTIFICATE-----" and "-----BEGIN CERTIFICATE-----"',
    );
  if (/^\ufeff-----BEGIN /m.test(text))
    throw new InputProblem(
      'has a byte order mark before a BEGIN line, as where files were joined; Thanos skips that certificate. Remove the mark',
    );
  if (/-----BEGIN CERTIFICATE-----(?![ \t]*\n)/.test(text))
    throw new InputProblem(
      'is PEM on one line. Put the BEGIN line, each base64 line and the END line on lines of their own',
    );
  if (/-----END CERTIFICATE-----[ \t]*\S/.test(text))
    throw new InputProblem(
      'has text behind "-----END CERTIFICATE-----", for which Thanos skips the certificate. Put it on a line of its own',
    );
  const begins = count(text, /^-----BEGIN CERTIFICATE-----/gm);
  const ends = count(text, /^-----END CERTIFICATE-----/gm);
  if (begins !== ends) throw new InputProblem(`is truncated: ${begins} BEGIN and ${ends} END lines`);
}

function looksLikeEncodedPem(text: string): boolean {
  const compact = text.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]+=*$/.test(compact) && compact.length >= 40;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function blocks(text: string): string[][] {
  const complete = rawBlocks(text).filter(({ closed }) => closed);
  const other = complete.find(({ label }) => label !== 'CERTIFICATE');
  if (other) throw new InputProblem(`holds a ${other.label} block. Give certificates only`);
  if (complete.length === 0) throw new InputProblem(`holds no complete certificate. ${HINT}`);
  return complete.map(({ body }) => body);
}

function toCertificate(body: string[], index: number): X509Certificate {
  const base64 = body.map((line) => line.trimEnd()).join('');
  const nth = `certificate ${index + 1}`;
  if (body.some((line) => /^[ \t]/.test(line)))
    throw new InputProblem(`${nth} is indented PEM, which Thanos refuses. Remove the blanks at the line starts`);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new InputProblem(`${nth} is not base64 between BEGIN and END`);
  const der = Buffer.from(base64, 'base64');
  if (der.subarray(0, 11).toString('latin1') === '-----BEGIN ')
    throw new InputProblem(`${nth} is base64 of PEM: it was encoded twice`);
  try {
    return decoded(der);
  } catch {
    throw new InputProblem(
      `${nth} is damaged or truncated: it can't be parsed as an X.509 certificate with a public key and a validity`,
    );
  }
}

function distinct(certificates: X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((c) => [c.fingerprint256, c])).values()];
}

function requireCa(certificate: X509Certificate, index: number, rules: PemRules): void {
  if (certificate.ca || rules.allowLeaf) return;
  throw new InputProblem(
    `certificate ${index + 1} (${subjectOf(certificate)}) is not a CA (it lacks basicConstraints CA:TRUE, or its keyUsage lacks keyCertSign: RFC 5280 4.2.1.9). ` +
      `Give the certificate that signed the server's, or set allowLeaf to trust this one alone`,
  );
}

function judgeValidity(certificates: X509Certificate[], at?: Date): string[] {
  if (at === undefined) return [];
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) throw new InputProblem('validAt is not a valid Date');
  const bad = certificates.map((c) => [c, outside(c, at)] as const).filter(([, why]) => why);
  const warnings = bad.map(([c, why]) => `certificate ${subjectOf(c)} ${why}`);
  if (bad.length === certificates.length)
    throw new InputProblem(`${warnings[0]}; Thanos would fail each TLS handshake. Give a valid CA`);
  for (const c of certificates) {
    const days = daysLeft(c, at);
    if (!outside(c, at) && days < WARN_DAYS)
      warnings.push(`certificate ${subjectOf(c)} expires on ${notAfter(c).toISOString()}, in ${days} days`);
  }
  return warnings;
}

function outside(certificate: X509Certificate, at: Date): string | undefined {
  if (at < notBefore(certificate))
    return `is not valid before ${notBefore(certificate).toISOString()} (given time ${at.toISOString()})`;
  if (at > notAfter(certificate))
    return `expired on ${notAfter(certificate).toISOString()} (given time ${at.toISOString()})`;
  return undefined;
}
