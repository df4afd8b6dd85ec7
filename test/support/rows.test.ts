import { Duration, Size } from 'cdk8s';
import * as rows from '../../src/support/rows';
import type { Row } from '../../src/support/table';

enum Colour {
  RED = 'red',
  BLUE = 'blue',
}

const hour = Duration.hours(1);
const good: [string, Row<unknown>, unknown][] = [
  ['yesOrNo', rows.yesOrNo, false],
  ['text', rows.text, 'a b'],
  ['anyText', rows.anyText, ''],
  ['wholeNumber', rows.wholeNumber(0, 5), 5],
  ['oneOf', rows.oneOf(Colour), 'red'],
  ['duration', rows.duration, hour],
  ['durationOrZero', rows.durationOrZero, Duration.seconds(0)],
  ['wholeSeconds', rows.wholeSeconds, hour],
  ['wholeSecondsOrZero', rows.wholeSecondsOrZero, Duration.seconds(0)],
  ['size', rows.size, Size.gibibytes(1)],
  ['textList', rows.textList, ['a']],
  ['textMap', rows.textMap, { a: '' }],
  ['jsonObject', rows.jsonObject, { a: [{ b: 1 }] }],
  ['jsonList', rows.jsonList, [{ a: 1 }]],
  ['having', rows.having<Duration>({ toMilliseconds: 'function' }, 'a Duration'), hour],
];

test.each(good)('%s gives back what is right', (_, row, value) => {
  expect(row(value)).toEqual(value);
});

test.each<[string, Row<unknown>, unknown, string]>([
  ['yesOrNo', rows.yesOrNo, 'false', 'is "false"; it must be true or false'],
  ['text', rows.text, '', 'is ""; give a text of one line'],
  ['text', rows.text, 'a\nb', 'give a text of one line'],
  ['anyText', rows.anyText, 3, 'is a number; Kubernetes takes only text here: put it in quotes'],
  ['anyText', rows.anyText, null, 'is null; Kubernetes'],
  ['anyText', rows.anyText, ['a'], 'is a list; Kubernetes'],
  ['anyText', rows.anyText, {}, 'is an object; Kubernetes'],
  ['wholeNumber', rows.wholeNumber(1), 1.5, 'is 1.5; it must be a whole number of at least 1'],
  ['wholeNumber', rows.wholeNumber(1, 9), 10, 'is 10; it must be a whole number from 1 to 9'],
  ['oneOf', rows.oneOf(Colour), 'RED', '"RED" is not one of red, blue'],
  ['oneOf of an enum', rows.oneOf(Colour, 'Colour'), 'RED', '"RED" is not one of red, blue; write Colour.RED'],
  ['duration', rows.duration, Duration.seconds(0), 'is 0 ms; it must be greater than 0'],
  ['durationOrZero', rows.durationOrZero, 3600, 'Duration'],
  ['wholeSeconds', rows.wholeSeconds, Duration.millis(1500), 'Kubernetes takes whole seconds'],
  ['wholeSecondsOrZero', rows.wholeSecondsOrZero, Duration.millis(5), 'Kubernetes takes whole seconds'],
  ['size', rows.size, '5Gi', 'Size'],
  ['textList', rows.textList, 'x', 'is "x", not a list; write ["x"]'],
  ['textList', rows.textList, {}, 'is an object, not a list; write [{ … }]'],
  ['jsonList', rows.jsonList, 'x', 'is "x", not a list; write […]'],
  ['date', rows.date, '2026-01-01', 'is "2026-01-01", not a valid Date; write new Date("2026-01-01")'],
  ['date', rows.date, 'soon', 'is not a valid Date; write new Date()'],
  ['textList', rows.textList, ['a', 3], '[1]: is 3; give a text of one line'],
  ['textMap', rows.textMap, ['a'], 'is a list, not an object'],
  ['textMap', rows.textMap, { a: 3 }, '"a": is a number; Kubernetes'],
  ['jsonObject', rows.jsonObject, null, 'is null, not an object'],
  ['jsonList', rows.jsonList, ['a'], '[0]: is "a", not an object'],
  [
    'having',
    rows.having<Duration>({ toMilliseconds: 'function' }, 'a Duration'),
    { a: 1 },
    'is an object, not a Duration',
  ],
  ['having', rows.having<Duration>({ toMilliseconds: 'function' }, 'a Duration'), 'x', 'is "x", not a Duration'],
])('%s refuses what is wrong', (_, row, value, complaint) => {
  expect(() => row(value)).toThrow(complaint);
});

test('fields are judged together by the rule of their struct', () => {
  const row = rows.struct<{ a?: boolean; b?: boolean }>({ a: rows.yesOrNo, b: rows.yesOrNo }, ({ a, b }) => {
    if (a && b) throw new Error('both');
  });
  expect(row({ a: true })).toEqual({ a: true });
  expect(() => row({ a: true, b: true })).toThrow('both');
});
