import { isDomain } from './alternative-names';

/** An email address; its domain in lower case. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

// in quotes a tab counts only behind a backslash; outside of them a backslash takes anything
const MAILBOX = /^(?:"((?:[^"\\\0\t\n\r\x80-\xff]|\\[^\0\n\r\x80-\xff])*)"|((?:\\.|[\w!#$%&'*+\-/=?^`{|}~.])+))@(.*)$/s;

/** Reads an address as RFC 2821 has it; undefined: it is none. */
export function mailboxOf(text: string): Mailbox | undefined {
  const [, quoted, atom, domain] = MAILBOX.exec(text) ?? [];
  if (domain === undefined || !isDomain(domain)) return undefined;
  const local = (quoted ?? atom).replace(/\\(.)/gs, '$1');
  if (quoted === undefined && /^\.|\.$|\.\./.test(local)) return undefined;
  return { local, domain: domain.toLowerCase() };
}
