import { isIP } from 'node:net';
import { type AlternativeNames, addressText, isDomain, short, uriHost } from './alternative-names';
import type { GoCertificate } from './certificate';
import type { IpRange, Subtrees } from './constraints-field';
import { rangeOf } from './ip-ranges';
import { type Mailbox, mailboxOf } from './mailbox';

/** A constraint that a name breaks. */
export interface Broken {
  /** The certificate whose constraint it is. */
  readonly by: GoCertificate;
  /** Go's text. */
  readonly text: string;
}

interface Names {
  readonly ips: Buffer[];
  readonly dns: string[];
  readonly uris: readonly (readonly [uri: string, host: string])[];
  readonly emails: Mailbox[];
}

/** The first name of a chain, leaf first, that a certificate above it does not allow; undefined: there is none. */
export function brokenConstraint(chain: GoCertificate[]): Broken | undefined {
  for (const [i, { extensions }] of chain.entries()) {
    const above = chain.slice(i + 1).filter((issuer) => issuer.extensions.nameConstraints);
    if (above.length === 0) return undefined;
    if (!extensions.alternativeNames) continue;
    const names = readable(extensions.alternativeNames);
    if (typeof names === 'string') return { by: above[0], text: names };
    for (const by of above) {
      const text = violation(names, by.extensions.nameConstraints!);
      if (text) return { by, text };
    }
  }
  return undefined;
}

/** The names as constraints are held against them, or Go's text where one can't be. */
function readable({ ips, dns, uris, emails }: AlternativeNames): Names | string {
  const hosts: [string, string][] = [];
  for (const uri of uris) {
    const host = uriHost(uri);
    if (host === '') return `URI with empty host ("${uri}") cannot be matched against constraints`;
    if (isIP(host) !== 0 || /^\[.*\]$/.test(host))
      return `URI with IP ("${uri}") cannot be matched against constraints`;
    hosts.push([uri, host]);
  }
  const boxes: Mailbox[] = [];
  for (const email of emails) {
    const box = mailboxOf(email);
    if (!box) return `cannot parse rfc822Name ${JSON.stringify(email)}`;
    boxes.push(box);
  }
  return { ips, dns, uris: hosts, emails: boxes };
}

function violation(
  names: Names,
  { permitted, excluded }: Record<'permitted' | 'excluded', Subtrees>,
): string | undefined {
  for (const ip of names.ips) {
    const match = (ranges: IpRange[]) => rangeOf(ranges, ip);
    const text = judge(`IP address "${addressText(short(ip))}"`, permitted.ips, excluded.ips, match, match);
    if (text) return text;
  }
  for (const dns of names.dns) {
    if (!isDomain(dns)) return `x509: cannot parse dnsName "${dns}"`;
    const text = judge(`DNS name "${dns}"`, permitted.dns, excluded.dns, ...domainMatch(dns));
    if (text) return text;
  }
  for (const [uri, host] of names.uris) {
    const text = judge(`URI "${uri}"`, permitted.uris, excluded.uris, ...domainMatch(host));
    if (text) return text;
  }
  for (const email of names.emails) {
    const [allowed, denied] = domainMatch(email.domain).map(
      (match) => (side: Subtrees[]) => mailOf(side[0], email, match),
    );
    const side = (one: Subtrees): Subtrees[] => (one.emails.length + one.emailDomains.length > 0 ? [one] : []);
    const shown = `email address ${JSON.stringify(`${email.local}@${email.domain}`)}`;
    const text = judge(shown, side(permitted), side(excluded), allowed, denied);
    if (text) return text;
  }
  return undefined;
}

function judge<T>(
  name: string,
  permitted: T[],
  excluded: T[],
  allowed: (side: T[]) => string | undefined,
  denied: (side: T[]) => string | undefined,
): string | undefined {
  if (permitted.length > 0 && allowed(permitted) === undefined) return `${name} is not permitted by any constraint`;
  const by = excluded.length > 0 ? denied(excluded) : undefined;
  return by === undefined ? undefined : `${name} is excluded by constraint ${JSON.stringify(by)}`;
}

/** How a name is looked for among the permitted domains, and among the excluded. */
function domainMatch(name: string): [(side: string[]) => string | undefined, (side: string[]) => string | undefined] {
  // the widest, since Go drops those within it
  const within = (domains: string[]): string | undefined =>
    domains.filter((domain) => isWithin(name, domain)).sort((a, b) => a.length - b.length)[0];
  // a wildcard could stand for an excluded name that has one more label
  const parent = withoutFirstLabel(name.toLowerCase());
  const touched = (domains: string[]): string | undefined =>
    name.startsWith('*') && parent !== ''
      ? domains.find((d) => withoutFirstLabel(d.toLowerCase()) === parent)
      : undefined;
  return [within, (domains) => within(domains) ?? touched(domains)];
}

/** Whether a name is a domain or below it; a domain with a dot in front has only what is below. */
function isWithin(name: string, domain: string): boolean {
  const [whole, end] = [name.toLowerCase(), domain.toLowerCase()];
  return (
    end === '' || whole === end || (whole.endsWith(end) && (end.startsWith('.') || whole.at(-end.length - 1) === '.'))
  );
}

function withoutFirstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function mailOf(
  { emails, emailDomains }: Subtrees,
  email: Mailbox,
  match: (domains: string[]) => string | undefined,
): string | undefined {
  const same = emails.some(({ local, domain }) => local === email.local && domain === email.domain);
  return same ? `${email.local}@${email.domain}` : match(emailDomains);
}
