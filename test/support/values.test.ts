import { InputProblem } from '../../src/support/problem';
import { hasControl, optionalText } from '../../src/support/values';

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
