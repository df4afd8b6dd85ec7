import type { Duration, Size } from 'cdk8s';
import { InputProblem, found } from './problem';
import { readStruct, type Row, type StructTable, within } from './table';
import { bytes, milliseconds, seconds } from './units';
import { nearest } from './shape';
import { labelValue, qualifiedName } from './names';
import { hasControl } from './values';

/** A switch: the text "false" would count as true. */
export const yesOrNo: Row<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw new InputProblem(`is ${found(value)}; it must be true or false`);
};

/** A text of one line that is not empty. */
export const text: Row<string> = (value) => {
  if (typeof value === 'string' && value !== '' && !hasControl(value)) return wholeText(value);
  throw new InputProblem(`is ${found(value)}; give a text of one line`);
};

/** Half of a character can't be written as UTF-8. */
export function wholeText(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new InputProblem('holds half a character (a lone surrogate)');
  return value;
}

/** Any text, of which a message shows nothing: it may be a secret. */
export const anyText: Row<string> = (value) => {
  if (typeof value === 'string') return wholeText(value);
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

/** The largest whole number of most Kubernetes fields. */
const INT32 = 2 ** 31 - 1;

/** A whole number as Kubernetes' fields take it: replicas, thresholds, ids. */
export function int32(least: number): Row<number> {
  return (value) => {
    const number = wholeNumber(least)(value);
    if (number <= INT32) return number;
    throw new InputProblem(`is ${number}; Kubernetes takes ${INT32} at most`);
  };
}

/** A duration in whole seconds as Kubernetes' fields take it. */
export function int32Seconds(least: 0 | 1): Row<Duration> {
  return (value) => {
    int32(least)(seconds(value, least === 0));
    return value;
  };
}

/** A value of an enum, which a problem calls by its name in code. Without a name it is no enum of the library's. */
export function oneOf<T extends string>(values: Readonly<Record<string, T>>, name?: string): Row<T> {
  return (value) => {
    if (Object.values(values).includes(value)) return value;
    const all = `${found(value)} is not one of ${Object.values(values).join(', ')}`;
    throw new InputProblem(name === undefined ? all : `${all}; write ${name}.${meant(values, value)}`);
  };
}

/** The member that comes nearest to what was given; the first where none does. */
function meant(values: Readonly<Record<string, string>>, given: unknown): string {
  const members = Object.keys(values);
  const said = String(given).toLowerCase();
  const beginning = members.find((member) => said !== '' && values[member].toLowerCase().startsWith(said));
  const near = nearest(said.toUpperCase().replaceAll('-', '_'), members);
  return beginning ?? near ?? members[0];
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
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
    throw new InputProblem('is not a valid Date; write new Date()');
  throw new InputProblem(`is ${found(value)}, not a valid Date; write new Date(${found(value)})`);
};

/** A size greater than 0, in whole bytes. */
export const size: Row<Size> = (value) => (bytes(value), value);

/** A list. A problem names the index. */
export function listOf<T>(row: Row<T>): Row<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new InputProblem(`is ${found(value)}, not a list; write ${inList(row, value)}`);
    return value.map((item, i) => within(`[${i}]`, () => row(item)));
  };
}

/** What was meant, where one item was given in the place of its list. */
function inList(row: Row<unknown>, value: unknown): string {
  if (typeof value === 'object') return '[{ … }]';
  try {
    row(value);
    return `[${found(value)}]`;
  } catch {
    return '[…]';
  }
}

/** A list of texts. */
export const textList = listOf(text);

/** A map. A problem names the key. */
export function mapOf<T>(row: Row<T>, key: Row<string> = (name) => name): Row<{ [key: string]: T }> {
  return (value) => {
    const entries = Object.entries(jsonObject(value));
    return Object.fromEntries(entries.map(([name, item]) => [key(name), within(found(name), () => row(item))]));
  };
}

/** A map of texts. */
export const textMap = mapOf(anyText);

/** A map of labels, which Kubernetes lets hold less. */
export const labelMap = mapOf(labelValue, qualifiedName);

/** What the API server takes of all annotations together, in bytes. */
const ANNOTATION_BYTES = 256 * 1024;

/** A map of annotations. */
export const annotationMap: Row<{ [key: string]: string }> = (value) => {
  const annotations = mapOf(anyText, qualifiedName)(value);
  const size = Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= ANNOTATION_BYTES) return annotations;
  throw new InputProblem(
    `has ${size} bytes; Kubernetes takes ${ANNOTATION_BYTES} (256 KiB) of all annotations together`,
  );
};

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

/** Members of an object, and their types. */
type Members<T> = { readonly [K in Exclude<keyof T, keyof object | 'toString'>]?: 'string' | 'function' | 'object' };

/**
 * An object of a class or behind an interface, known by members that nothing else has, each of its type: an app may hold
 * two copies of a package, and `instanceof` knows only one.
 */
export function having<T>(members: Members<T>, text: string): Row<T> {
  const all = Object.entries(members);
  return (value) => {
    const given = (typeof value === 'object' || typeof value === 'function') && value !== null;
    if (given && all.every(([member, type]) => typeof value[member] === type)) return value;
    throw new InputProblem(`is ${found(value)}, not ${text}`);
  };
}
