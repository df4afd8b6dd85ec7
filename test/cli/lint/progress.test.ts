import { progress } from '../../../src/cli/lint/progress';

function shownOf(isTTY: boolean, times: readonly number[]): string[] {
  const written: string[] = [];
  let time = 0;
  const terminal = { isTTY, write: (text: unknown) => written.push(String(text)) > 0 };
  const shown = progress('objects read', terminal as never, () => time);
  times.forEach((at, i) => {
    time = at;
    shown.count(i + 1);
  });
  shown.end();
  return written;
}

test('counts on a terminal, now and then, and is gone in the end', () => {
  expect(shownOf(true, [10, 990, 1000, 1010, 1199, 1200])).toEqual([
    '\r3 objects read',
    '\r6 objects read',
    '\r\u001b[K',
  ]);
});

test('says nothing of what is quick, nor where there is no terminal', () => {
  expect(shownOf(true, [10, 500])).toEqual([]);
  expect(shownOf(false, [1000, 2000])).toEqual([]);
});
