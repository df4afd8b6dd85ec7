import type { Json } from '../manifest/pod-specs';
import type { Finding } from './finding';
import { type ManifestObject, manifestObject } from './manifest-object';
import { isMap } from './shape';
import { NotYaml, parseYaml } from './yaml-text';

/** What a text holds: its objects, and why some of it could not be read. */
export interface ParsedManifests {
  readonly objects: ManifestObject[];
  readonly problems: Finding[];
}

/** Reads rendered YAML or JSON, and says of what can't be read where and why, without repeating its text. */
export function parseManifests(file: string, text: string): ParsedManifests {
  const objects: ManifestObject[] = [];
  const problems: Finding[] = [];
  try {
    const documents = parseYaml(text, '1.2');
    for (const [i, json] of documents.entries()) flatten(file, `document ${i + 1}`, json, objects, problems);
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    const template = /\{\{.*\}\}/.test(text) ? '; it looks like a Helm template, which "helm template" renders' : '';
    problems.push(unreadable(file, '', `${error.message}${template}`));
  }
  return { objects, problems };
}

/** The finding of a file, or a part of one, that can't be judged. */
export function unreadable(file: string, path: string, text: string): Finding {
  const fix = 'Give rendered Kubernetes YAML';
  return { rule: 'unreadable', severity: 'error', file, object: '', path, text, fix };
}

function flatten(file: string, path: string, json: Json, objects: ManifestObject[], problems: Finding[]): void {
  if (json === null || json === undefined) return;
  if (!isMap(json)) {
    problems.push(unreadable(file, path, `is ${Array.isArray(json) ? 'a list' : `a ${typeof json}`}, not an object`));
  } else if (typeof json.kind !== 'string' || typeof json.apiVersion !== 'string') {
    problems.push(unreadable(file, path, 'has no kind and apiVersion: not a Kubernetes object'));
  } else if (json.kind.endsWith('List') && Array.isArray(json.items)) {
    json.items.forEach((item, i) => flatten(file, `${path}.items[${i}]`, item, objects, problems));
  } else {
    objects.push(manifestObject(file, json));
  }
}
