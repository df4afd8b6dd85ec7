import type { IConstruct } from 'constructs';
import { areDisjoint, type BlockSelection, sameWhole } from './block-selection';
import { groupBy } from '../support/group-by';
import { isInCluster } from '../input/endpoint';
import { phrase } from '../support/problem';
import type { Standing, BucketCompactor, BucketReader, BucketWriter } from './registry';

/** Two stacks on one bucket that would lose data silently: two compactors, or two writers of indistinguishable blocks. */
export function bucketOwners(app: Standing): string[] {
  const place = ({ bucket, construct }: { bucket: string; construct: IConstruct }) =>
    isInCluster(bucket) ? app.clusterOf(construct) : undefined;
  return [
    ...pairs(app.compactors, ({ bucket }) => bucket, place, clashingCompactors),
    ...holes(app.compactors, ({ bucket }) => bucket, 'compacts'),
    ...pairs(app.readers, ({ bucket, group }) => `${bucket}\0${group}`, place, clashingReaders),
    ...holes(app.readers, ({ bucket, group }) => `${bucket}\0${group}`, 'serves'),
    ...pairs(app.writers, distinction, place, clashingWriters),
  ];
}

/** Writers that differ in one of these never clash. */
function distinction({ bucket, kind, externalLabels }: BucketWriter): string {
  return [bucket, kind, labelText(externalLabels)].join('\0');
}

/**
 * Each item against the first earlier one of the same key that it clashes with. One Service name in two clusters is two
 * stores: items whose places are known and differ are apart.
 */
function pairs<T>(
  items: readonly T[],
  key: (item: T) => string,
  place: (item: T) => string | undefined,
  clash: (earlier: T, later: T) => string | undefined,
): string[] {
  const byKey = new Map<string, { item: T; at: string | undefined }[]>();
  const problems: string[] = [];
  for (const item of items) {
    const at = place(item);
    const kept = key(item);
    const others = byKey.get(kept) ?? byKey.set(kept, []).get(kept)!;
    for (const other of others) {
      const apart = at !== undefined && other.at !== undefined && at !== other.at;
      const text = apart ? undefined : clash(other.item, item);
      if (text === undefined) continue;
      problems.push(text);
      break;
    }
    others.push({ item, at });
  }
  return problems;
}

function clashingCompactors(a: BucketCompactor, b: BucketCompactor): string | undefined {
  if (a.selection && b.selection) {
    if (areDisjoint(a.selection, b.selection)) return undefined;
    const text = `overlap with those of ${a.construct.node.path} on the same bucket (${b.bucket}); two compactors on a block corrupt it. Give each other ones`;
    return phrase(b.construct.node.path, 'blocks', text);
  }
  if (a.shard !== undefined && b.shard !== undefined && a.shard !== b.shard) return undefined;
  return phrase(
    b.construct.node.path,
    'objstore',
    `a second compactor on the bucket of ${a.construct.node.path} (${b.bucket}); two corrupt it. Remove one, or give each its own blocks`,
  );
}

/** Serving a block twice corrupts nothing, but costs twice, and is not what shards are for. */
function clashingReaders(a: BucketReader, b: BucketReader): string | undefined {
  if (areDisjoint(a.selection, b.selection)) return undefined;
  const text = `overlap with those of ${a.construct.node.path}: both serve them. Give each shard other ones`;
  return phrase(b.construct.node.path, 'blocks', text);
}

interface Part {
  readonly construct: IConstruct;
  readonly selection?: BlockSelection;
}

/** Parts by a hash of which one is missing: nobody would look at its blocks. */
function holes<T extends Part>(items: readonly T[], key: (item: T) => string, does: string): string[] {
  return [...groupBy(items, key).values()].flatMap((parts) => {
    const [first] = parts;
    const all = parts.map(({ selection }) => selection);
    const whole = all[0];
    if (whole?.by !== 'hash' || !all.every((one) => one?.by === 'hash' && sameWhole(one, whole))) return [];
    const there = new Set(all.map((one) => (one?.by === 'hash' ? one.index : -1)));
    const missing = Array.from({ length: whole.total }, (_, index) => index).filter((index) => !there.has(index));
    if (missing.length === 0) return [];
    const text = `is a part of ${whole.total}, but nobody in the app ${does} part ${missing.join(', ')}. Add it, or lower total`;
    return [phrase(first.construct.node.path, 'blocks', text)];
  });
}

function clashingWriters(a: BucketWriter, b: BucketWriter): string | undefined {
  if (a.group === b.group) return undefined;
  return phrase(
    b.construct.node.path,
    'externalLabels',
    `${labelText(b.externalLabels) || 'none'}, the same as ${a.construct.node.path} on the same bucket (${b.bucket}): their blocks could not be told apart. Give each stack its own, such as { cluster: '...' }`,
  );
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}
