import { isIP } from 'node:net';
import { quote } from './quote';
import type { GoUrl } from './url';

/** The domain of a URI as constraints are held against it, or Go's text where none can be. */
export function uriDomain({ host, text }: GoUrl): string | { unfit: string } {
  if (host === '') return { unfit: `URI with empty host (${quote(text)}) cannot be matched against constraints` };
  const domain = withoutPort(host);
  if (typeof domain !== 'string') return { unfit: `cannot parse URI host ${quote(host)}: ${domain.fault}` };
  if (isIP(domain) !== 0 || /^\[.*\]$/.test(domain))
    return { unfit: `URI with IP (${quote(text)}) cannot be matched against constraints` };
  return domain;
}

/** As Go's net.SplitHostPort, of what its url.Parse takes for a host. */
function withoutPort(host: string): string | { fault: string } {
  if (!host.includes(':') || host.endsWith(']')) return host.toLowerCase();
  const name = host.slice(0, host.lastIndexOf(':'));
  if (/^\[.*\]$/.test(name)) return name;
  if (name.includes(':')) return { fault: `address ${host}: too many colons in address` };
  return name.includes(']') ? { fault: `address ${host}: unexpected ']' in address` } : name;
}
