import { InputProblem, checked, found, phrase, problem } from '../../src/support/problem';
import { chart } from '../render';

test('an error names the construct path and the prop', () => {
  expect(problem(chart(), 'bucket', 'is empty').message).toBe('cdk8s-thanos: test: bucket: is empty');
  expect(phrase('', 'name', 'is taken')).toBe('cdk8s-thanos: (app): name: is taken');
});

test('a pure check learns its place, and a bug keeps its own error', () => {
  const fail = (error: Error) => () => {
    throw error;
  };
  expect(() => checked(chart(), 'ca', fail(new InputProblem('is empty')))).toThrow('cdk8s-thanos: test: ca: is empty');
  expect(() => checked(chart(), 'ca', fail(new TypeError('a bug')))).toThrow(new TypeError('a bug'));
  expect(checked(chart(), 'ca', () => 7)).toBe(7);
});

test('what a user wrote is quoted on one line and cut', () => {
  expect(found('a\nb')).toBe('"a\\nb"');
  expect(found(undefined)).toBe('undefined');
  expect(found('x'.repeat(200))).toHaveLength(80);
});

test('objects and lists are not shown, since keys may be in them', () => {
  expect(found({ secretKey: 'hunter2' })).toBe('an object');
  expect(found(['hunter2'])).toBe('a list');
});
