import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '../e2e/support/faults/catalogue';
import { readRows } from '../e2e/support/faults/table';

const ROOT = join(__dirname, '../..');

describe('docs/reliability.md', () => {
  const rows = readRows();

  test('has a row of each fault that the suite makes, in their order, and of no other', () => {
    expect([...rows.keys()]).toEqual(FAULTS.map(({ title }) => title));
  });

  test.each(FAULTS)('says that nothing was lost, refused or wrong: $title', ({ title }) => {
    const { lost, refused, wrong } = rows.get(title)!;
    expect({ lost, refused, wrong }).toEqual({ lost: '0', refused: '0', wrong: '0' });
  });

  test.each(FAULTS)('says that reads were answered: $title', ({ title, answered }) => {
    expect(rows.get(title)!['reads answered']).toMatch(answered === 1 ? /^all$/ : /^(all|over \d\d %)$/);
  });

  test('is written by files that the gate leaves out, and e2e:full runs', () => {
    const files = [...new Set(FAULTS.map(({ file }) => join(ROOT, `test/e2e/${file}.test.ts`)))];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const ran = (script: string): string[] => {
      const patterns = ignored(script).map((pattern) => new RegExp(pattern.replace('<rootDir>', ROOT)));
      return files.filter((file) => !patterns.some((pattern) => pattern.test(file)));
    };
    expect(ran('e2e')).toEqual([]);
    expect(ran('e2e:full')).toEqual(files);
  });
});

/** What the suite on a cluster leaves out when a script of package.json runs it. */
function ignored(script: string): string[] {
  const before = process.env.npm_lifecycle_event;
  process.env.npm_lifecycle_event = script;
  try {
    let patterns: string[] = [];
    jest.isolateModules(() => {
      patterns = jest.requireActual('../../jest.e2e.config.cjs').testPathIgnorePatterns;
    });
    return patterns;
  } finally {
    if (before === undefined) delete process.env.npm_lifecycle_event;
    else process.env.npm_lifecycle_event = before;
  }
}
