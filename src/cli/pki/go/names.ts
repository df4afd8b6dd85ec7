import { Der, TAG, Unreadable } from './der';
import { OIDS } from '../../../pki/oids';

/** A distinguished name as far as it matters: its bytes, by which Go compares, and what Go calls it in messages. */
export interface Name {
  readonly raw: Buffer;
  readonly commonName: string;
  readonly organization: string;
}

const PRINTABLE = /^[a-zA-Z0-9'()+,\-./ :=?*&]*$/;
const NUMERIC = /^[0-9 ]*$/;
const ASCII = /^[\0-\x7f]*$/;
const COMPLAINT = 'x509: invalid RDNSequence';

/** Reads a name; Go refuses a certificate where one of its texts does not fit its type. */
export function nameOf(raw: Buffer): Name {
  const found = { commonName: '', organization: '' };
  const names = new Der(raw, COMPLAINT).inner(TAG.sequence);
  while (!names.empty) {
    const set = names.inner(TAG.set);
    while (!set.empty) {
      const attribute = set.inner(TAG.sequence);
      const type = attribute.oid();
      const { tag, content } = attribute.element();
      const text = textOf(tag, content);
      if (type === OIDS.commonName) found.commonName = text;
      if (type === OIDS.organization) found.organization ||= text;
    }
  }
  return { raw, ...found };
}

/** An ASCII text; the type IA5String of alternative names. */
export function ascii(content: Buffer, complaint: string): string {
  const text = content.toString('latin1');
  if (!ASCII.test(text)) throw new Unreadable(complaint);
  return text;
}

function textOf(tag: number, content: Buffer): string {
  const latin1 = content.toString('latin1');
  const fits = (kind: string, pattern: RegExp): string => {
    if (!pattern.test(latin1)) throw new Unreadable(`${COMPLAINT}: invalid attribute value: invalid ${kind}`);
    return latin1;
  };
  if (tag === TAG.t61) return latin1;
  if (tag === TAG.printable) return fits('PrintableString', PRINTABLE);
  if (tag === TAG.ia5) return fits('IA5String', ASCII);
  if (tag === TAG.numeric) return fits('NumericString', NUMERIC);
  if (tag === TAG.utf8) {
    const text = content.toString('utf8');
    if (!Buffer.from(text).equals(content))
      throw new Unreadable(`${COMPLAINT}: invalid attribute value: invalid UTF-8 string`);
    return text;
  }
  if (tag === TAG.bmp) return bmpText(content);
  throw new Unreadable(`${COMPLAINT}: invalid attribute value: unsupported string type: ${tag}`);
}

/** UCS-2, big endian, without what UTF-16 uses for more. */
function bmpText(content: Buffer): string {
  const text = content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : '\ufffe';
  if (/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text))
    throw new Unreadable(`${COMPLAINT}: invalid attribute value: invalid BMPString`);
  return text.replace(/\0$/, '');
}
