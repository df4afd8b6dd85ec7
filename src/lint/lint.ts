import * as path from 'node:path';
import type { Finding } from './finding';
import { type ManifestObject, label } from './manifest-object';
import { type ParsedManifests, parseManifests } from './parse-manifests';
import { RULES } from './rules';
import { identity } from './rules/objects';
import { World } from './world';

/** A file's text, or another source's. */
export interface ManifestText {
  readonly file: string;
  readonly text: string;
}

/** Judges rendered manifests: those of one folder, or of a cluster, together. */
export function lint(texts: readonly ManifestText[], now: Date): Finding[] {
  const parsed = texts.map(({ file, text }) => parseManifests(file, text));
  return [...parsed.flatMap((p) => p.problems), ...sets(parsed).flatMap((objects) => judge(new World(objects, now)))];
}

function judge(world: World): Finding[] {
  return RULES.flatMap((rule) =>
    rule.check(world).map((hit) => ({
      rule: rule.id,
      severity: hit.severity ?? rule.severity,
      file: hit.object.file,
      object: label(hit.object),
      path: hit.path,
      text: hit.text,
      fix: hit.fix,
    })),
  );
}

/** A folder per cluster holds the same objects in each: then every folder is judged alone, else all is one. */
function sets(parsed: readonly ParsedManifests[]): ManifestObject[][] {
  const all = parsed.flatMap((p) => p.objects);
  const folders = new Map<string, ManifestObject[]>();
  for (const object of all) {
    const folder = path.dirname(object.file);
    if (!folders.get(folder)?.push(object)) folders.set(folder, [object]);
  }
  const identities = [...folders.values()].flatMap((objects) => [...new Set(objects.map(identity))]);
  return new Set(identities).size < identities.length ? [...folders.values()] : [all];
}
