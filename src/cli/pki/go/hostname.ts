import { addressBytes, addressText, short } from './alternative-names';
import type { GoCertificate } from './certificate';

/** Whether a certificate stands for a name or an address, as Go's VerifyHostname finds it. */
export function standsFor({ extensions }: GoCertificate, host: string): boolean {
  const { ips = [], dns = [] } = extensions.alternativeNames ?? {};
  const address = addressBytes(host.replace(/^\[(.+)\]$/, '$1'));
  if (address) return ips.some((ip) => short(ip).equals(address));
  const name = host.toLowerCase();
  const isHost = isHostname(name.replace(/\.$/, ''), false);
  return dns.some((pattern) =>
    // what is no host name is compared letter by letter: no wildcard, no dot at the end
    isHost && isHostname(pattern, true) ? matches(pattern, name) : sameText(pattern, name),
  );
}

/** Go's words where it does not (x509.HostnameError): it lists only the names of the kind that was wanted. */
export function hostnameText({ extensions, subject }: GoCertificate, host: string): string {
  const names = extensions.alternativeNames;
  if (!names && matches(subject.commonName, host.toLowerCase()))
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  const address = addressBytes(host) !== undefined;
  const { dns = [], ips = [] } = names ?? {};
  if (address && ips.length === 0)
    return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  const valid = address ? ips.map((ip) => addressText(short(ip))) : dns;
  if (valid.length >= 100)
    return `x509: certificate is valid for ${valid.length} ${address ? 'IP SANs' : 'names'}, but none matched ${host}`;
  return valid.join('') === '' && valid.length < 2
    ? `x509: certificate is not valid for any names, but wanted to match ${host}`
    : `x509: certificate is valid for ${valid.join(', ')}, not ${host}`;
}

function isHostname(text: string, pattern: boolean): boolean {
  if (text === '' || text === '*') return false;
  return text
    .split('.')
    .every((label, i) => (pattern && i === 0 && label === '*') || /^[a-zA-Z0-9_][a-zA-Z0-9_-]*$/.test(label));
}

function matches(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.replace(/\.$/, '')].map((text) => text.split('.'));
  if (pattern === '' || wanted.length !== given.length) return false;
  return wanted.every((label, i) => (i === 0 && label === '*') || label === given[i]);
}

/** An empty name and a mere dot match nothing. */
function sameText(one: string, other: string): boolean {
  return one !== '' && one !== '.' && one.toLowerCase() === other;
}
