const PLAIN_KEY = /^[a-z][a-z0-9_]*$/;
/** Words that YAML 1.1, which Thanos reads, takes for a boolean or null. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);
/** Characters that break a line, or are refused, when they stand raw in a double-quoted YAML 1.1 string. */
const ESCAPED = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/gu;
/** A longer key must be marked by "?" (https://yaml.org/spec/1.2.2/#822-block-mappings). */
const LONGEST_SIMPLE_KEY = 1024;

/**
 * YAML as Thanos reads it: every string double-quoted, since Thanos re-reads plain ones as YAML 1.1 (`0123` becomes 83),
 * and `$(` written as `\x24(`, since Thanos replaces `$(NAME)` in the text before it parses.
 *
 * Written here, since loading the `yaml` package a second time (cdk8s bundles its own) costs a twelfth of a synth.
 */
export function thanosYaml(value: unknown): string {
  const text = isBlock(value) ? block(value, '') : scalar(value);
  return `${text.replace(ESCAPED, escape).replaceAll('$(', '\\x24(')}\n`;
}

/** A list or map, each entry on lines of its own. */
function block(collection: object, indent: string): string {
  return entries(collection, indent)
    .map(([head, value]) => {
      if (!isBlock(value)) return `${indent}${head} ${scalar(value)}`;
      const inner = block(value, `${indent}  `);
      return head === '-' ? `${indent}- ${inner.slice(indent.length + 2)}` : `${indent}${head}\n${inner}`;
    })
    .join('\n');
}

function entries(collection: object, indent: string): [head: string, value: unknown][] {
  if (Array.isArray(collection)) return collection.map((item) => ['-', item]);
  return Object.entries(collection)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [keyHead(key, indent), value]);
}

function keyHead(key: string, indent: string): string {
  const text = PLAIN_KEY.test(key) && !RESERVED.has(key) ? key : JSON.stringify(key);
  return text.length > LONGEST_SIMPLE_KEY ? `? ${text}\n${indent}:` : `${text}:`;
}

/** Whether a value has entries; an empty collection fits on the line of its key. */
function isBlock(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some((v) => v !== undefined);
}

/** JSON's form of a string is YAML's double-quoted one. */
function scalar(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return JSON.stringify(value) ?? 'null';
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
