import type { IConstruct } from 'constructs';

/**
 * What is wrong with a value, said without the place where the value was given.
 *
 * Pure checks throw it; `checked` adds the construct path and the prop.
 */
export class InputProblem extends Error {}

/** The one way an error of this library is phrased: construct path, prop, what was found and what to do. */
export function phrase(place: string, prop: string, text: string): string {
  return `cdk8s-thanos: ${place === '' ? '(app)' : place}: ${prop}: ${text}`;
}

/** An error about one prop of a construct. */
export function problem(scope: IConstruct, prop: string, text: string): Error {
  return new Error(phrase(scope.node.path, prop, text));
}

/** Runs a pure check and adds to its complaint the construct path and the prop. */
export function checked<T>(scope: IConstruct, prop: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputProblem) throw problem(scope, prop, error.message);
    throw error;
  }
}

/** Quotes what a user wrote for a message: one line, cut to a readable length. Objects may hold keys, and are not shown. */
export function found(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' ? JSON.stringify(withoutPassword(value)) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** As `found`, for a name: whoever gives a key, a password or a token in its place does not find it in a log. */
export function foundName(value: unknown): string {
  if (typeof value !== 'string' || !mayBeSecret(value)) return found(value);
  return `a text of ${value.length} characters (not shown: it may be a secret)`;
}

/** Long, and as mixed as no name that a person makes up: capitals, small letters and digits, or digits in an unbroken word. */
function mayBeSecret(text: string): boolean {
  const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
  const word = /^[A-Za-z0-9+/=]+$/.test(text) && /[0-9]/.test(text) && /[A-Za-z]/.test(text);
  return text.length >= 16 && (mixed || (word && text.length >= 20));
}

/** A URL may name a user and a password before its host. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)[^\s/?#]*@/g, '$1...@');
}
