import { isIP } from 'node:net';
import { Der, TAG, Unreadable } from './der';
import { ascii } from './names';
import { quote } from './quote';
import { type GoUrl, parseUrl } from './url';
import { UrlFault } from './url-escape';

/** The subject alternative names of a certificate. */
export interface AlternativeNames {
  /** The whole extension. */
  readonly raw: Buffer;
  readonly dns: string[];
  /** 4 or 16 bytes each. */
  readonly ips: Buffer[];
  readonly emails: string[];
  readonly uris: GoUrl[];
  /** How many there are of these kinds. */
  readonly count: number;
}

const EMAIL = 0x81;
const DNS = 0x82;
const URI = 0x86;
const IP = 0x87;

/** Reads the extension. */
export function alternativeNames(raw: Buffer): AlternativeNames {
  const [dns, emails]: string[][] = [[], []];
  const uris: GoUrl[] = [];
  const ips: Buffer[] = [];
  const list = new Der(raw, 'x509: invalid subject alternative names').inner(TAG.sequence);
  while (!list.empty) {
    const { tag, content } = list.element();
    if (tag === EMAIL) emails.push(ascii(content, 'x509: SAN rfc822Name is malformed'));
    if (tag === DNS) dns.push(ascii(content, 'x509: SAN dNSName is malformed'));
    if (tag === URI) uris.push(uri(content));
    if (tag === IP) ips.push(address(content));
  }
  return { raw, dns, ips, emails, uris, count: dns.length + ips.length + emails.length + uris.length };
}

/** Whether Go takes a text for a domain: nothing but printable characters in labels that are not empty. */
export function isDomain(text: string, constraint = false): boolean {
  if (text === '') return true;
  const name = constraint && text.startsWith('.') ? text.slice(1) : text;
  return name.split('.').every((label) => label !== '') && /^[\x21-\x7e]*$/.test(name);
}

/** An address in its usual spelling. */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The bytes of an address: 4 where it is an IPv4 address, be it written as an IPv6 one; undefined: it is none. */
export function addressBytes(text: string): Buffer | undefined {
  const version = isIP(text);
  if (version === 4) return Buffer.from(text.split('.').map(Number));
  if (version !== 6 || text.includes('%')) return undefined;
  const [head, tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const groups = (part = ''): string[] => (part === '' ? [] : part.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return short(Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex'));
}

/** An IPv4 address that is written as an IPv6 one, in 4 bytes. */
export function short(bytes: Buffer): Buffer {
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).toString('hex') === `${'00'.repeat(10)}ffff`;
  return mapped ? bytes.subarray(12) : bytes;
}

function uri(content: Buffer): GoUrl {
  const text = ascii(content, 'x509: SAN uniformResourceIdentifier is malformed');
  const url = readUrl(text);
  if (!isDomain(url.host)) throw new Unreadable(`x509: cannot parse URI ${quote(text)}: invalid domain`);
  return url;
}

function readUrl(text: string): GoUrl {
  try {
    return parseUrl(text);
  } catch (error) {
    if (error instanceof UrlFault) throw new Unreadable(`x509: cannot parse URI ${quote(text)}: ${error.message}`);
    throw error;
  }
}

function address(content: Buffer): Buffer {
  if (content.length !== 4 && content.length !== 16)
    throw new Unreadable(`x509: cannot parse IP address of length ${content.length}`);
  return content;
}
