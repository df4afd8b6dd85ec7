import { addressBytes, isDomain } from './alternative-names';
import { Der, TAG, Unreadable } from './der';
import { type Mailbox, mailboxOf } from './mailbox';
import { ascii } from './names';
import { quote } from './quote';

/** A range of addresses, 4 or 16 bytes each. */
export interface IpRange {
  readonly ip: Buffer;
  readonly mask: Buffer;
}

/** One side of name constraints: what is permitted, or what is excluded. */
export interface Subtrees {
  readonly dns: string[];
  readonly ips: IpRange[];
  readonly uris: string[];
  readonly emailDomains: string[];
  readonly emails: Mailbox[];
}

const EMAIL = 0x81;
const DNS = 0x82;
const URI = 0x86;
const IP = 0x87;
const COMPLAINT = 'x509: invalid NameConstraints extension';

/** Reads the extension; kinds of names that Go does not constrain (directory names) are not handled. */
export function nameConstraints(value: Buffer): { permitted: Subtrees; excluded: Subtrees; handled: boolean } {
  const outer = new Der(value, COMPLAINT);
  const fields = outer.inner(TAG.sequence);
  const [permitted, excluded] = [0xa0, 0xa1].map((tag) => (fields.next(tag) ? fields.content(tag) : Buffer.alloc(0)));
  if (!outer.empty || !fields.empty) throw new Unreadable(COMPLAINT);
  if (permitted.length === 0 && excluded.length === 0) throw new Unreadable('x509: empty name constraints extension');
  const [allowed, denied] = [permitted, excluded].map(subtrees);
  return { permitted: allowed, excluded: denied, handled: allowed.handled && denied.handled };
}

function subtrees(bytes: Buffer): Subtrees & { handled: boolean } {
  const found = { dns: [], ips: [], uris: [], emailDomains: [], emails: [], handled: true } as {
    -readonly [K in keyof Subtrees]: Subtrees[K];
  } & { handled: boolean };
  const list = new Der(bytes, COMPLAINT);
  while (!list.empty) {
    const { tag, content } = list.inner(TAG.sequence).element();
    if (tag === DNS) found.dns.push(domain(content, 'dnsName'));
    else if (tag === IP) found.ips.push(range(content));
    else if (tag === URI) found.uris.push(uriDomain(content));
    else if (tag === EMAIL) email(content, found);
    else found.handled = false;
  }
  return found;
}

function domain(content: Buffer, kind: string): string {
  const text = ascii(content, 'x509: invalid constraint value');
  if (!isDomain(text, true)) throw new Unreadable(`x509: failed to parse ${kind} constraint ${quote(text)}`);
  return text;
}

function uriDomain(content: Buffer): string {
  const text = domain(content, 'URI');
  if (addressBytes(text)) throw new Unreadable(`x509: failed to parse URI constraint "${text}": cannot be IP address`);
  return text;
}

function email(content: Buffer, { emails, emailDomains }: Subtrees): void {
  const text = content.toString('latin1');
  if (!text.includes('@')) return void emailDomains.push(domain(content, 'rfc822Name'));
  const mailbox = mailboxOf(ascii(content, 'x509: invalid constraint value'));
  if (!mailbox) throw new Unreadable(`x509: failed to parse rfc822Name constraint ${quote(text)}`);
  emails.push(mailbox);
}

function range(content: Buffer): IpRange {
  if (content.length !== 8 && content.length !== 32)
    throw new Unreadable(`x509: IP constraint contained value of length ${content.length}`);
  const half = content.length / 2;
  const mask = content.subarray(half);
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  if (!/^1*0*$/.test(bits)) throw new Unreadable(`x509: IP constraint contained invalid mask ${mask.toString('hex')}`);
  return { ip: content.subarray(0, half), mask };
}
