import { type ManifestObject, label } from '../../lint/manifest-object';
import type { Column, Html, Value } from './html';
import type { Review, ReviewedCluster } from './review';

/** A part of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: (review: Review) => Html;
}

/** A row of each cluster's world, with the cluster's name before it where there are several. */
export function ofClusters<T>({ clusters }: Review, of: (cluster: ReviewedCluster) => readonly T[]): Placed<T>[] {
  return clusters.flatMap((cluster) => of(cluster).map((what) => ({ cluster: cluster.name, what })));
}

/** Something, and the cluster that it lies in. */
export interface Placed<T> {
  readonly cluster: string;
  readonly what: T;
}

/** The columns of a table whose first one names an object, and the cells of its rows. */
export function placedTable<T>(
  placed: readonly Placed<T>[],
  [first, ...columns]: readonly Column[],
  cells: (what: T) => readonly [Value, ...Value[]],
): { readonly columns: readonly Column[]; readonly rows: readonly (readonly Value[])[] } {
  const several = placed.some(({ cluster }) => cluster !== '');
  return {
    columns: [first, ...(several ? [{ title: 'Cluster' }] : []), ...columns],
    rows: placed.map(({ cluster, what }) => {
      const [name, ...rest] = cells(what);
      return [name, ...(several ? [cluster] : []), ...rest];
    }),
  };
}

/** `Kind namespace/name`. */
export function nameOf(object: ManifestObject): string {
  return label(object);
}

/** `2027-01-31`. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
