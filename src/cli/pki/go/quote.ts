const SHORT: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** An ASCII text in quotes, as Go's %q writes it. */
export function quote(text: string): string {
  const inner = text
    .replace(/["\\]/g, '\\$&')

    .replace(/[\0-\x1f\x7f]/g, (c) => SHORT[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${inner}"`;
}
