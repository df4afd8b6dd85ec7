import { found, InputProblem } from '../support/problem';
import { listOf } from '../support/rows';

/** Ids of blocks. Thanos would fail on another text at its start. */
export function blockIds(value: unknown): string[] {
  const ids = listOf(blockId)(value);
  if (ids.length === 0) throw new InputProblem('is empty; name at least one block');
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) throw new InputProblem(`names ${found(twice)} twice`);
  return ids;
}

/** A ULID: 26 characters of Crockford's alphabet, the first of which is at most 7. */
function blockId(value: unknown): string {
  if (typeof value === 'string' && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(value)) return value;
  throw new InputProblem(`${found(value)} is not the id of a block; "thanos tools bucket ls" shows them`);
}
