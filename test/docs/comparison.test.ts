import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');
const text = readFileSync(join(DOCS, 'comparison.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|\*\*| )/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('every row has a cell for each column, and says yes, part or no of the others', () => {
  expect(rows.length).toBeGreaterThan(60);
  for (const [what, own, ...others] of rows) {
    expect([what, others.length]).toEqual([what, 6]);
    expect(own).toMatch(/^(yes|part|no)\b/);
    for (const cell of others) expect(cell).toMatch(/^(yes|part|no|-)$/);
  }
});

test('every prop that it names stands on the page that it leads to', () => {
  const links = [...text.matchAll(/\[`(\w+)`\]\((reference\/[^)#]+)\)/g)];
  expect(links.length).toBeGreaterThan(40);
  const wrong = links.filter(([, prop, page]) => {
    const file = join(DOCS, page);
    return !existsSync(file) || !new RegExp(`\\b${prop}\\b`).test(readFileSync(file, 'utf8'));
  });
  expect(wrong.map(([, prop, page]) => `${prop} in ${page}`)).toEqual([]);
});
