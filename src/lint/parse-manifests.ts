import type { Json } from '../manifest/pod-specs';
import type { Finding } from './finding';
import { type Ignore, type IgnoreComment, ignoreComments } from './ignores';
import { type ManifestObject, manifestObject } from './manifest-object';
import { isMap } from './shape';
import { NotYaml, yamlDocuments } from './yaml-text';

/** What a text holds: its objects, and why some of it could not be read. */
export interface ParsedManifests {
  readonly objects: ManifestObject[];
  readonly problems: Finding[];
}

/** What else is known of a text. */
export interface Found {
  /** It lay in a folder, where what is not a Kubernetes object may lie too. */
  readonly among?: boolean;
  /** Told of each document, with the objects so far. */
  readonly onDocument?: (objects: number) => void;
}

/**
 * Reads rendered YAML or JSON, and says of what can't be read where and why, without repeating its text.
 *
 */
export function parseManifests(file: string, text: string, found: Found = {}): ParsedManifests {
  const parsed: ParsedManifests = { objects: [], problems: [] };
  const comments = ignoreComments(text);
  try {
    let i = 0;
    for (const { json, line, end } of yamlDocuments(text, '1.2')) {
      const ignores = takeUntil(comments, end);
      flatten({ file, line, ignores, lenient: found.among ?? false, parsed }, `document ${++i}`, json);
      found.onDocument?.(parsed.objects.length);
    }
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    const template = /\{\{.*\}\}/.test(text) ? '; it looks like a Helm template, which "helm template" renders' : '';
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
  readonly parsed: ParsedManifests;
}

function flatten(reading: Reading, path: string, json: Json): void {
  const { file, line, ignores, parsed } = reading;
  if (json === null || json === undefined) return;
  const stranger = reading.lenient ? notKubernetes : unreadable;
  if (!isMap(json)) {
    const what = Array.isArray(json) ? 'a list' : `a ${typeof json}`;
    parsed.problems.push(stranger(file, path, `is ${what}, not an object`));
  } else if (typeof json.kind !== 'string' || typeof json.apiVersion !== 'string') {
    parsed.problems.push(stranger(file, path, 'has no kind and apiVersion: not a Kubernetes object'));
  } else {
    const inner = innerList(json);
    if (inner === undefined) parsed.objects.push(manifestObject(file, json, { line, ignores }));
    else inner.items.forEach((item, i) => flatten(reading, `${path}.${inner.field}[${i}]`, item));
  }
}

/** Objects that hold others: Kubernetes' lists, and a Template of OpenShift. */
function innerList(json: Record<string, Json>): { readonly field: string; readonly items: Json[] } | undefined {
  if (json.kind.endsWith('List') && Array.isArray(json.items)) return { field: 'items', items: json.items };
  const template = json.kind === 'Template' && String(json.apiVersion).startsWith('template.openshift.io/');
  return template && Array.isArray(json.objects) ? { field: 'objects', items: json.objects } : undefined;
}

/** Takes the comments that stand before the end of a document. */
function takeUntil(comments: IgnoreComment[], end: number): Ignore[] {
  const later = comments.findIndex(({ offset }) => offset >= end);
  return comments.splice(0, later < 0 ? comments.length : later).map(({ ignore }) => ignore);
}
