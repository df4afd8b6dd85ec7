/** Writes DER; what a test wants wrong stays wrong. */
export function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = length.toString(16);
  const size = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

/** A sequence. */
export function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** An object identifier. */
export function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(6, Buffer.from(bytes));
}

/** A small number, not negative. */
export function integer(value: number, tag = 2): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
  return der(tag, bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** A bit string of whole bytes. */
export function bits(bytes: Buffer): Buffer {
  return der(3, Buffer.from([0]), bytes);
}

/** True. */
export const TRUE = Buffer.from([1, 1, 0xff]);
