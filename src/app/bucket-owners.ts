import type { IConstruct } from 'constructs';
import { isInCluster } from '../input/endpoint';
import { phrase } from '../support/problem';
import type { AppRegistry, BucketCompactor, BucketWriter } from './registry';

/** Two stacks on one bucket that would lose data silently: two compactors, or two writers of indistinguishable blocks. */
export function bucketOwners(registry: AppRegistry): string[] {
  const apart = (a: IConstruct, b: IConstruct, bucket: string): boolean => {
    const clusters = [registry.clusterOf(a), registry.clusterOf(b)];
    return isInCluster(bucket) && !clusters.includes(undefined) && clusters[0] !== clusters[1];
  };
  return [...pairs(registry.compactors, apart, clashingCompactors), ...pairs(registry.writers, apart, clashingWriters)];
}

/** Each item against the first earlier one on the same bucket that it clashes with. One Service name in two clusters is two stores. */
function pairs<T extends { readonly bucket: string; readonly construct: IConstruct }>(
  items: readonly T[],
  apart: (a: IConstruct, b: IConstruct, bucket: string) => boolean,
  clash: (earlier: T, later: T) => string | undefined,
): string[] {
  const byBucket = new Map<string, T[]>();
  const problems: string[] = [];
  for (const item of items) {
    const others = byBucket.get(item.bucket) ?? byBucket.set(item.bucket, []).get(item.bucket)!;
    const text = others
      .filter((other) => !apart(other.construct, item.construct, item.bucket))
      .map((other) => clash(other, item))
      .find((t) => t !== undefined);
    if (text) problems.push(text);
    others.push(item);
  }
  return problems;
}

function clashingCompactors(a: BucketCompactor, b: BucketCompactor): string | undefined {
  if (a.shard !== undefined && b.shard !== undefined && a.shard !== b.shard) return undefined;
  return phrase(
    b.construct.node.path,
    'objstore',
    `a second compactor on the bucket of ${a.construct.node.path} (${b.bucket}); two corrupt it. Remove one, or shard both with different --selector.relabel-config`,
  );
}

function clashingWriters(a: BucketWriter, b: BucketWriter): string | undefined {
  if (a.group === b.group || a.kind !== b.kind || labelText(a.externalLabels) !== labelText(b.externalLabels))
    return undefined;
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
