/** Values of each factor, by factor and level name. */
export type Factors<T> = Record<string, Record<string, Partial<T>>>;

/** Combinations in which every pair of levels that may meet does meet. */
export interface Pairwise<T> {
  readonly rows: { readonly name: string; readonly value: Partial<T> }[];
  /** `a=x, b=y` of the pairs that no combination may hold. */
  readonly refused: string[];
}

type Choice = Record<string, string>;

/** Greedy and deterministic: for each pair that is not met yet, the best of some random combinations that hold it. */
export function pairwise<T>(factors: Factors<T>, allowed: (value: Partial<T>) => boolean): Pairwise<T> {
  const names = Object.keys(factors);
  const random = seeded(42);
  const met = new Set<string>();
  const rows: Choice[] = [];
  const refused: string[] = [];
  const assemble = (choice: Choice): Partial<T> =>
    Object.assign({}, ...names.map((name) => factors[name][choice[name]]));
  const fill = (fixed: Choice): Choice =>
    Object.fromEntries(names.map((name) => [name, fixed[name] ?? pick(Object.keys(factors[name]), random)]));
  for (const pair of allPairs(factors)) {
    if (met.has(label(pair))) continue;
    const candidates: Choice[] = [];
    for (let i = 0; i < 800 && candidates.length < 12; i++) {
      const candidate = fill(pair);
      if (allowed(assemble(candidate))) candidates.push(candidate);
    }
    if (candidates.length === 0) refused.push(label(pair));
    else {
      const gain = (choice: Choice): number => pairsOf(choice).filter((p) => !met.has(p)).length;
      const best = candidates.reduce((a, b) => (gain(b) > gain(a) ? b : a));
      pairsOf(best).forEach((p) => met.add(p));
      rows.push(best);
    }
  }
  const named = (choice: Choice): string => label(Object.fromEntries(names.map((name) => [name, choice[name]])));
  return { rows: rows.map((row) => ({ name: named(row), value: assemble(row) })), refused };
}

function* allPairs<T>(factors: Factors<T>): Generator<Choice> {
  const names = Object.keys(factors);
  for (const [i, a] of names.entries())
    for (const b of names.slice(i + 1))
      for (const x of Object.keys(factors[a])) for (const y of Object.keys(factors[b])) yield { [a]: x, [b]: y };
}

function pairsOf(choice: Choice): string[] {
  const entries = Object.entries(choice);
  return entries.flatMap(([a, x], i) => entries.slice(i + 1).map(([b, y]) => label({ [a]: x, [b]: y })));
}

function label(choice: Choice): string {
  return Object.entries(choice)
    .filter(([, level], _, all) => all.length === 2 || level !== '-')
    .map(([name, level]) => `${name}=${level}`)
    .join(', ');
}

/** The first level is the usual one, and as likely as all others together. */
function pick(levels: string[], random: () => number): string {
  return random() < 0.5 ? levels[0] : levels[Math.floor(random() * levels.length)];
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
