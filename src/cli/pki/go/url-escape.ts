import { quote } from './quote';

/** Parts of a URL, each with characters of its own that need no escape. */
export type Part = 'path' | 'fragment' | 'host' | 'zone' | 'user';

/** What keeps Go from reading a URL, in its words. */
export class UrlFault extends Error {}

const HOST = /[\w\-.~!"$&'()*+,:;<=>[\]]/;
const PLAIN: Record<Part, RegExp> = {
  path: /[\w\-.~$&+,/:;=@]/,
  fragment: /[\w\-.~!$&()*+,/:;=?@]/,
  host: HOST,
  zone: HOST,
  user: /[\w\-.~$&+,;=]/,
};

/** Escapes what a part must not hold as it stands; of bytes, one a character. */
export function escaped(text: string, part: Part): string {
  return text.replace(/[^]/g, (c) =>
    PLAIN[part].test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Undoes escapes; a host may escape only what is no ASCII, and a percent sign. */
export function unescaped(text: string, part: Part): string {
  return text.replace(/%([0-9a-f]{2})|%[^]{0,2}|[^]/gi, (match: string, hex?: string) => {
    if (hex !== undefined) {
      const byte = parseInt(hex, 16);
      if (!mayBeEscaped(byte, part)) throw new UrlFault(`invalid URL escape ${quote(match)}`);
      return String.fromCharCode(byte);
    }
    if (match.startsWith('%')) throw new UrlFault(`invalid URL escape ${quote(match)}`);
    if ((part === 'host' || part === 'zone') && !HOST.test(match))
      throw new UrlFault(`invalid character ${quote(match)} in host name`);
    return match;
  });
}

function mayBeEscaped(byte: number, part: Part): boolean {
  const char = String.fromCharCode(byte);
  if (char === '%') return true;
  if (part === 'host') return byte >= 0x80;
  return part !== 'zone' || char === ' ' || HOST.test(char);
}

/** What was escaped in another way than need be is kept where it holds nothing that must be escaped. */
export function keptOrEscaped(raw: string, part: 'path' | 'fragment'): string {
  const text = unescaped(raw, part);
  const isValid = [...raw].every((c) => /[!$&'()*+,;=:@[\]%]/.test(c) || PLAIN[part].test(c));
  return isValid ? raw : escaped(text, part);
}
