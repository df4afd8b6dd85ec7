import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { Json } from '../support/json';
import type { Ignore } from './ignores';
import { isMap, text } from './shape';

/** A Kubernetes object as it stands in a file. */
export interface ManifestObject {
  readonly file: string;
  /** Line of its document, from 1. */
  readonly line: number;
  readonly json: Json;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where the manifest leaves it to `kubectl -n`. */
  readonly namespace: string;
  /** Rules that a comment beside it switches off. */
  readonly ignores: readonly Ignore[];
  /** There are no pods in it, or none that are looked at. */
  readonly podless?: boolean;
  /** What contentOf says of it, where its JSON is no longer whole. */
  readonly content?: string;
}

export function manifestObject(
  file: string,
  json: Json,
  { line = 1, ignores = [] }: Partial<Pick<ManifestObject, 'line' | 'ignores'>> = {},
): ManifestObject {
  const metadata = isMap(json.metadata) ? json.metadata : {};
  const [name, namespace] = [text(metadata.name), text(metadata.namespace)];
  return { file, line, json, apiVersion: text(json.apiVersion), kind: text(json.kind), name, namespace, ignores };
}

/** `Kind namespace/name`, for messages. */
export function label({ kind, name, namespace }: ManifestObject): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name === '' ? '(no name)' : name}`;
}

/** What makes an object the same for the API server; the version of its group doesn't. */
export function identity(object: ManifestObject): string {
  return `${object.apiVersion.replace(/\/[^/]*$/, '/')} ${label(object)}`;
}

const CONTENTS = new WeakMap<ManifestObject, string>();

/** The same text for two objects whose JSON is the same, in whatever order its keys stand. */
export function contentOf(object: ManifestObject): string {
  const known = object.content ?? CONTENTS.get(object);
  if (known !== undefined) return known;
  const content = createHash('sha256').update(inOrder(object.json)).digest('base64');
  CONTENTS.set(object, content);
  return content;
}

function inOrder(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(inOrder).join()}]`;
  if (isMap(json) && Object.getPrototypeOf(json) === Object.prototype) {
    const entries = Object.keys(json)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${inOrder(json[key])}`);
    return `{${entries.join()}}`;
  }
  // sets, dates and bytes that a tag of YAML makes, numbers that JSON doesn't have
  return typeof json === 'string' ? JSON.stringify(json) : inspect(json, { depth: null, maxArrayLength: null });
}

/** A field's value in a Secret or ConfigMap, decoded; undefined where the key is missing or its value is not text. */
export function content(object: ManifestObject, key: string): string | undefined {
  const { data, stringData, binaryData } = object.json;
  if (object.kind === 'Secret') return own(stringData, key) ?? decoded(own(data, key));
  return own(data, key) ?? decoded(own(binaryData, key));
}

/** The keys of a Secret or ConfigMap. */
export function keys({ json }: ManifestObject): string[] {
  const maps = [json.data, json.stringData, json.binaryData].filter(isMap);
  return [...new Set(maps.flatMap((map) => Object.keys(map)))];
}

function own(map: Json, key: string): string | undefined {
  return isMap(map) && Object.hasOwn(map, key) && typeof map[key] === 'string' ? map[key] : undefined;
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}

/** Where an object of the manifests is looked up by its name. */
export interface ObjectIndex {
  /** An object by name. A namespace that one side leaves open fits any. */
  find(kind: string, namespace: string, name: string): ManifestObject | undefined;
}
