import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('docs/threat-model.md', () => {
  const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8').replace(/\s+/g, ' ');

  test('names tests that exist', () => {
    const files = [...text.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('quotes their titles', () => {
    const quoted = [...text.matchAll(/`(test\/[\w/.-]+\.ts)`, "([^"]+)"/g)];
    expect(quoted.length).toBeGreaterThanOrEqual(3);
    const wrong = quoted.filter(([, file, title]) => !readFileSync(join(ROOT, file), 'utf8').includes(title));
    expect(wrong.map(([all]) => all)).toEqual([]);
  });
});
