import { resolveEnvTokens, secretVariable } from './env-token';

/** `e0` is a number for some parsers. */
const PLAIN_KEY = /^(?!e[0-9]+$)[a-z][a-z0-9_]*$/;
/** Words that YAML 1.1, which Thanos reads, takes for a boolean or null. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);
/** Characters that break a line, or are refused, when they stand raw in a double-quoted YAML 1.1 string. */
const ESCAPED = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/gu;
/** A longer key is not a simple one for a YAML parser: it must be marked by `?`. */
const LONGEST_SIMPLE_KEY = 1024;

/**
 * YAML as Thanos reads it: every string double-quoted, since Thanos re-reads plain ones as YAML 1.1 (`0123` becomes 83),
 * and `$(` written as `\x24(`, since Thanos replaces `$(NAME)` in the text before it parses. Written here, since a document
 * of the `yaml` package costs a tenth of a small synth.
 */
export function thanosYaml(value: unknown): string {
  return resolveEnvTokens(`${node(value, '')}\n`);
}

/** A value as it stands behind an indentation that is written already. */
function node(value: unknown, indent: string): string {
  if (typeof value === 'string') return text(value, indent);
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  const items = Array.isArray(value)
    ? value.map((item) => `- ${node(item, `${indent}  `)}`)
    : Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [entry(key, item, indent)]));
  if (items.length === 0) return Array.isArray(value) ? '[]' : '{}';
  return items.join(`\n${indent}`);
}

/** Thanos puts a secret in before it parses: in a literal block no character of it, a quote or first space, means anything. */
function text(value: string, indent: string): string {
  const variable = secretVariable(value);
  return variable === undefined ? quoted(value) : `|2-\n${indent}$(${variable})`;
}

function entry(key: string, value: unknown, indent: string): string {
  const name = PLAIN_KEY.test(key) && !RESERVED.has(key) ? key : quoted(key);
  const inner = `${indent}  `;
  const written = node(value, inner);
  if (name.length > LONGEST_SIMPLE_KEY) return `? ${name}\n${indent}: ${written}`;
  const onItsOwnLine = typeof value === 'object' && written !== '{}' && written !== '[]' && written !== 'null';
  return onItsOwnLine ? `${name}:\n${inner}${written}` : `${name}: ${written}`;
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(ESCAPED, escape).replaceAll('$(', '\\x24(');
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
