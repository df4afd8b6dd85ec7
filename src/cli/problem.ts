/** Exit codes of the command. */
export const EXIT = {
  /** Everything asked for was done, every check passed. */
  ok: 0,
  /** A check failed. */
  failed: 1,
  /** Wrong usage or unusable input. */
  usage: 2,
} as const;

/** An error of the user's input: its message is all that is shown, no stack. */
export class CliProblem extends Error {}

/** What went wrong, in one line, whatever was thrown. */
export function reason(error: unknown): string {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return SYSTEM_ERRORS[code ?? ''] ?? message?.split('\n')[0] ?? String(error);
}

const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
};
