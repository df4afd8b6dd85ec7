import * as path from 'node:path';
import { podSpecs } from '../manifest/pod-specs';
import { groupBy } from '../support/group-by';
import { contentOf, identity, label, type ManifestObject } from './manifest-object';

/** How manifests are told apart that are meant for several clusters. */
export const GROUPINGS = ['auto', 'one', 'folder', 'file'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Objects that are applied to one cluster. */
export interface Cluster<O extends ManifestObject = ManifestObject> {
  /** The folder or file that is the cluster's own; empty where there is one cluster. */
  readonly name: string;
  readonly objects: readonly O[];
}

/** What belongs together. */
export interface Division<O extends ManifestObject = ManifestObject> {
  readonly clusters: readonly Cluster<O>[];
  /** Why there are several, where nobody said so. */
  readonly why?: string;
}

/** A folder with a kustomization.yaml, and the files and folders that it names. */
export interface Kustomization {
  readonly folder: string;
  readonly resources: readonly string[];
}

/**
 * Tells which objects are applied together. Where nobody says, all of them are, unless a workload, Secret or ConfigMap stands
 * there twice with other content: then the files or folders in which they differ are clusters of their own, and what lies in
 * none of those is applied to each. Several kustomizations that no other one names are clusters too.
 */
export function divide<O extends ManifestObject>(
  objects: readonly O[],
  how: Grouping = 'auto',
  kustomizations: readonly Kustomization[] = [],
): Division<O> {
  if (how === 'one') return { clusters: [whole(objects)] };
  if (how !== 'auto') {
    const place = how === 'file' ? fileOf : ({ file }: ManifestObject) => path.dirname(file);
    return { clusters: [...groupBy(objects, place)].map(([name, own]) => ({ name, objects: own })) };
  }
  return byKustomizations(objects, kustomizations) ?? byContent(objects);
}

function whole<O extends ManifestObject>(objects: readonly O[]): Cluster<O> {
  return { name: '', objects: onceEach(objects) };
}

function fileOf({ file }: ManifestObject): string {
  return file;
}

/** Clusters by the objects that stand there twice with other content. */
function byContent<O extends ManifestObject>(objects: readonly O[]): Division<O> {
  const differing = [...groupBy(objects, identity).values()].map(distinct).filter((twins) => twins.length > 1);
  const roots = new Set(differing.flatMap((twins) => apart(twins.map(fileOf))));
  if (roots.size < 2) return { clusters: [whole(objects)] };
  const leaves = [...roots].filter((root) => ![...roots].some((other) => other !== root && lies(other, root)));
  const clusters = leaves.map((leaf) => ({
    name: leaf,
    objects: onceEach(objects.filter(({ file }) => [...roots].every((root) => !lies(file, root) || lies(leaf, root)))),
  }));
  const [[first, second]] = differing;
  return { clusters, why: `${label(first)} differs between ${first.file} and ${second.file}` };
}

/** One object of each content, of those in files of their own. Others are told of as duplicates. */
function distinct(twins: readonly ManifestObject[]): ManifestObject[] {
  if (twins.length < 2 || !tellsClustersApart(twins[0])) return [];
  return twins.filter(
    (one, i) => !twins.slice(0, i).some((other) => other.file === one.file || contentOf(other) === contentOf(one)),
  );
}

/** A Namespace or a role may well be written twice; what runs, and what it reads, is different in another cluster. */
function tellsClustersApart({ kind, json, name }: ManifestObject): boolean {
  return name !== '' && (kind === 'Secret' || kind === 'ConfigMap' || podSpecs(json).length > 0);
}

/** The files or folders below the files' common folder, and further down where several files lie in one of them. */
function apart(files: readonly string[]): string[] {
  if (files.length < 2) return [...files];
  const steps = files.map((file) => path.normalize(file).split(path.sep));
  let depth = 0;
  while (steps.every((own) => own[depth] === steps[0][depth] && own.length > depth + 1)) depth++;
  const below = groupBy(files, (file) =>
    path
      .normalize(file)
      .split(path.sep)
      .slice(0, depth + 1)
      .join(path.sep),
  );
  return [...below].flatMap(([root, own]) => (own.length === 1 ? [root] : [root, ...apart(own)]));
}

/** Whether a file or folder is, or lies in, a folder. */
function lies(file: string, root: string): boolean {
  const inner = path.normalize(file);
  return inner === root || inner.startsWith(`${root}${path.sep}`);
}

/** The same object in two files of one cluster, word for word, is one. */
function onceEach<O extends ManifestObject>(objects: readonly O[]): O[] {
  const seen = new Map<string, ManifestObject[]>();
  return objects.filter((object) => {
    const key = identity(object);
    const earlier = seen.get(key);
    if (earlier === undefined) return seen.set(key, [object]) !== undefined;
    if (earlier.some((one) => one.file !== object.file && contentOf(one) === contentOf(object))) return false;
    earlier.push(object);
    return true;
  });
}

function byKustomizations<O extends ManifestObject>(
  objects: readonly O[],
  kustomizations: readonly Kustomization[],
): Division<O> | undefined {
  const byFolder = new Map(kustomizations.map((one) => [path.normalize(one.folder), one]));
  const named = new Set(kustomizations.flatMap(resolved));
  const tops = [...byFolder.keys()].filter((folder) => !named.has(folder));
  if (tops.length < 2) return undefined;
  const files = new Map(tops.map((folder) => [folder, filesOf(folder, byFolder, new Set())]));
  const used = new Set([...files.values()].flatMap((own) => [...own]));
  const clusters = tops.map((name) => ({
    name,
    objects: onceEach(
      objects.filter(({ file }) => files.get(name)!.has(path.normalize(file)) || !used.has(path.normalize(file))),
    ),
  }));
  return { clusters, why: 'each is a kustomization that no other one names' };
}

function resolved({ folder, resources }: Kustomization): string[] {
  return resources.map((resource) => path.normalize(path.join(folder, resource)).replace(/[\\/]+$/, ''));
}

function filesOf(folder: string, all: ReadonlyMap<string, Kustomization>, seen: Set<string>): Set<string> {
  const own = all.get(folder);
  if (own === undefined || seen.has(folder)) return new Set();
  seen.add(folder);
  return new Set(resolved(own).flatMap((one) => (all.has(one) ? [...filesOf(one, all, seen)] : [one])));
}
