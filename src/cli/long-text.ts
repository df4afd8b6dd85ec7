import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { bytePieces, NotUtf8, type Text } from '../lint/text';
import { notText, readInput, tooLarge } from './files';
import { CliProblem, reason } from './problem';

/** A text that may be long, and of which bytes it was read. */
export interface LongText {
  readonly text: Text;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads a text file, or stdin for `-`. A file is not held: it is read again, in pieces, whenever somebody asks for them. */
export function readLongText(file: string, limit: number): LongText {
  if (file === '-' || !isFile(file)) return held(readInput(file, limit), file);
  if (readable(file, () => fs.statSync(file).size) > limit) throw tooLarge(file, limit);
  const hash = createHash('sha256');
  let bytes = 0;
  // what can't be read is told of before anything is made of it
  const seen = (block: Buffer): void => {
    hash.update(block);
    bytes += block.length;
  };
  for (const piece of filePieces(file, seen)) void piece;
  return { text: () => filePieces(file), sha256: hash.digest('hex'), bytes };
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What can't be read twice. */
function held(content: Buffer, file: string): LongText {
  if (!isUtf8(content)) throw notText(file);
  const text = (): Iterable<string> => bytePieces((from, length) => content.subarray(from, from + length));
  return { text, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

function* filePieces(file: string, onBlock: (block: Buffer) => void = () => undefined): Iterable<string> {
  const descriptor = readable(file, () => fs.openSync(file, 'r'));
  const read = (from: number, length: number): Buffer => {
    const block = Buffer.alloc(length);
    return block.subarray(0, fs.readSync(descriptor, block, 0, length, from));
  };
  try {
    yield* bytePieces((from, length) => {
      const block = readable(file, () => read(from, length));
      onBlock(block);
      return block;
    });
  } catch (error) {
    throw error instanceof NotUtf8 ? notText(file) : error;
  } finally {
    fs.closeSync(descriptor);
  }
}

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CliProblem(`${file} can't be read: ${reason(error)}`);
  }
}
