import { InputProblem, found } from './problem';

/**
 * Refuses fields that a struct doesn't have, where types can't: plain JavaScript, values read from JSON or YAML.
 *
 * A misspelt optional field would otherwise be a default that nobody chose.
 */
export function knownFields(value: object, fields: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputProblem(
      `is ${value === null || value === undefined ? 'missing' : `a ${typeof value}`}, not an object with fields`,
    );
  for (const field of Object.keys(value)) {
    if (fields.includes(field)) continue;
    throw new InputProblem(`has no field ${found(field)}${nearest(field, fields)}`);
  }
}

function nearest(field: string, fields: readonly string[]): string {
  const like = fields.find((f) => f.toLowerCase() === field.toLowerCase() || distance(f, field) <= 2);
  return like ? `; did you mean ${found(like)}?` : `; it has ${[...fields].sort().join(', ')}`;
}

/** Edit distance, enough to recognise a typing error. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
