import { join, type Json, podSpecs } from '../../manifest/pod-specs';
import type { Finished } from '../finished';
import { isOurs } from '../place';
import type { GrantRecord, ShareRecord } from '../registry';
import type { Copies } from './copies';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { NOTHING, problemAt, type Verdict } from './verdict';

/** The CA, the config or a key written straight into a pod: its env, its arguments, its annotations. */
export function inlineCopies(
  one: Finished,
  granted: readonly GrantRecord[],
  shared: readonly ShareRecord[],
  copies: Copies,
): Verdict {
  if (podSpecs(one.json).length === 0) return NOTHING;
  const letIn = [...granted, ...shared];
  const problems: string[] = [];
  walkTexts(one.json, '', (text, path) => {
    const copied = copies.inText(text);
    if (copied === undefined || letIn.some((record) => letsIn(record, copied.guard))) return;
    const { guard } = copied;
    const what = `holds ${HELD[guard.holds]} of ${guard.kind} ${guard.name}, which only pods that open the bucket may. Remove it${isOurs(one.object) ? '' : ', or say with share that it may'}`;
    problems.push(problemAt(one, path, what));
  });
  return problems.length === 0 ? NOTHING : { problems, warnings: [] };
}

function walkTexts(node: Json, path: string, each: (text: string, path: string) => void): void {
  if (typeof node === 'string') return each(node, path);
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) return node.forEach((item, i) => walkTexts(item, `${path}[${i}]`, each));
  for (const [key, child] of Object.entries(node)) walkTexts(child, join(path, key), each);
}
