import { InputProblem, found } from './problem';

const CONTROL = /[\u0000-\u001f\u007f]/;

/** Whether a text has characters that no header, name or environment variable takes. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
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

/** Refuses an optional value that is none of an enum. */
export function oneOf(value: string | undefined, values: Record<string, string>): void {
  if (value === undefined || Object.values(values).includes(value)) return;
  throw new InputProblem(`${found(value)} is not one of ${Object.values(values).join(', ')}`);
}

/** Refuses an optional switch that is not a boolean: the text "false" would count as true. */
export function yesOrNo(value: boolean | undefined): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new InputProblem(`is ${found(value)}; it must be true or false`);
}

/** Refuses an optional number that is not a whole one, or under the least. */
export function wholeNumber(value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new InputProblem(`is ${found(value)}; it must be a whole number of at least ${least}`);
}
