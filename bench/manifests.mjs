import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';

/** The objects of each file of a folder, by the file's name up to its first dot: the chart's name. */
export function chartsOf(folder) {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file.split('.')[0], documents(readFileSync(join(folder, file), 'utf8'))]),
  );
}

export function documents(text) {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** A ratio between programs that do different things would mean nothing. */
export function requireSame(who, actual, expected) {
  for (const chart of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const [a, b] = [actual[chart] ?? [], expected[chart] ?? []].map(byKey);
    const other = [...new Set([...a.keys(), ...b.keys()])].find((key) => !isDeepStrictEqual(a.get(key), b.get(key)));
    if (other !== undefined) throw new Error(`${who} renders another ${other} in ${chart}`);
  }
}

function byKey(objects) {
  return new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}
