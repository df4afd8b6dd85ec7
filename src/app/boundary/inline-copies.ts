import { type FoundPodSpec, join } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import type { Finished } from '../finished';
import { isOurs } from '../place';
import type { GrantRecord, ShareRecord, Standing } from '../registry';
import type { Copies } from './copies';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { NOTHING, problemAt, type Verdict } from './verdict';

/** The CA, the config or a key written straight into a pod: its env, its arguments, its annotations. */
export function inlineCopies(
  one: Finished,
  specs: readonly FoundPodSpec[],
  granted: readonly GrantRecord[],
  shared: readonly ShareRecord[],
  app: Standing,
  copies: Copies,
): Verdict {
  if (specs.length === 0) return NOTHING;
  const letIn = [...granted, ...shared];
  const problems: string[] = [];
  walkTexts(one.json, [], (text, keys) => {
    const copied = copies.inText(text, one);
    if (copied.length === 0) return;
    if (letIn.some((record) => copied.some(({ guard }) => letsIn(app, record, guard)))) return;
    const [{ guard }] = copied;
    const what = `holds ${HELD[guard.holds]} of ${guard.kind} ${guard.name}, which only pods that open the bucket may. Remove it${isOurs(one.object) ? '' : ', or say with share that it may'}`;
    problems.push(problemAt(one, pathOf(keys), what));
  });
  return problems.length === 0 ? NOTHING : { problems, warnings: [] };
}

type KeyPath = (string | number)[];

/** Calls back for each text; the keys that lead to it are put together where something was found only. */
function walkTexts(node: Json, keys: KeyPath, each: (text: string, keys: KeyPath) => void): void {
  if (typeof node === 'string') return each(node, keys);
  if (node === null || typeof node !== 'object') return;
  const entries: Iterable<[string | number, Json]> = Array.isArray(node) ? node.entries() : Object.entries(node);
  for (const [key, child] of entries) {
    keys.push(key);
    walkTexts(child, keys, each);
    keys.pop();
  }
}

function pathOf(keys: KeyPath): string {
  return keys.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : join(path, key)), '');
}
