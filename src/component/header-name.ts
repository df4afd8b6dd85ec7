import { found, InputProblem } from '../support/problem';
import { isHttpToken } from '../support/values';

/** The name of an HTTP header. */
export function headerName(name: unknown): string {
  if (isHttpToken(name)) return name;
  throw new InputProblem(`${found(name)} is not the name of a header; write "X-Forwarded-Prefix"`);
}
