import { atMost, everything, summary } from '../../../src/cli/check/screen';
import { fail, pass, skip, warn } from '../../../src/cli/check/result';
import { PLAIN } from '../../../src/cli/output';

const many = (count: number, detail = 'is broken') =>
  Array.from({ length: count }, (_, i) => fail(`check ${i}`, `pod-${i}`, detail, 'mend it'));
const SCREEN = { rows: 24, columns: 80 };
const height = (lines: readonly string[], columns: number): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);

test('the sum comes first, then the worst, and what passed in one line', () => {
  const checks = [
    pass('a', 'x', 'fine'),
    skip('b', 'x', 'unread'),
    warn('c', 'x', 'late', 'wait'),
    pass('a', 'y', 'fine'),
    fail('d', 'x', 'dead', 'mend'),
  ];
  expect(atMost(SCREEN, checks, PLAIN)).toEqual([
    '1 failed, 2 passed, 1 warnings, 1 skipped',
    ...['fail d: x: dead', '     to do: mend', 'warn c: x: late', '     to do: wait', 'skip b: x: unread'],
    'pass a (2)',
  ]);
});

test('pods with the same trouble are one, and the others are named', () => {
  const checks = ['a', 'b', 'c', 'c', 'd', 'e', 'f'].map((pod) => fail('CA', pod, 'differs', 'restart it'));
  expect(atMost(SCREEN, checks, PLAIN)).toEqual([
    summary(checks, PLAIN),
    'fail CA: a: differs',
    '     to do: restart it',
    '     and 6 more of this check: b, c, d, e …',
  ]);
});

test.each([
  [24, 80, 'is broken'],
  [24, 80, 'is broken '.repeat(30)],
  [10, 40, 'x'.repeat(130)],
  [50, 200, 'is broken'],
])('%i lines of %i columns hold it, and the rest is counted', (rows, columns, detail) => {
  const checks = [...many(40, detail), warn('late', 'x', 'y', 'z'), pass('p', 'x', 'fine')];
  const lines = atMost({ rows, columns }, checks, PLAIN);
  expect(height(lines, columns)).toBeLessThan(rows);
  const shown = lines.filter((line) => line.startsWith('fail ')).length;
  expect(lines.at(-1)).toBe(`and ${40 - shown} more failed, 1 more warnings: --verbose shows all`);
  expect(shown).toBeGreaterThan(0);
});

test('one that is longer than the screen is shown all the same', () => {
  const lines = atMost({ rows: 5, columns: 20 }, many(3, 'x'.repeat(500)), PLAIN);
  expect(lines.filter((line) => line.startsWith('fail'))).toHaveLength(1);
  expect(lines.at(-1)).toBe('and 2 more failed: --verbose shows all');
});

test('everything is every result, the worst first', () => {
  const lines = everything([pass('p', 'x', 'fine'), ...many(40), skip('s', 'x', 'unread')], PLAIN);
  expect(lines).toHaveLength(1 + 40 * 2 + 2);
  expect([lines[1], lines.at(-2), lines.at(-1)]).toEqual([
    'fail check 0: pod-0: is broken',
    'skip s: x: unread',
    'pass p: x: fine',
  ]);
});
