import { checksum } from '../../src/support/checksum';

test('the same parts give the same SHA-256', () => {
  expect(checksum({ yaml: 'a', ca: 'b' })).toBe(checksum({ yaml: 'a', ca: 'b' }));
  expect(checksum({ yaml: 'a' })).toMatch(/^[0-9a-f]{64}$/);
});

test('text that moves from one part to another is a change', () => {
  const sums = [{ a: 'ab', b: 'c' }, { a: 'a', b: 'bc' }, { a: 'abc' }, { b: 'abc' }, { a: 'a\0b' }, { a: 'ab' }];
  expect(new Set(sums.map((parts) => checksum(parts as Record<string, string>))).size).toBe(sums.length);
});

test('a part that is not there is not the empty text', () => {
  expect(checksum({ a: 'x', b: undefined })).toBe(checksum({ a: 'x' }));
  expect(checksum({ a: 'x', b: '' })).not.toBe(checksum({ a: 'x' }));
});
