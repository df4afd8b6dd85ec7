/** Which blocks of a bucket a component works on, as far as it can be compared with another selection. */
export type BlockSelection =
  | { readonly by: 'hash'; readonly labels: readonly string[]; readonly index: number; readonly total: number }
  | { readonly by: 'values' | 'others'; readonly label: string; readonly values: readonly string[] };

/** Whether no block can be in both. */
export function areDisjoint(a: BlockSelection, b: BlockSelection): boolean {
  if (a.by === 'hash' || b.by === 'hash') return a.by === 'hash' && b.by === 'hash' && areParts(a, b);
  if (a.label !== b.label || (a.by === 'others' && b.by === 'others')) return false;
  if (a.by === 'values' && b.by === 'values') return !a.values.some((value) => b.values.includes(value));
  const [values, others] = a.by === 'values' ? [a.values, b.values] : [b.values, a.values];
  return values.every((value) => others.includes(value));
}

type Hash = Extract<BlockSelection, { by: 'hash' }>;

function areParts(a: Hash, b: Hash): boolean {
  return sameWhole(a, b) && a.index !== b.index;
}

/** Whether two are parts of one division. */
export function sameWhole(a: Hash, b: Hash): boolean {
  return a.total === b.total && a.labels.join() === b.labels.join();
}
