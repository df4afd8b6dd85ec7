import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../src/lint/rules';

test('docs/lint.md has every rule with its severity, and no other', () => {
  const text = readFileSync(join(__dirname, '../../docs/lint.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (error|warning|info) +\| (.*?) +\|$/gm)];
  expect(rows.map(([, id, severity, about]) => [id, severity, about])).toEqual(
    RULES.map(({ id, severity, about }) => [id, severity, about]),
  );
});
