import { InputProblem } from '../../src/support/problem';
import { hasControl, oneOf, optionalText, wholeNumber, yesOrNo } from '../../src/support/values';

test('an optional text is one line, or not given', () => {
  expect(optionalText('profile', 'dev')).toBe('dev');
  expect(optionalText('profile', undefined)).toBeUndefined();
});

test.each(['', 'a\nb', 'a\0', 5, null, { a: 1 }])('%p is not an optional text', (value) => {
  expect(() => optionalText('profile', value as string)).toThrow(InputProblem);
});

test('control characters are seen, others are not', () => {
  expect(['\n', '\0', '\u007f', 'a\tb'].map(hasControl)).toEqual([true, true, true, true]);
  expect(['', ' ', 'ü', '😀'].map(hasControl)).toEqual([false, false, false, false]);
});

test('a switch given as text is refused: "false" would count as true', () => {
  expect(() => yesOrNo('false' as unknown as boolean)).toThrow('is "false"; it must be true or false');
  expect(() => yesOrNo(null as unknown as boolean)).toThrow('it must be true or false');
  expect([true, false, undefined].map(yesOrNo)).toEqual([undefined, undefined, undefined]);
});

test('an enum takes its own values', () => {
  expect(() => oneOf('dns', { AUTO: 'auto', PATH: 'path' })).toThrow('"dns" is not one of auto, path');
  expect(() => oneOf('auto', { AUTO: 'auto' })).not.toThrow();
});

test.each([0, -1, 1.5, NaN, Infinity, '5', null])('%p is not a whole number of at least 1', (value) => {
  expect(() => wholeNumber(value as number, 1)).toThrow('it must be a whole number of at least 1');
});
