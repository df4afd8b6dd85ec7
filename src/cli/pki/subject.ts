import { isIP } from 'node:net';
import { found } from '../../support/problem';
import { CliProblem } from '../problem';

/** One attribute of a distinguished name, such as CN=MinIO-CA. */
export interface Attribute {
  readonly shortName: string;
  readonly value: string;
}

const KNOWN = ['CN', 'O', 'OU', 'C', 'ST', 'L', 'E'];
/** Upper bound of a common name (RFC 5280, appendix A.1), which OpenSSL enforces. */
const LONGEST_COMMON_NAME = 64;
const DNS_NAME = /^(\*\.)?[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*$/i;

/** Reads "/CN=MinIO-CA/O=My Organization/C=US" (as `openssl -subj` does) or "CN=MinIO-CA, O=My Organization". */
export function parseSubject(text: string): Attribute[] {
  const parts = text.startsWith('/') ? text.slice(1).split(/(?<!\\)\//) : text.split(/(?<!\\),/);
  const attributes = parts.map((part) => attribute(part.trim().replace(/\\([/,\\])/g, '$1')));
  if (attributes.filter((a) => a.shortName === 'CN').length !== 1)
    throw new CliProblem(
      `--subject ${found(text)} needs exactly one CN, such as "/CN=MinIO-CA/O=My Organization/C=US"`,
    );
  return attributes;
}

/** The same subject with another common name; without one where the name is too long for it. */
export function withCommonName(subject: Attribute[], name: string): Attribute[] {
  const rest = subject.filter((a) => a.shortName !== 'CN');
  return name.length > LONGEST_COMMON_NAME ? rest : [{ shortName: 'CN', value: name }, ...rest];
}

/** Refuses what can't be a DNS name of a certificate. */
export function dnsName(name: string): string {
  if (isIP(name) !== 0) throw new CliProblem(`--dns ${found(name)} is an IP address; use --ip`);
  if (name.length > 253 || !DNS_NAME.test(name) || /^[\d.]+$/.test(name))
    throw new CliProblem(
      `--dns ${found(name)} is not a DNS name; a wildcard is only possible as the whole first label, other scripts as punycode`,
    );
  return name.toLowerCase();
}

/** Refuses what is not an IP address. */
export function ipAddress(address: string): string {
  if (isIP(address) === 0) throw new CliProblem(`--ip ${found(address)} is not an IP address; use --dns for names`);
  return address;
}

function attribute(part: string): Attribute {
  const [, shortName, value] = /^([A-Za-z]+)\s*=\s*(.+)$/s.exec(part) ?? [];
  if (shortName === undefined)
    throw new CliProblem(
      `--subject: ${found(part)} is not KEY=value, such as in "/CN=MinIO-CA/O=My Organization/C=US"`,
    );
  if (!KNOWN.includes(shortName.toUpperCase()))
    throw new CliProblem(`--subject: ${found(shortName)} is not one of ${KNOWN.join(', ')}`);
  check(shortName.toUpperCase(), value);
  return { shortName: shortName.toUpperCase(), value };
}

function check(name: string, value: string): void {
  if (name === 'C' && !/^[A-Z]{2}$/.test(value))
    throw new CliProblem(`--subject: C is ${found(value)}; a country is two capital letters`);
  if (name === 'CN' && value.length > LONGEST_COMMON_NAME)
    throw new CliProblem(`--subject: CN has ${value.length} characters; it holds ${LONGEST_COMMON_NAME}`);
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new CliProblem(`--subject: ${name} holds a control character`);
}
