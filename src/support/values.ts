import { InputProblem, found } from './problem';

const CONTROL = /[\u0000-\u001f\u007f]/;

/** Whether a text has characters that no header, name or environment variable takes. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}

/** Whether a text is a token of HTTP, such as the name of a header (RFC 9110 5.6.2). */
export function isHttpToken(text: unknown): text is string {
  return typeof text === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** Whether a text arrives unchanged as the value of an HTTP header, which loses blanks at its ends. */
export function fitsHeader(text: string): boolean {
  return !hasControl(text) && !/^ | $/.test(text);
}

/** Refuses an optional text that is none, is empty, or has control characters. */
export function optionalText(field: string, value: string | undefined): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '' && !hasControl(value))) return value;
  throw new InputProblem(`${field} is ${found(value)}; give a text of one line, or leave it out`);
}
