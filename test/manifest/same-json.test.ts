import { sameJson } from '../../src/manifest/same-json';

test.each([
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{ a: undefined }, { b: undefined }, false],
  [null, {}, false],
  [1, '1', false],
  [{ a: 1 }, { a: 1, b: 1 }, false],
])('%j and %j: %s', (a, b, same) => {
  expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
});
