import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ratios that a change must not make worse, as they were when kept.json was written. */
const KEPT = JSON.parse(readFileSync(join(import.meta.dirname, 'kept.json'), 'utf8'));
/** Machines are noisy: less than this is no finding. */
const TOLERANCE = 1.25;

/** Lines about the ratios that are worse than the kept ones by more than the tolerance. */
export function worse(rows) {
  return rows
    .filter(({ key, ratio }) => key in KEPT && ratio > KEPT[key] * TOLERANCE)
    .map(({ key, ratio }) => `${key} is ${ratio.toFixed(2)}, kept is ${KEPT[key].toFixed(2)}`);
}
