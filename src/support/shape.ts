import { InputProblem, found } from './problem';

/** Fields that belong elsewhere, and the end of the sentence that says where. */
export type FieldsElsewhere = Readonly<Record<string, string>>;

/**
 * Refuses what is not an object, and fields that a struct doesn't have, where types can't: plain JavaScript, values read
 * from JSON or YAML.
 *
 * A misspelt optional field would otherwise be a default that nobody chose.
 */
export function knownFields(
  value: unknown,
  fields: readonly string[],
  elsewhere: FieldsElsewhere = {},
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InputProblem(notFields(value));
  if (value instanceof Map || value instanceof Set)
    throw new InputProblem(`is a ${value.constructor.name}, not an object with fields. Give Object.fromEntries(it)`);
  for (const field of Object.keys(value)) {
    if (fields.includes(field)) continue;
    if (Object.hasOwn(elsewhere, field)) throw new InputProblem(`has no field ${found(field)}${elsewhere[field]}`);
    const like = nearest(field, fields) ?? alike(field, fields);
    const hint = like === undefined ? `; it has ${someOf(fields)}` : `; did you mean ${found(like)}?`;
    throw new InputProblem(`has no field ${found(field)}${hint}`);
  }
}

/** What charts of Helm and Kubernetes call otherwise. */
const OTHERWISE: Readonly<Record<string, string>> = {
  extraFlags: 'extraArgs',
  extraEnvVars: 'env',
  extraVolumes: 'volumes',
  extraVolumeMounts: 'volumeMounts',
  pdb: 'disruptionBudget',
  replicaCount: 'replicas',
  persistence: 'storage',
  topologySpreadConstraints: 'topologySpread',
};

/** The field that is called otherwise elsewhere, or one of which the name that was given is the beginning or the continuation. */
function alike(given: string, fields: readonly string[]): string | undefined {
  const other = Object.hasOwn(OTHERWISE, given) ? OTHERWISE[given] : undefined;
  if (other !== undefined && fields.includes(other)) return other;
  const words = (name: string, of: string): boolean => name.startsWith(of) && /^[A-Z]/.test(name.slice(of.length));
  return fields.find((field) => words(field, given)) ?? fields.find((field) => words(given, field));
}

/** The most fields that a message names. */
const NAMED = 12;

function someOf(fields: readonly string[]): string {
  const sorted = [...fields].sort();
  if (sorted.length <= NAMED) return sorted.join(', ');
  return `${sorted.slice(0, NAMED).join(', ')}, … (${sorted.length} in all; the reference lists them)`;
}

/** What stands in the place of something else. A text is not shown: it may be a secret in the wrong place. */
export function foundKind(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'string' ? 'a text' : found(value);
}

/** Says what stands in the place of an object with fields. */
export function notFields(value: unknown): string {
  return `is ${foundKind(value)}, not an object with fields`;
}

/** The name that was meant, where one is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const far = Math.min(2, Math.floor(given.length / 3));
  const [like] = names
    .filter((name) => Math.abs(name.length - given.length) <= far)
    .map((name) => ({ name, far: distance(name.toLowerCase(), given.toLowerCase()) }))
    .filter((candidate) => candidate.far <= far)
    .sort((a, b) => a.far - b.far);
  return like?.name;
}

/** Edit distance, two letters in the wrong order counted once: enough to recognise a typing error. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
