import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEST = join(__dirname, '..');

test('every property runs with the seed that all share, so that npm test gives the same everywhere', () => {
  const files = readdirSync(TEST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const texts = files.map((file) => ({ file, text: readFileSync(join(TEST, file), 'utf8') }));
  const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
  const properties = texts.filter(({ text }) => /^import .* from 'fast-check'/m.test(text));
  expect(properties.length).toBeGreaterThan(8);
  const own = properties.filter(({ text }) => count(text, /\bfc\.assert\(/g) !== count(text, /\bruns\(\w+\)/g));
  expect(own.map(({ file }) => file)).toEqual([]);
});
