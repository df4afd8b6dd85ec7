import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { lint } from '../../src/lint/lint';
import { runs } from '../property/runs';
import type { Json } from '../render';
import { yamlDocuments } from '../../src/lint/yaml-text';
import { NOW, first, good, type Manifests, yamlOf } from './manifests';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const bomb = (levels: number): string =>
  Array.from({ length: levels }, (_, i) => `a${i}: &a${i} [${i === 0 ? '1, 1' : `*a${i - 1}, *a${i - 1}`}]`).join('\n');

const HOSTILE: [what: string, text: string, says: RegExp][] = [
  ['an open bracket', 'a: [1, 2', /not YAML: .* at line 1/],
  ['bad indentation', 'a:\n  b: 1\n c: 2\n', /not YAML: .* at line 3/],
  ['a tab', 'a:\n\tb: 1\n', /not YAML: .* at line 2/],
  ['a key twice', `${OBJECT}kind: Secret\n`, /duplicate key at line 4/],
  ['an unknown alias', 'a: *b\n', /not YAML/],
  ['an alias bomb', bomb(40), /alias bomb/],
  ['an alias of itself', `${OBJECT}data: &d\n  x: *d\n`, /alias of itself/],
  ['a hundred thousand brackets', '['.repeat(100_000), /not YAML|nested deeper/],
  ['deep nesting', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, /nested deeper/],
  ['a Helm template', 'metadata:\n  labels:\n{{- include "x" . | nindent 4 }}\n  a: [\n', /helm template/],
  ['binary', '\u007fELF\0\0\0', /binary/],
  ['a string', 'hello', /a string, not an object/],
  ['a number', '42', /a number, not an object/],
  ['a list', '- a\n- b\n', /a list, not an object/],
  ['values of a chart', 'replicas: 3\nimage: x\n', /no kind and apiVersion/],
  ['a kind that is not a string', 'apiVersion: v1\nkind: [Secret]\n', /no kind and apiVersion/],
  ['a list with rubbish in it', 'apiVersion: v1\nkind: List\nitems: [1, {}]\n', /a number, not an object/],
];

test.each(HOSTILE)('%s is one error that names the file', (_, text, says) => {
  const started = lint([{ file: 'dir/bad.yaml', text }], NOW);
  expect(started[0]).toMatchObject({ rule: 'unreadable', severity: 'error', file: 'dir/bad.yaml' });
  expect(`${started[0].path} ${started[0].text}`).toMatch(says);
});

test.each(['', '---\n---\n', '# nothing\n', 'null\n'])('nothing in %j is not a finding', (text) => {
  expect(lint([{ file: 'empty.yaml', text }], NOW)).toEqual([]);
});

test('what is wrong with YAML is told without repeating it', () => {
  const text = 'stringData:\n  secret_key: "hunter2hunter2\n  other: hunter2hunter2: x\n';
  const found = lint([{ file: 'a.yaml', text }], NOW);
  expect(found.map(({ rule }) => rule)).toEqual(['unreadable']);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('a broken file does not hide what is wrong in another', () => {
  const manifests = good();
  manifests.store.spec.template.spec.containers[0].volumeMounts.pop();
  const texts = [
    { file: 'bad.yaml', text: 'a: [' },
    { file: 'good.yaml', text: yamlOf(manifests) },
  ];
  const found = lint(texts, NOW).filter(({ severity }) => severity === 'error');
  expect(found.map(({ rule, file }) => `${file} ${rule}`)).toEqual(['bad.yaml unreadable', 'good.yaml ca-not-mounted']);
});

/** Paths of every value of an object. */
function paths(json: Json, at: (string | number)[] = []): (string | number)[][] {
  const own = at.length > 0 ? [at] : [];
  if (typeof json !== 'object' || json === null) return own;
  const keys = Array.isArray(json) ? [...json.keys()] : Object.keys(json);
  return [...own, ...keys.flatMap((key) => paths(json[key], [...at, key]))];
}

function replace(json: Json, [step, ...rest]: (string | number)[], value: Json): void {
  if (json === null || typeof json !== 'object') return;
  if (rest.length > 0) replace(json[step], rest, value);
  else json[step] = value;
}

test('whatever stands at whatever field, there is a verdict and no crash', () => {
  const all = paths(good()).filter(([top]) => top !== 'config');
  const rubbish = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, '', 0, [], {}, [null], [1], ['x'], [{}], { name: 1 }, '$(X)', '/', '..', '__proto__'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(all.length - 1), rubbish), { minLength: 1, maxLength: 4 }), (changes) => {
      const manifests = good();
      for (const [at, value] of changes) replace(manifests, all[at], value);
      const objects = [manifests.configMap, manifests.ca, manifests.store, manifests.query];
      const text = objects.map((object) => stringify(object ?? null)).join('---\n');
      expect(Array.isArray(lint([{ file: 'm.yaml', text }], NOW))).toBe(true);
    }),
    runs(200),
  );
});

test('whatever stands in objstore.yml, there is a verdict and no crash', () => {
  const manifests = good();
  const all = paths(manifests.config);
  const rubbish = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string(), fc.constantFrom(null, [], {}, '$(X)', 1e400));
  fc.assert(
    fc.property(fc.nat(all.length - 1), rubbish, fc.boolean(), (at, value, raw) => {
      const broken = good();
      if (raw) broken.config = typeof value === 'string' ? value : JSON.stringify(value);
      else replace(broken.config, all[at], value);
      expect(Array.isArray(lint([{ file: 'm.yaml', text: yamlOf(broken) }], NOW))).toBe(true);
    }),
    runs(150),
  );
});

test('a text of any kind is a verdict and no crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(Array.isArray(lint([{ file: 'm.yaml', text }], NOW))).toBe(true);
    }),
    runs(150),
  );
});

test('documents are read one after the other, and what stands before a broken one is judged', () => {
  const documents = yamlDocuments('a: 1\n---\nb: [', '1.2');
  expect(documents.next().value).toMatchObject({ json: { a: 1 } });
  expect(() => documents.next()).toThrow('is not YAML');
  const manifests: Manifests = good();
  first(manifests.store).volumeMounts.pop();
  const found = lint([{ file: 'm.yaml', text: `${yamlOf(manifests)}---\nb: [` }], NOW).map(({ rule }) => rule);
  expect(found).toEqual(expect.arrayContaining(['unreadable', 'ca-not-mounted']));
});
