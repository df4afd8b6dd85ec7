import { found, InputProblem } from '../support/problem';

/** How the names of tenants are compared. */
export enum TenantMatcher {
  /** The whole name. */
  EXACT = 'exact',
  /** A pattern of the whole name: `*` and `?` stand for anything but a slash, `[a-c]` for one character. Needs Thanos 0.35. */
  GLOB = 'glob',
}

/** The glob as Go's filepath.Match has it: whole names, `*` and `?` do not cross a slash. */
export function globPattern(glob: string): RegExp {
  const parts = glob.match(/\*|\?|\[\^?(?:\\.|[^\]\\])+\]|\\.|[^[\\*?]/gsu) ?? [];
  if (parts.join('') !== glob) throw new InputProblem(`${found(glob)} is not a glob that Thanos reads`);
  const regex = parts.map((part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1) return part;
    return part.replace(/[.+^${}()|\]/]/, '\\$&');
  });
  try {
    return new RegExp(`^${regex.join('')}$`, 's');
  } catch {
    throw new InputProblem(`${found(glob)} is not a glob that Thanos reads`);
  }
}
