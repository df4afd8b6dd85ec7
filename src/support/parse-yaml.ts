/** A YAML document as plain values. The parser is needed by few apps, and a tenth of a small synth to load. */
export function parseYaml(text: string): any {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse } = require('yaml') as typeof import('yaml');
  return parse(text, { logLevel: 'error' });
}
