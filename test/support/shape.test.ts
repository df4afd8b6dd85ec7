import { knownFields } from '../../src/support/shape';

test('a misspelt field is answered with the right one', () => {
  expect(() => knownFields({ endPoint: 'x' }, ['endpoint'])).toThrow(
    'has no field "endPoint"; did you mean "endpoint"?',
  );
  expect(() => knownFields({ buket: 'x' }, ['bucket'])).toThrow('did you mean "bucket"?');
});

test('a strange field is answered with all fields', () => {
  expect(() => knownFields({ hedging: 1 }, ['b', 'a'])).toThrow('has no field "hedging"; it has a, b');
});

test('known fields pass, unset ones too', () => {
  expect(() => knownFields({ a: undefined }, ['a', 'b'])).not.toThrow();
});

test.each([
  [undefined, 'is missing'],
  [null, 'is missing'],
  ['text', 'is a string'],
  [3, 'is a number'],
])('%p is no struct', (value, text) => {
  expect(() => knownFields(value as never, ['a'])).toThrow(text);
});
