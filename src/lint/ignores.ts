import { isMap, list, text } from './shape';
import { NotYaml, parseYaml } from './yaml-text';

/** A rule that is switched off on purpose, and why. */
export interface Ignore {
  /** Id of the rule. */
  readonly rule: string;
  /** Why. */
  readonly reason: string;
  /** `Kind namespace/name`, `*` for any characters; undefined: all. */
  readonly object?: string;
  /** The end of the file's path, `*` for any characters; undefined: all. */
  readonly file?: string;
}

/** A comment that switches rules off for the objects of its document. */
export interface IgnoreComment {
  readonly offset: number;
  readonly ignore: Ignore;
}

const COMMENT = /#[ \t]*cdk8s-thanos-lint[ \t]+ignore[ \t]+([a-z][a-z-]*)(?:[ \t]*:[ \t]*([^\r\n]*))?/g;

/** The comments of a text, `# cdk8s-thanos-lint ignore rule-id: reason`, in their order. */
export function ignoreComments(manifests: string): IgnoreComment[] {
  if (!manifests.includes('cdk8s-thanos-lint')) return [];
  return [...manifests.matchAll(COMMENT)].map((match) => ({
    offset: match.index,
    ignore: { rule: match[1], reason: (match[2] ?? '').trim() },
  }));
}

/** Rules that a file switches off: `ignore: [{ rule, reason, object, file }]`. Throws NotYaml where it says something else. */
export function readIgnores(content: string): Ignore[] {
  const [json] = parseYaml(content, '1.2');
  if (!isMap(json) || !Array.isArray(json.ignore)) throw new NotYaml('has no list "ignore"');
  return list(json.ignore).map((entry, i) => {
    const unknown = isMap(entry) ? Object.keys(entry).find((key) => !FIELDS.includes(key)) : 'entry';
    if (unknown !== undefined)
      throw new NotYaml(`ignore[${i}]: has no field ${JSON.stringify(unknown)}; it has ${FIELDS.join(', ')}`);
    const [rule, reason] = [text(entry.rule), text(entry.reason).trim()];
    if (rule === '') throw new NotYaml(`ignore[${i}]: rule is missing; give the id of a rule`);
    if (reason === '') throw new NotYaml(`ignore[${i}]: reason is missing; say why, for whoever reads it later`);
    return { rule, reason, object: text(entry.object) || undefined, file: text(entry.file) || undefined };
  });
}

const FIELDS = ['rule', 'reason', 'object', 'file'];

/** What a finding is known by. */
interface Known {
  readonly rule: string;
  readonly object: string;
  readonly file: string;
}

/** Why a finding is switched off; undefined where it is not. */
export function reasonFor(finding: Known, ignores: readonly Ignore[]): string | undefined {
  const found = ignores.find(
    ({ rule, reason, object = '*', file = '*' }) =>
      rule === finding.rule && reason !== '' && fits(object, finding.object) && fits(`*${file}`, finding.file),
  );
  return found?.reason;
}

function fits(pattern: string, value: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}
