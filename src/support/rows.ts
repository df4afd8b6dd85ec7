import type { Duration, Size } from 'cdk8s';
import { InputProblem, found } from './problem';
import { readStruct, type Row, type StructTable, within } from './table';
import { bytes, milliseconds, seconds } from './units';
import { labelValue } from './names';
import { hasControl } from './values';

/** A switch: the text "false" would count as true. */
export const yesOrNo: Row<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw new InputProblem(`is ${found(value)}; it must be true or false`);
};

/** A text of one line that is not empty. */
export const text: Row<string> = (value) => {
  if (typeof value === 'string' && value !== '' && !hasControl(value)) return value;
  throw new InputProblem(`is ${found(value)}; give a text of one line`);
};

/** Any text, of which a message shows nothing: it may be a secret. */
export const anyText: Row<string> = (value) => {
  if (typeof value === 'string') return value;
  const article = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  throw new InputProblem(`is ${value === null ? 'null' : article}; Kubernetes takes only text here: put it in quotes`);
};

/** A whole number in a range. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Row<number> {
  return (value) => {
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InputProblem(`is ${found(value)}; it must be a whole number ${range}`);
  };
}

/** A value of an enum. */
export function oneOf<T extends string>(values: Readonly<Record<string, T>>): Row<T> {
  return (value) => {
    if (Object.values(values).includes(value)) return value;
    throw new InputProblem(`${found(value)} is not one of ${Object.values(values).join(', ')}`);
  };
}

/** A duration greater than 0, in whole milliseconds. */
export const duration: Row<Duration> = (value) => (milliseconds(value), value);

/** A duration, 0 included, in whole milliseconds. */
export const durationOrZero: Row<Duration> = (value) => (milliseconds(value, true), value);

/** A duration greater than 0, in whole seconds. */
export const wholeSeconds: Row<Duration> = (value) => (seconds(value), value);

/** A duration, 0 included, in whole seconds. */
export const wholeSecondsOrZero: Row<Duration> = (value) => (seconds(value, true), value);

/** A point in time. */
export const date: Row<Date> = (value) => {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  throw new InputProblem('is not a valid Date; write new Date()');
};

/** A size greater than 0, in whole bytes. */
export const size: Row<Size> = (value) => (bytes(value), value);

/** A list. A problem names the index. */
export function listOf<T>(row: Row<T>): Row<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new InputProblem(`is ${found(value)}, not a list`);
    return value.map((item, i) => within(`[${i}]`, () => row(item)));
  };
}

/** A list of texts. */
export const textList = listOf(text);

/** A map. A problem names the key. */
export function mapOf<T>(row: Row<T>): Row<{ [key: string]: T }> {
  return (value) => {
    const entries = Object.entries(jsonObject(value));
    return Object.fromEntries(entries.map(([key, item]) => [key, within(found(key), () => row(item))]));
  };
}

/** A map of texts, as annotations are. */
export const textMap = mapOf(anyText);

/** A map of labels, which Kubernetes lets hold less. */
export const labelMap = mapOf(labelValue);

/** A struct within a struct, by its table; `rule` judges its fields together. */
export function struct<P>(table: StructTable<P>, rule: (value: P) => void = () => {}): Row<P> {
  return (value) => {
    const read = readStruct(table, value);
    rule(read);
    return read;
  };
}

/** Free JSON: an object of any fields. */
export const jsonObject: Row<any> = (value) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InputProblem(`is ${found(value)}, not an object`);
};

/** Free JSON: a list of objects. */
export const jsonList: Row<any[]> = listOf(jsonObject);

/**
 * An object of a class or behind an interface, known by a member that nothing else has: an app may hold two copies of a
 * package, and `instanceof` knows only one.
 */
export function having<T>(member: keyof T & string, text: string): Row<T> {
  return (value) => {
    if ((typeof value === 'object' || typeof value === 'function') && value !== null && member in value) return value;
    throw new InputProblem(`is ${found(value)}, not ${text}`);
  };
}
