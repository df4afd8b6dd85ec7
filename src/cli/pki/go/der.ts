/** What Go's parser refuses; the texts are Go's. */
export class Unreadable extends Error {}

/** ASN.1 tags in one byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  t61: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: its tag, what it holds, and both with the header. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
}

/** Reads DER from the front, as strictly as golang.org/x/crypto/cryptobyte does. */
export class Der {
  private at = 0;

  constructor(
    private readonly bytes: Buffer,
    /** Go's text where something can't be read. */
    private readonly complaint: string,
  ) {}

  public get empty(): boolean {
    return this.at >= this.bytes.length;
  }

  public next(tag: number): boolean {
    return !this.empty && this.bytes[this.at] === tag;
  }

  public element(tag?: number): Element {
    const start = this.at;
    const found = this.bytes[start];
    // tags of several bytes are not read
    if (found === undefined || (found & 0x1f) === 0x1f || (tag !== undefined && tag !== found)) throw this.unreadable();
    this.at++;
    const end = this.length() + this.at;
    if (end > this.bytes.length) throw this.unreadable();
    const content = this.bytes.subarray(this.at, end);
    this.at = end;
    return { tag: found, content, raw: this.bytes.subarray(start, end) };
  }

  public content(tag: number): Buffer {
    return this.element(tag).content;
  }

  public inner(tag: number): Der {
    return new Der(this.content(tag), this.complaint);
  }

  public optional(tag: number): Der | undefined {
    return this.next(tag) ? this.inner(tag) : undefined;
  }

  public boolean(): boolean {
    const content = this.content(TAG.boolean);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw this.unreadable();
    return content[0] === 0xff;
  }

  public integer(tag: number = TAG.integer): bigint {
    const content = this.content(tag);
    const [first, second] = content;
    const padded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (content.length === 0 || padded) throw this.unreadable();
    return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`));
  }

  public oid(): string {
    const content = this.content(TAG.oid);
    if (content.length === 0 || content[content.length - 1] >= 0x80) throw this.unreadable();
    const parts: number[] = [];
    let value = 0;
    let fresh = true;
    for (const byte of content) {
      if (fresh && byte === 0x80) throw this.unreadable();
      value = value * 128 + (byte & 0x7f);
      if (value > 0x7fffffff) throw this.unreadable();
      fresh = byte < 0x80;
      if (fresh) parts.push(value);
      if (fresh) value = 0;
    }
    const first = Math.min(Math.floor(parts[0] / 40), 2);
    return [first, parts[0] - first * 40, ...parts.slice(1)].join('.');
  }

  /** The bits of a bit string, the first the highest of the first byte. */
  public bits(): Buffer {
    return this.bitString().bytes;
  }

  /** The bytes of a bit string that ends where a byte does, as keys and signatures do. */
  public wholeBytes(): Buffer {
    const { unused, bytes } = this.bitString();
    if (unused !== 0) throw this.unreadable();
    return bytes;
  }

  public unreadable(why = this.complaint): Unreadable {
    return new Unreadable(why);
  }

  private bitString(): { unused: number; bytes: Buffer } {
    const content = this.content(TAG.bitString);
    const unused = content[0];
    const last = content[content.length - 1];
    if (content.length === 0 || unused > 7 || (content.length === 1 && unused > 0)) throw this.unreadable();
    if ((last & ((1 << unused) - 1)) !== 0) throw this.unreadable();
    return { unused, bytes: content.subarray(1) };
  }

  private length(): number {
    const short = this.bytes[this.at++];
    if (short === undefined) throw this.unreadable();
    if (short < 0x80) return short;
    const count = short & 0x7f;
    if (count === 0 || count > 4 || this.at + count > this.bytes.length) throw this.unreadable();
    const long = this.bytes.readUIntBE(this.at, count);
    this.at += count;
    if (long < 0x80 || long < 2 ** ((count - 1) * 8)) throw this.unreadable();
    return long;
  }
}
