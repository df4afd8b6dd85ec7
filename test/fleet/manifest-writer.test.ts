import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { ManifestWriter } from '../../src/fleet/manifest-writer';
import { runs } from '../property/runs';

/** Texts that YAML 1.1 reads as something else, or that need a quote, a block or an escape. */
const NASTY = [
  ...['', '~', 'null', 'Null', 'y', 'Yes', 'NO', 'off', 'True', '<<', '<<x', '=', '?', '-', '- a', '? a', ':', 'a:'],
  ...['0', '-0', '+1', '0123', '089', '0o7', '0b1', '0b2', '0xF', '0xG', '1_000', '_1', '1e3', 'e5', 'E+1', '1.', '.5'],
  ...[
    '.',
    '..',
    '...',
    '---',
    '---a',
    '--a',
    '-a',
    '-1',
    '-.inf',
    '+.nan',
    '.NaN',
    '.Nan',
    '1:30',
    '1:60',
    '1:30.5',
    '1.2.3',
  ],
  ...[
    '2020-01-01',
    '2020-1-1T00:00:00Z',
    '2020-',
    '12-34',
    'a: b',
    'a :b',
    'a:b',
    'a #b',
    'a# b',
    '#a',
    'a ',
    ' a',
    'a\tb',
  ],
  ...[
    '"',
    "'",
    `"'`,
    'say "a"',
    "it's",
    '\\',
    '\\n',
    '%a',
    '@a',
    '`a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '>a',
    '{}',
    '[]',
    ',',
  ],
  ...[
    'a\nb',
    'a\nb\n',
    'a\n\nb\n',
    'a\n\n',
    '\na',
    ' a\nb',
    'a\n b\n',
    'a \nb',
    'a\n ',
    'a\nb ',
    '\n',
    'a\n---\nb',
    'a\n#b\n',
  ],
  ...[
    'a\r\nb',
    '\r',
    '\u0007',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    'é',
    '\u{1f600}',
    'a\u{1f600}',
    '\ud800',
    '\u007f',
  ],
  ...[
    '$(A)',
    '--flag=a:b',
    '--label=x="y"',
    'http://a:1/b?c#d',
    '10Gi',
    '500m',
    '1.5',
    '100%',
    'app.kubernetes.io/name',
  ],
];

const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-+.:_0-9eExbinfaINF#' "\n]{0,6}$/),
);
const leaf = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('whatever a document holds is written as cdk8s writes it', () => {
  fc.assert(
    fc.property(tree, (value) => expect(new ManifestWriter().write([{ value }])).toBe(Yaml.stringify({ value }))),
    runs(2000),
  );
});

test.each(NASTY)('the text %j is written as cdk8s writes it, as a key, an item and a value', (nasty) => {
  for (const value of [
    { a: nasty },
    { [nasty]: 1 },
    { a: [nasty, { [nasty]: nasty }] },
    { a: { [nasty]: [nasty] } },
    nasty,
  ]) {
    expect(new ManifestWriter().write([value])).toBe(Yaml.stringify(value));
  }
});

test('a collection that stands twice in a document keeps its alias, one in two documents has none', () => {
  const twice = { labels: { a: 'b' } };
  const writer = new ManifestWriter();
  expect(writer.write([{ x: twice, y: twice }])).toBe(Yaml.stringify({ x: twice, y: twice }));
  expect(writer.write([{ x: twice }, { y: twice }])).toBe(Yaml.stringify({ x: twice }, { y: twice }));
});

test('a key too long for a simple one, and an object that is no plain one, are written as cdk8s writes them', () => {
  for (const value of [{ ['k'.repeat(1100)]: 'v' }, { a: new Date(0) }, { a: new Map([['b', 1]]) }, {}, []]) {
    expect(new ManifestWriter().write([value])).toBe(Yaml.stringify(value));
  }
});
