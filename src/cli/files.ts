import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CliProblem, reason } from './problem';

const MIB = 1024 * 1024;
/** Larger than any bundle of certificates; a Secret holds 1 MiB. */
export const LARGEST_INPUT = 8 * MIB;

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** 0o600 for private keys. */
  readonly mode?: number;
}

/** Reads a file, or stdin for `-`. Files without an end (`/dev/zero`) are read up to the limit only. */
export function readInput(file: string, limit = LARGEST_INPUT): Buffer {
  const shown = file === '-' ? 'stdin' : file;
  if (file === '') throw new CliProblem('the name of the file is empty');
  let descriptor: number | undefined;
  try {
    descriptor = file === '-' ? 0 : fs.openSync(file, 'r');
    const content = readUpTo(descriptor, limit + 1);
    if (content.length > limit) throw tooLarge(shown, limit);
    return content;
  } catch (error) {
    if (error instanceof CliProblem) throw error;
    throw new CliProblem(`${shown} can't be read: ${reason(error)}`);
  } finally {
    if (descriptor) fs.closeSync(descriptor);
  }
}

export function tooLarge(file: string, limit: number): CliProblem {
  return new CliProblem(`${file} is larger than ${limit / MIB} MiB, which is more than this can be`);
}

export function notText(file: string): CliProblem {
  return new CliProblem(`${file} is not text (UTF-8)`);
}

/** Reads a text file; a file that is not UTF-8 is refused by name. */
export function readTextInput(file: string, limit = LARGEST_INPUT): string {
  const content = readInput(file, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw notText(file);
  }
}

/** The text of a PEM file. DER and other binary files are refused by name. */
export function readPem(file: string): string {
  const content = readInput(file);
  if (content.length === 0) throw new CliProblem(`${file === '-' ? 'stdin' : file} is empty`);
  if (content[0] === 0x30 && content[1] >= 0x80)
    throw new CliProblem(
      `${file} is DER, not PEM, and Thanos refuses it. Convert it: openssl x509 -inform der -in ${file} -out ca.crt`,
    );
  return content.toString('utf8');
}

/**
 * Writes files as a whole: into temporary ones beside them, which then get their names. None is written where one of them
 * exists and `force` is not set, also where it comes into being meanwhile. A file that is overwritten keeps its mode unless
 * another is asked for.
 */
export function writeFiles(files: OutputFile[], force: boolean): void {
  const taken = files.map((f) => f.path).filter(exists);
  if (taken.length > 0 && !force) throw alreadyThere(taken);
  const directory = files.find((f) => isDirectory(f.path));
  if (directory) throw new CliProblem(`${directory.path} is a directory; nothing was written`);
  const temporary: string[] = [];
  const named: string[] = [];
  let current = files[0].path;
  try {
    for (const file of files) {
      current = file.path;
      temporary.push(writeTemporary(file));
    }
    for (const [i, file] of files.entries()) {
      current = file.path;
      if (force) fs.renameSync(temporary[i], current);
      else nameExclusively(temporary[i], current);
      if (!force) named.push(current);
    }
  } catch (error) {
    for (const file of [...temporary, ...named]) fs.rmSync(file, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere([current]);
    throw new CliProblem(`${current} can't be written: ${reason(error)}`);
  }
}

function alreadyThere(taken: string[]): CliProblem {
  return new CliProblem(
    `${taken.join(', ')} ${taken.length > 1 ? 'exist' : 'exists'} already; nothing was written. Use --force to overwrite`,
  );
}

/** Gives a file its name unless that is taken. A hard link fails then, and so does a copy where there are no links. */
function nameExclusively(temporary: string, file: string): void {
  try {
    fs.linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    fs.copyFileSync(temporary, file, fs.constants.COPYFILE_EXCL);
  }
  fs.rmSync(temporary);
}

/** Makes a directory and its parents, for their owner alone. One that exists stays as it is. */
export function makeDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new CliProblem(
      `${directory} can't be made: ${code === 'EEXIST' ? 'a file of that name exists' : reason(error)}`,
    );
  }
}

/** Whether there is anything of that name, a broken link included. */
export function exists(file: string): boolean {
  try {
    fs.lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

function isDirectory(file: string): boolean {
  return exists(file) && (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** A file that was begun and failed (a full disk) is taken away again. */
function writeTemporary({ path: file, content, mode }: OutputFile): string {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const kept = mode ?? modeOf(file);
    fs.writeFileSync(temporary, content, { mode: kept ?? 0o644, flag: 'wx' });
    // what the process's umask took away
    if (kept !== undefined) fs.chmodSync(temporary, kept);
  } catch (error) {
    if (exists(temporary)) fs.rmSync(temporary);
    throw error;
  }
  return temporary;
}

function modeOf(file: string): number | undefined {
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? undefined : mode & 0o777;
}

function readUpTo(descriptor: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size < limit) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, limit - size));
    const read = readSome(descriptor, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    size += read;
  }
  return Buffer.concat(chunks);
}

/** A terminal or pipe as stdin may have nothing to give yet, or be closed. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
