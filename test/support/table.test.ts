import { App, Chart, Duration } from 'cdk8s';
import { duration, listOf, struct, text, wholeNumber, yesOrNo } from '../../src/support/rows';
import { readProps, readStruct, required, type StructTable, within } from '../../src/support/table';

interface Inner {
  readonly raw?: Duration;
}

interface Outer {
  readonly name: string;
  readonly count?: number;
  readonly on?: boolean;
  readonly inner?: Inner;
  readonly list?: Inner[];
}

const INNER: StructTable<Inner> = { raw: duration };
const OUTER: StructTable<Outer> = {
  name: required(text, 'Give one'),
  count: wholeNumber(1),
  on: yesOrNo,
  inner: struct(INNER),
  list: listOf(struct(INNER)),
};

test('a struct is read as it was given, without what is undefined', () => {
  const value = { name: 'a', count: 2, on: undefined, inner: { raw: Duration.hours(1) } };
  expect(readStruct(OUTER, value)).toEqual({ name: 'a', count: 2, inner: { raw: value.inner.raw } });
  expect(Object.keys(readStruct(OUTER, value))).toEqual(['name', 'count', 'inner']);
});

test('what an object inherits counts: a class may stand for a struct', () => {
  class Named {
    public get name() {
      return 'by a getter';
    }
  }
  expect(readStruct(OUTER, new Named())).toEqual({ name: 'by a getter' });
});

test('a field without a row, a row of another type and an optional row for a required field do not compile', () => {
  // @ts-expect-error -- raw has no row
  const missing: StructTable<Inner> = {};
  // @ts-expect-error -- a switch is not a duration
  const other: StructTable<Inner> = { raw: yesOrNo };
  // @ts-expect-error -- name must be given
  const optional: StructTable<{ readonly name: string }> = { name: text };
  // @ts-expect-error -- the struct has no such field
  const more: StructTable<Inner> = { raw: duration, row: text };
  expect([missing, other, optional, more]).toHaveLength(4);
});

test.each([
  [{}, 'name: is missing. Give one'],
  [{ name: null }, 'name: is missing. Give one'],
  [{ name: 3 }, 'name: is 3; give a text of one line'],
  [{ name: 'a', count: '3' }, 'count: is "3"; it must be a whole number of at least 1'],
  [{ name: 'a', on: 'false' }, 'on: is "false"; it must be true or false'],
  [{ name: 'a', on: null }, 'on: is null; it must be true or false'],
  [{ name: 'a', inner: 3 }, 'inner: is 3, not an object with fields'],
  [{ name: 'a', inner: { raw: '30d' } }, 'inner: raw: is "30d", not a Duration; write Duration.days(30)'],
  [{ name: 'a', inner: { row: 1 } }, 'inner: has no field "row"; did you mean "raw"?'],
  [{ name: 'a', list: {} }, 'list: is an object, not a list'],
  [{ name: 'a', list: [{}, { raw: 1 }] }, 'list: [1]: raw: is 1, not a Duration'],
  [{ nmae: 'a' }, 'has no field "nmae"'],
])('%j is refused by name', (value, complaint) => {
  expect(() => readStruct(OUTER, value)).toThrow(complaint);
});

test('a construct says its path and the prop', () => {
  const chart = new Chart(new App(), 'c');
  expect(() => readProps(chart, OUTER, { name: 'a', inner: { raw: 5 } })).toThrow(
    'cdk8s-thanos: c: inner: raw: is 5, not a Duration',
  );
  expect(() => readProps(chart, OUTER, { nam: 'a' })).toThrow('cdk8s-thanos: c: props: has no field "nam"');
  expect(() => readProps(chart, OUTER, undefined)).toThrow('cdk8s-thanos: c: props: is missing');
  expect(() => readProps(chart, OUTER, {})).toThrow('cdk8s-thanos: c: name: is missing. Give one');
});

test('an error that is not about input stays what it is', () => {
  const broken = () => {
    throw new TypeError('a bug');
  };
  expect(() => within('field', broken)).toThrow(/^a bug$/);
});
