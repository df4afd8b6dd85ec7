import { resolveEnvTokens } from './env-token';
import { yamlPackage } from './yaml-package';

const PLAIN_KEY = /^[a-z][a-z0-9_]*$/;
/** Words that YAML 1.1, which Thanos reads, takes for a boolean or null. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);
/** Characters that break a line, or are refused, when they stand raw in a double-quoted YAML 1.1 string. */
const ESCAPED = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/gu;

/**
 * YAML as Thanos reads it: every string double-quoted, since Thanos re-reads plain ones as YAML 1.1 (`0123` becomes 83),
 * and `$(` written as `\x24(`, since Thanos replaces `$(NAME)` in the text before it parses.
 */
export function thanosYaml(value: unknown): string {
  const { Document, isScalar, visit } = yamlPackage();
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key)) return;
      const key = String(pair.key.value);
      if (!PLAIN_KEY.test(key) || RESERVED.has(key)) pair.key.type = 'QUOTE_DOUBLE';
      else pair.key.type = 'PLAIN';
    },
  });
  const text = document.toString({
    defaultStringType: 'QUOTE_DOUBLE',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    lineWidth: 0,
  });
  return resolveEnvTokens(text.replace(ESCAPED, escape).replaceAll('$(', '\\x24('));
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
