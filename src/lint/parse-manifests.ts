import type { Json } from '../support/json';
import type { Finding } from './finding';
import { type Ignore, type IgnoreComment, ignoreComments } from './ignores';
import { type ManifestObject, manifestObject } from './manifest-object';
import { isMap } from './shape';
import { pieces, type Text } from './text';
import { NotYaml, yamlDocuments } from './yaml-text';

/** What a text holds: its objects, and why some of it could not be read. */
export interface ParsedManifests<O extends ManifestObject = ManifestObject> {
  readonly objects: O[];
  readonly problems: Finding[];
}

/** What else is known of a text. */
export interface Found<O extends ManifestObject = ManifestObject> {
  /** It lay in a folder, where what is not a Kubernetes object may lie too. */
  readonly among?: boolean;
  /** Told of each document, with the objects so far. */
  readonly onDocument?: (objects: number) => void;
  /** What is kept of an object; all of it unless told. */
  readonly keep?: (object: ManifestObject) => O;
}

/**
 * Reads rendered YAML or JSON, and says of what can't be read where and why, without repeating its text.
 *
 */
export function parseManifests<O extends ManifestObject = ManifestObject>(
  file: string,
  text: Text,
  found: Found<O> = {},
): ParsedManifests<O> {
  const parsed: ParsedManifests<O> = { objects: [], problems: [] };
  const keep = found.keep ?? ((object: ManifestObject) => object as O);
  const comments: IgnoreComment[] = [];
  try {
    let i = 0;
    for (const { json, line, end } of yamlDocuments(withComments(text, comments), '1.2')) {
      const ignores = takeUntil(comments, end);
      const kept = (object: ManifestObject): unknown => parsed.objects.push(keep(object));
      const reading = { file, line, ignores, lenient: found.among ?? false, problems: parsed.problems, kept };
      flatten(reading, `document ${++i}`, json);
      found.onDocument?.(parsed.objects.length);
    }
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    const template = [...pieces(text)].some((piece) => /\{\{.*\}\}/.test(piece))
      ? '; it looks like a Helm template, which "helm template" renders'
      : '';
    parsed.problems.push(unreadable(file, '', `${error.message}${template}`));
  }
  return parsed;
}

/** The finding of a file, or a part of one, that can't be judged. */
export function unreadable(file: string, path: string, text: string): Finding {
  const fix = 'Give rendered Kubernetes YAML';
  return { rule: 'unreadable', severity: 'error', file, object: '', path, text, fix };
}

/** What lies in a folder beside manifests and is none, such as a values.yaml. */
function notKubernetes(file: string, path: string, text: string): Finding {
  const fix = 'Nothing, if it is not meant to be applied';
  return { rule: 'not-kubernetes', severity: 'info', file, object: '', path, text, fix };
}

interface Reading {
  readonly file: string;
  readonly line: number;
  readonly ignores: readonly Ignore[];
  /** What is not a Kubernetes object may lie there too. */
  readonly lenient: boolean;
  readonly problems: Finding[];
  readonly kept: (object: ManifestObject) => void;
}

function flatten(reading: Reading, path: string, json: Json): void {
  const { file, line, ignores, problems } = reading;
  if (json === null || json === undefined) return;
  const stranger = reading.lenient ? notKubernetes : unreadable;
  if (!isMap(json)) {
    const what = Array.isArray(json) ? 'a list' : `a ${typeof json}`;
    problems.push(stranger(file, path, `is ${what}, not an object`));
  } else if (typeof json.kind !== 'string' || typeof json.apiVersion !== 'string') {
    problems.push(stranger(file, path, 'has no kind and apiVersion: not a Kubernetes object'));
  } else {
    const inner = innerList(json);
    if (inner === undefined) reading.kept(manifestObject(file, json, { line, ignores }));
    else inner.items.forEach((item, i) => flatten(reading, `${path}.${inner.field}[${i}]`, item));
  }
}

/** Objects that hold others: Kubernetes' lists, and a Template of OpenShift. */
function innerList(json: Record<string, Json>): { readonly field: string; readonly items: Json[] } | undefined {
  if (json.kind.endsWith('List') && Array.isArray(json.items)) return { field: 'items', items: json.items };
  const template = json.kind === 'Template' && String(json.apiVersion).startsWith('template.openshift.io/');
  return template && Array.isArray(json.objects) ? { field: 'objects', items: json.objects } : undefined;
}

/** The text, whose comments are collected whenever it is read. */
function withComments(text: Text, comments: IgnoreComment[]): Text {
  return function* () {
    comments.length = 0;
    let start = 0;
    for (const piece of pieces(text)) {
      for (const { offset, ignore } of ignoreComments(piece)) comments.push({ offset: start + offset, ignore });
      start += piece.length;
      yield piece;
    }
  };
}

/** Takes the comments that stand before the end of a document. */
function takeUntil(comments: IgnoreComment[], end: number): Ignore[] {
  const later = comments.findIndex(({ offset }) => offset >= end);
  return comments.splice(0, later < 0 ? comments.length : later).map(({ ignore }) => ignore);
}
