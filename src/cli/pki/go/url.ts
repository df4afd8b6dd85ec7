import { isIP } from 'node:net';
import { quote } from './quote';
import { UrlFault, escaped, keptOrEscaped, unescaped } from './url-escape';

/** A URL as Go's url.Parse reads it. */
export interface GoUrl {
  /** With the port, without the user. */
  readonly host: string;
  /** As Go writes it again. */
  readonly text: string;
}

/**
 * Reads an ASCII text.
 * @throws UrlFault with Go's words
 */
export function parseUrl(raw: string): GoUrl {
  const [front, fragment] = cut(raw, '#');
  const url = within(front, () => parse(front));
  if (!fragment) return url;
  return { ...url, text: `${url.text}#${within(raw, () => keptOrEscaped(fragment, 'fragment'))}` };
}

/** Text before a sign, and after it; undefined: it has none. */
function cut(text: string, sign: string): [string, string | undefined] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function within<T>(url: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UrlFault) throw new UrlFault(`parse ${quote(url)}: ${error.message}`);
    throw error;
  }
}

function parse(raw: string): GoUrl {
  if (/[\0-\x1f\x7f]/.test(raw)) throw new UrlFault('net/url: invalid control character in URL');
  if (raw === '*') return { host: '', text: '*' };
  if (raw.startsWith(':')) throw new UrlFault('missing protocol scheme');
  const [, scheme = '', afterScheme] = /^(?:([a-z][a-z\d+.-]*):)?(.*)$/is.exec(raw)!;
  const [rest, query] = cut(afterScheme, '?');
  const start = scheme === '' ? '' : `${scheme.toLowerCase()}:`;
  const end = query === undefined ? '' : `?${query}`;
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { host: '', text: `${start}${rest}${end}` };
    if (firstSegment(rest).includes(':')) throw new UrlFault('first path segment in URL cannot contain colon');
  }
  const { authority, path } = parts(rest, scheme !== '');
  const { user, host } = authorityOf(scheme.toLowerCase(), authority);
  const shown = keptOrEscaped(path, 'path');
  const slashes = user + host !== '' || (authority !== undefined && scheme !== '' && path !== '') ? '//' : '';
  const before = `${start}${slashes}${user}${escaped(host, 'host')}`;
  // what follows would be taken for a scheme
  const dot = before === '' && firstSegment(shown).includes(':') ? './' : '';
  return { host, text: `${before}${dot}${shown}${end}` };
}

function firstSegment(path: string): string {
  return cut(path, '/')[0];
}

function parts(rest: string, hasScheme: boolean): { authority?: string; path: string } {
  if (!rest.startsWith('//') || (!hasScheme && rest.startsWith('///'))) return { path: rest };
  const slash = rest.indexOf('/', 2);
  return slash < 0
    ? { authority: rest.slice(2), path: '' }
    : { authority: rest.slice(2, slash), path: rest.slice(slash) };
}

/** The user with its sign, as Go writes it, and the host. */
function authorityOf(scheme: string, authority = ''): { user: string; host: string } {
  const at = authority.lastIndexOf('@');
  const host = hostOf(scheme, authority.slice(at + 1));
  if (at < 0) return { user: '', host };
  const info = authority.slice(0, at);
  if (!/^[\w\-.:~!$&'()*+,;=%@]*$/.test(info)) throw new UrlFault('net/url: invalid userinfo');
  const [name, password] = cut(info, ':').map((one) => one && escaped(unescaped(one, 'user'), 'user'));
  return { user: `${name}${password === undefined ? '' : `:${password}`}@`, host };
}

function hostOf(scheme: string, text: string): string {
  const bracket = text.lastIndexOf('[');
  if (bracket > 0) throw new UrlFault('invalid IP-literal');
  if (bracket === 0) return literal(text);
  const first = text.indexOf(':');
  // several colons are for databases alone
  const colon = scheme === 'http' || scheme === 'https' ? first : text.lastIndexOf(':');
  if (first >= 0) port(text.slice(colon));
  return unescaped(text, 'host');
}

function port(text: string): string {
  if (!/^(:\d*)?$/.test(text)) throw new UrlFault(`invalid port ${quote(text)} after host`);
  return text;
}

/** An address in brackets. */
function literal(text: string): string {
  const end = text.lastIndexOf(']');
  if (end < 0) throw new UrlFault("missing ']' in host");
  const after = port(text.slice(end + 1));
  const inner = text.slice(1, end);
  const zone = inner.indexOf('%25');
  const address =
    zone < 0
      ? unescaped(inner, 'host')
      : unescaped(inner.slice(0, zone), 'host') + unescaped(inner.slice(zone), 'zone');
  const [ip, name] = cut(address, '%');
  const version = isIP(ip);
  // Go goes on to say what is wrong with the address
  if (version === 0 || name === '' || (version === 4 && name !== undefined)) throw new UrlFault('invalid host: ');
  if (version === 4) throw new UrlFault('invalid IP-literal');
  return `[${address}]${after}`;
}
