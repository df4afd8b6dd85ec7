import { InputProblem, checked, found, foundName, phrase, problem } from '../../src/support/problem';
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

test.each([
  'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  'AKIAIOSFODNN7EXAMPLE',
  '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  'Tr0ub4dor&3-and-more',
])('what may be a secret is no name to quote: %s', (text) => {
  expect(foundName(text)).toBe(`a text of ${text.length} characters (not shown: it may be a secret)`);
});

test.each(['S3_Keys', 'a b', '../x', 'thanos_s3_credentials_of_cluster_2', 'My Secret Of The Bucket', ''])(
  'a name is quoted: %s',
  (text) => {
    expect(foundName(text)).toBe(JSON.stringify(text));
  },
);
