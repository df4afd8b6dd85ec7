import type { Finding } from '../../lint/finding';
import { isMap, list } from '../../lint/shape';
import { readTextInput } from '../files';
import { CliProblem } from '../problem';

/** What a finding is known by: a file may be renamed, and a list grow before it. */
function keyOf({ rule, object, path }: Pick<Finding, 'rule' | 'object' | 'path'>): string {
  return [rule, object, String(path).replace(/\[\d+\]/g, '[]')].join('\0');
}

/** The findings of a baseline, by what they are known by. */
export function readBaseline(file: string | undefined): ReadonlySet<string> {
  if (file === undefined) return new Set();
  try {
    const json: unknown = JSON.parse(readTextInput(file));
    if (isMap(json) && Array.isArray(json.findings)) return new Set(list(json.findings).map(keyOf));
  } catch (error) {
    if (error instanceof CliProblem) throw error;
  }
  throw new CliProblem(`${file} is not a baseline; write one with --write-baseline`);
}

export function isKnown(known: ReadonlySet<string>, finding: Finding): boolean {
  return known.has(keyOf(finding));
}

/** The findings of now as a baseline, without what is switched off for another reason. */
export function baselineText(findings: readonly Finding[]): string {
  const kept = findings
    .filter(({ ignored, severity }) => severity !== 'info' && (ignored === undefined || ignored === 'in the baseline'))
    .map(({ rule, object, path }) => ({ rule, object, path }));
  return `${JSON.stringify({ findings: kept }, null, 2)}\n`;
}
