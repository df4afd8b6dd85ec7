import { withoutEndSlashes, withoutOuterSlashes } from '../../src/support/url';
import { steps } from '../fixtures/steps';

test.each([
  ['/a/b//', '/a/b', 'a/b'],
  ['///', '', ''],
  ['', '', ''],
  ['a', 'a', 'a'],
  ['//a', '//a', 'a'],
])('slashes are cut off %s', (path, end, both) => {
  expect(withoutEndSlashes(path)).toBe(end);
  expect(withoutOuterSlashes(path)).toBe(both);
});

test('slashes within are not tried one by one', () => {
  const path = `a${'/'.repeat(5000)}b`;
  expect(steps(() => withoutOuterSlashes(path))).toBeLessThan(2 * path.length);
  expect(withoutOuterSlashes(path)).toBe(path);
});
