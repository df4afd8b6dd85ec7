import { found, InputProblem } from '../support/problem';

/** The name of an HTTP header. */
export function headerName(name: string): string {
  if (typeof name === 'string' && /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return name;
  throw new InputProblem(`${found(name)} is not the name of a header; write "X-Forwarded-Prefix"`);
}
