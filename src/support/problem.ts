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

/** A URL may name a user and a password before its host. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)[^\s/?#]*@/g, '$1...@');
}
