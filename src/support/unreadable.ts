import { isAbsolute } from 'node:path';
import { found } from './problem';

/** Why a file can't be read, and where a relative path was looked for. */
export function unreadable(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `the file ${found(path)} can't be read (${code})${lookedFor(path, code)}`;
}

/** A relative path starts where synth runs, not beside the code that names it. */
export function lookedFor(path: unknown, code: string | undefined): string {
  if (code !== 'ENOENT' || typeof path !== 'string' || isAbsolute(path)) return '';
  return `; it was looked for in ${process.cwd()}, the folder where synth runs. Give the path from there, or an absolute one`;
}
