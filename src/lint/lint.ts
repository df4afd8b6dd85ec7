import { worldOf } from './bystanders';
import { divide, type Grouping, type Kustomization } from './clusters';
import type { Finding } from './finding';
import { type Ignore, reasonFor } from './ignores';
import { label } from './manifest-object';
import { packedObject, type PackedObject } from './packed-object';
import { parseManifests } from './parse-manifests';
import { RULES } from './rules';
import { missingObject } from './rules/objects';
import type { Text } from './text';
import type { World } from './world';

/** A file's text, or another source's. */
export interface ManifestText {
  readonly file: string;
  readonly text: Text;
  /** It lay in a folder, where what is not a Kubernetes object may lie too. */
  readonly among?: boolean;
}

/** How manifests are judged. */
export interface LintOptions {
  /** What belongs to one cluster. */
  readonly clusters?: Grouping;
  /** Folders that say what belongs together. */
  readonly kustomizations?: readonly Kustomization[];
  /** Nothing else is applied: what is missing here is missing. */
  readonly whole?: boolean;
  /** Rules that are switched off. */
  readonly ignores?: readonly Ignore[];
  /** Told of each document that was read, with the objects so far. */
  readonly onDocument?: (objects: number) => void;
}

/** What was judged, and what was found. */
export interface Judged {
  /** Those that somebody switched off have `ignored`. */
  readonly findings: Finding[];
  readonly objects: number;
  readonly pods: number;
  /** The clusters' names; a single empty one where all belongs together. */
  readonly clusters: string[];
  /** Why there are several. */
  readonly why?: string;
}

/** What is found in rendered manifests, without what somebody switched off. */
export function lint(texts: Iterable<ManifestText>, now: Date, options: LintOptions = {}): Finding[] {
  return judgeManifests(texts, now, options).findings.filter(({ ignored }) => ignored === undefined);
}

/** Judges rendered manifests: those that are applied to one cluster together. */
export function judgeManifests(texts: Iterable<ManifestText>, now: Date, options: LintOptions = {}): Judged {
  const objects: PackedObject[] = [];
  const problems: Finding[] = [];
  for (const { file, text, among } of texts) {
    const before = objects.length;
    const onDocument = (more: number): void => options.onDocument?.(before + more);
    const parsed = parseManifests(file, text, { among, onDocument, keep: packedObject });
    for (const object of parsed.objects) objects.push(object);
    problems.push(...parsed.problems);
  }
  const { clusters, why } = divide(objects, options.clusters, options.kustomizations);
  const hits = clusters.flatMap((cluster) => judge(worldOf(cluster.objects, now), options));
  const findings = once([...problems, ...hits]);
  const pods = new Set(clusters.flatMap((cluster) => cluster.objects.filter(({ runs }) => runs))).size;
  return { findings, objects: objects.length, pods, clusters: clusters.map(({ name }) => name), why };
}

function judge(world: World, { whole = false, ignores = [] }: LintOptions): Finding[] {
  return RULES.filter((rule) => whole || rule !== missingObject).flatMap((rule) =>
    rule.check(world).map(({ object, path, text, fix, severity = rule.severity }) => {
      const { file, line } = object;
      const finding: Finding = { rule: rule.id, severity, file, line, object: label(object), path, text, fix };
      const ignored = reasonFor(finding, [...object.ignores, ...ignores]);
      return ignored === undefined ? finding : { ...finding, ignored };
    }),
  );
}

/** What is applied to several clusters is told of once. */
function once(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
