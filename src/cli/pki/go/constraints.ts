import { type AlternativeNames, addressText, isDomain, short } from './alternative-names';
import type { GoCertificate } from './certificate';
import type { IpRange, Subtrees } from './constraints-field';
import { domainMatch } from './domain-constraints';
import { rangeOf } from './ip-ranges';
import { type Mailbox, mailboxOf } from './mailbox';
import { quote } from './quote';
import { uriDomain } from './uri-domain';

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
  readonly uris: readonly (readonly [shown: string, domain: string])[];
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
  const domains: string[] = [];
  for (const uri of uris) {
    const domain = uriDomain(uri);
    if (typeof domain !== 'string') return domain.unfit;
    domains.push(domain);
  }
  const boxes: Mailbox[] = [];
  for (const email of emails) {
    const box = mailboxOf(email);
    if (!box) return `cannot parse rfc822Name ${quote(email)}`;
    boxes.push(box);
  }
  return { ips, dns, uris: uris.map(({ text }, i) => [quote(text), domains[i]]), emails: boxes };
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
    if (!isDomain(dns)) return `x509: cannot parse dnsName ${quote(dns)}`;
    const text = judge(`DNS name ${quote(dns)}`, permitted.dns, excluded.dns, ...domainMatch(dns));
    if (text) return text;
  }
  for (const [uri, domain] of names.uris) {
    const text = judge(`URI ${uri}`, permitted.uris, excluded.uris, ...domainMatch(domain));
    if (text) return text;
  }
  for (const email of names.emails) {
    const [allowed, denied] = domainMatch(email.domain).map(
      (match) => (side: Subtrees[]) => mailOf(side[0], email, match),
    );
    const side = (one: Subtrees): Subtrees[] => (one.emails.length + one.emailDomains.length > 0 ? [one] : []);
    const shown = `email address ${quote(`${email.local}@${email.domain}`)}`;
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
  return by === undefined ? undefined : `${name} is excluded by constraint ${quote(by)}`;
}

function mailOf(
  { emails, emailDomains }: Subtrees,
  email: Mailbox,
  match: (domains: string[]) => string | undefined,
): string | undefined {
  const same = emails.some(({ local, domain }) => local === email.local && domain === email.domain);
  return same ? `${email.local}@${email.domain}` : match(emailDomains);
}
