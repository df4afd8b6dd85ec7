import { readFileSync } from 'node:fs';
import { type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { InputProblem } from '../support/problem';
import { unreadable } from '../support/unreadable';
import { issuerOf, subjectOf } from '../pki/certificate';
import { parsePemBundle } from '../pki/pem-bundle';

/** How a server certificate is judged. */
export interface S3ServerCertificateOptions {
  /**
   * Time at which the certificate must be valid. Synth reads no clock: pass `new Date()` in main.ts.
   * @default - validity is not judged
   */
  readonly validAt?: Date;
}

/** What a server certificate must fit. */
export interface ServerFacts {
  /** Names that Thanos will verify. */
  readonly names: readonly string[];
  /** The trust anchors, where they are known. */
  readonly roots?: readonly X509Certificate[];
}

/** RFC 5280 4.2.1.12: serverAuth, and "any". */
const SERVER_AUTH = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/**
 * The certificate that the S3 server shows, given so that synth can tell whether Thanos will accept it. It is not written
 * anywhere: a certificate that fits leaves no trace.
 */
export class S3ServerCertificate {
  /**
   * The certificate as PEM text, its intermediates after it.
   * @param pem one or more PEM certificates, the server's first
   */
  public static fromPem(pem: string, options: S3ServerCertificateOptions = {}): S3ServerCertificate {
    return new S3ServerCertificate(() => pem, options);
  }

  /**
   * The certificate as a PEM file on the machine that runs synth, such as MinIO's public.crt.
   * @param path path of the file; build it from `__dirname` so that synth works from any folder
   */
  public static fromFile(path: string, options: S3ServerCertificateOptions = {}): S3ServerCertificate {
    return new S3ServerCertificate(() => readText(path), options);
  }

  readonly #read: () => string;
  readonly #options: S3ServerCertificateOptions;

  private constructor(read: () => string, options: S3ServerCertificateOptions) {
    this.#read = read;
    this.#options = options;
  }

  /**
   * Judges the certificate as Go's TLS client will. Returns what is not wrong but should be known.
   * @internal
   */
  public _check(facts: ServerFacts): string[] {
    const { certificates, warnings } = parsePemBundle(this.#read(), { ...this.#options, allowLeaf: true });
    const [leaf, ...intermediates] = certificates;
    for (const name of facts.names) requireName(leaf, name);
    requireServerAuth(leaf);
    if (facts.roots) requireChain(leaf, intermediates, facts.roots);
    return warnings;
  }
}

function requireName(leaf: X509Certificate, name: string): void {
  const sans = leaf.subjectAltName;
  if (!sans) {
    throw new InputProblem(
      `${subjectOf(leaf)} has no subject alternative name. Go ignores the common name (RFC 6125): issue it again with SAN ${san(name)}`,
    );
  }
  const fits = isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name, { subject: 'never' });
  if (fits) return;
  throw new InputProblem(
    `${subjectOf(leaf)} is for ${sans}, not for ${name}. Set serverName to one of its names, or issue it again with SAN ${san(name)}`,
  );
}

function san(name: string): string {
  return `${isIP(name) ? 'IP' : 'DNS'}:${name}`;
}

function requireServerAuth(leaf: X509Certificate): void {
  const usages: string[] | undefined = leaf.keyUsage;
  if (usages === undefined || usages.some((usage) => SERVER_AUTH.includes(usage))) return;
  throw new InputProblem(
    `${subjectOf(leaf)} is not for servers: its extended key usage is ${usages.join(', ')} without serverAuth. Issue it again`,
  );
}

/** Follows the issuers from the leaf, over what the server sends, to a trust anchor. */
function requireChain(
  leaf: X509Certificate,
  intermediates: X509Certificate[],
  roots: readonly X509Certificate[],
): void {
  let current = leaf;
  for (let step = 0; step <= intermediates.length; step++) {
    if (roots.some((root) => root.fingerprint256 === current.fingerprint256 || issued(current, root))) return;
    const next = intermediates.find((candidate) => candidate !== current && issued(current, candidate));
    if (!next) break;
    current = next;
  }
  const issuer = issuerOf(current);
  throw new InputProblem(
    `${subjectOf(current)} was signed by ${issuer}, whose certificate is neither in ca nor sent by the server. Give that CA in ca`,
  );
}

function issued(certificate: X509Certificate, by: X509Certificate): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputProblem(unreadable(path, error));
  }
}
