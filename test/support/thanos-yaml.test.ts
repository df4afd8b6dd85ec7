import * as fc from 'fast-check';
import { parse } from 'yaml';
import { thanosYaml } from '../../src/support/yaml';
import { runs } from '../property/runs';

/** JSON values whose strings are made of these. */
function json(text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  // + 0 makes 0 of -0, which JSON doesn't know
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0);
  const leaf = fc.oneof(text, fc.integer(), number, fc.boolean());
  const key = fc.oneof(text, fc.constantFrom('config', 'yes', 'n', 'tls_config', '__proto', '0123', 'a b', '? a'));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  return tree;
}

const HOSTILE = [
  '0123',
  '1e3',
  'yes',
  'a: b',
  ' #',
  '"\'',
  '\\',
  'end\n',
  '\n\n',
  '- a',
  'é\u{1f600}',
  '---',
  '{',
  ' ',
];

test('every string arrives unchanged in a YAML 1.1 parser', () => {
  const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }), fc.string());
  fc.assert(
    fc.property(json(text), (value) =>
      expect(parse(thanosYaml(value), { version: '1.1', uniqueKeys: true })).toEqual(JSON.parse(JSON.stringify(value))),
    ),
    runs(300),
  );
});

test('no text that Thanos would expand is left', () => {
  const value = { password: 'a$(HOME)', '$(KEY)': ['$($(X))'] };
  expect(thanosYaml(value)).not.toContain('$(');
  expect(parse(thanosYaml(value))).toEqual(value);
});

test('a key too long for a simple one is marked', () => {
  const value = { map: { ['k'.repeat(2000)]: 'v', b: 1 } };
  expect(parse(thanosYaml(value))).toEqual(value);
});

test('a key that some parser takes for a number or a word of YAML 1.1 is quoted', () => {
  expect(thanosYaml({ e0: 1, yes: 2, e0x: 3, e: 4 })).toBe('"e0": 1\n"yes": 2\ne0x: 3\ne: 4\n');
});

test('an undefined entry is left out, and what is empty stays in flow style', () => {
  expect(thanosYaml({ a: undefined, b: {}, c: [], d: { e: undefined } })).toBe('b: {}\nc: []\nd: {}\n');
});
