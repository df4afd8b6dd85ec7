import { isUtf8 } from 'node:buffer';

/**
 * A text as it is read. One that may be long is a function, which gives it in pieces that end where lines end, each time it is
 * called from its start.
 */
export type Text = string | (() => Iterable<string>);

/** The text in pieces. */
export function pieces(text: Text): Iterable<string> {
  return typeof text === 'string' ? stringPieces(text) : text();
}

/** What is shorter is not cut. */
const PIECE = 256 * 1024;

/** Cut where a YAML document begins, so that what reads them need not come back to the end of the last one. */
function* stringPieces(text: string): Iterable<string> {
  let start = 0;
  while (text.length - start > PIECE) {
    const next = text.indexOf('\n---', start + PIECE) + 1;
    if (next === 0) break;
    yield text.slice(start, next);
    start = next;
  }
  yield text.slice(start);
}

/** Why bytes are no text. */
export class NotUtf8 extends Error {}

/**
 * The same of bytes in UTF-8, without a byte order mark.
 *
 * @param read gives up to so many bytes from a place on
 */
export function* bytePieces(read: (from: number, length: number) => Buffer): Iterable<string> {
  let rest = Buffer.alloc(0);
  for (let from = 0, first = true; ;) {
    // as much as there is already, so that a document without end is not copied again and again
    const block = read(from, Math.max(PIECE, rest.length));
    from += block.length;
    const all = Buffer.concat([rest, block]);
    const end = block.length === 0 ? all.length : all.lastIndexOf('\n---') + 1;
    if (end > 0) {
      if (!isUtf8(all.subarray(0, end))) throw new NotUtf8('is not text (UTF-8)');
      const text = all.toString('utf8', 0, end);
      yield first ? text.replace(/^\ufeff/, '') : text;
      first = false;
    }
    if (block.length === 0) return;
    rest = all.subarray(end);
  }
}
