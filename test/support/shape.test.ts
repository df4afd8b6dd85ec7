import { knownFields } from '../../src/support/shape';

test('a misspelt field is answered with the right one', () => {
  expect(() => knownFields({ endPoint: 'x' }, ['endpoint'])).toThrow(
    'has no field "endPoint"; did you mean "endpoint"?',
  );
  expect(() => knownFields({ buket: 'x' }, ['bucket'])).toThrow('did you mean "bucket"?');
});

test('the nearest field is meant, and none where none is near', () => {
  expect(() => knownFields({ fsgroup: 1 }, ['group', 'fsGroup'])).toThrow('did you mean "fsGroup"?');
  expect(() => knownFields({ ports: 1 }, ['host', 'port'])).toThrow('did you mean "port"?');
  expect(() => knownFields({ tga: 1 }, ['digest', 'tag'])).toThrow('did you mean "tag"?');
  expect(() => knownFields({ id: 1 }, ['key'])).toThrow('has no field "id"; it has key');
});

test('a field that every object inherits is none of the struct', () => {
  expect(() => knownFields({ constructor: 1 }, ['a'])).toThrow('has no field "constructor"');
  expect(() => knownFields(JSON.parse('{"__proto__": 1}'), ['a'])).toThrow('has no field "__proto__"');
});

test('a strange field is answered with all fields', () => {
  expect(() => knownFields({ hedging: 1 }, ['b', 'a'])).toThrow('has no field "hedging"; it has a, b');
});

test('known fields pass, unset ones too', () => {
  expect(() => knownFields({ a: undefined }, ['a', 'b'])).not.toThrow();
});

test.each([
  [undefined, 'is missing, not an object with fields'],
  [null, 'is null, not an object with fields'],
  [3, 'is 3, not an object with fields'],
  [NaN, 'is NaN, not'],
  [3n, 'is 3, not'],
  [true, 'is true, not'],
  [['a'], 'is a list, not'],
  [() => 1, 'is a function, not'],
])('%p is not a struct', (value, text) => {
  expect(() => knownFields(value, ['a'])).toThrow(text);
});

test('a text in the place of a struct is not shown: it may be a key', () => {
  expect(() => knownFields('s3cr3t', ['a'])).toThrow(/^is a text, not an object with fields$/);
});

it.each([
  ['extraFlags', ['args', 'extraArgs'], 'did you mean "extraArgs"?'],
  ['pdb', ['pods', 'disruptionBudget'], 'did you mean "disruptionBudget"?'],
  ['storageClass', ['size', 'storageClassName'], 'did you mean "storageClassName"?'],
  ['storageClass', ['retention', 'storage'], 'did you mean "storage"?'],
  // another word that only begins alike
  ['storages', ['store'], 'it has store'],
])('knows %s among %j by its first words, or as charts of Helm call it', (given, fields, text) => {
  expect(() => knownFields({ [given]: 1 }, fields)).toThrow(`has no field "${given}"; ${text}`);
});

it('names a dozen fields at most', () => {
  const fields = Array.from({ length: 13 }, (_, i) => `field${String.fromCharCode(65 + i)}`);
  expect(() => knownFields({ other: 1 }, fields.slice(1))).toThrow(/; it has fieldB, (\w+, ){10}fieldM$/);
  expect(() => knownFields({ other: 1 }, fields)).toThrow(
    /; it has fieldA, (\w+, ){11}… \(13 in all; the reference lists them\)$/,
  );
});
