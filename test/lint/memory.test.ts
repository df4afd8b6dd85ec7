import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { worldOf } from '../../src/lint/bystanders';
import { judgeManifests, lint } from '../../src/lint/lint';
import { packedObject } from '../../src/lint/packed-object';
import { parseManifests } from '../../src/lint/parse-manifests';
import { RULES } from '../../src/lint/rules';
import { bytePieces, type Text } from '../../src/lint/text';
import { World } from '../../src/lint/world';
import { yamlDocuments } from '../../src/lint/yaml-text';
import { good, NOW, yamlOf } from './manifests';

const ROOT = path.join(__dirname, '../..');

/** What is held when the last of so many foreign documents was read. */
function held(documents: number): { bytes: number; retained: number } {
  const args = ['--expose-gc', '-r', './test/cli/swc-register.cjs', 'test/lint/retained.ts', String(documents)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('four times as many foreign documents take little more memory', () => {
  const [some, more] = [held(300), held(1200)];
  expect(more.bytes / some.bytes).toBeCloseTo(4, 1);
  expect((more.retained - some.retained) / (more.bytes - some.bytes)).toBeLessThan(0.3);
});

/** A pod that is none of Thanos, and mounts a Secret. */
function guest(secretName: string): object {
  const containers = [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'v', mountPath: '/secret' }] }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `guest-of-${secretName}`, namespace: 'm' },
    spec: { containers, volumes: [{ name: 'v', secret: { secretName } }] },
  };
}

const manifests = good();
const ca = manifests.ca as { metadata: object };
const COPY = { ...ca, metadata: { ...ca.metadata, name: 'copy' } };
const FOREIGN = [guest('s3-ca'), guest('copy'), guest('other'), COPY].map((one) => JSON.stringify(one));
const FILES: Record<string, string> = {
  'guests of the bucket': [yamlOf(manifests), ...FOREIGN].join('\n---\n'),
  'guests without a bucket': FOREIGN.join('\n---\n'),
  ...Object.fromEntries(
    ['bitnami', 'kube-thanos', 'prometheus-operator', 'stevehipwell'].map((name) => [
      name,
      readFileSync(path.join(__dirname, `fixtures/${name}.yaml`), 'utf8'),
    ]),
  ),
};

test.each(Object.entries(FILES))('what is kept packed is judged as if it were at hand: %s', (file, text) => {
  const world = new World(parseManifests(file, text).objects, NOW);
  const whole = RULES.flatMap((rule) => rule.check(world).map(({ path, text }) => [rule.id, path, text]));
  const found = judgeManifests([{ file, text }], NOW, { whole: true }).findings;
  expect(found.map(({ rule, path, text }) => [rule, path, text])).toEqual(whole);
});

test('a pod of somebody else is judged where it is given what opens the bucket, and counted where not', () => {
  const { findings, pods } = judgeManifests([{ file: 'm.yaml', text: FILES['guests of the bucket'] }], NOW);
  const named = findings.map(({ object }) => object);
  expect(named.filter((name) => name.includes('guest'))).toEqual(['Pod m/guest-of-s3-ca']);
  expect(pods).toBe(5);
  const { objects } = parseManifests('m.yaml', FILES['guests of the bucket'], { keep: packedObject });
  const names = worldOf(objects, NOW).pods.map(({ object }) => object.name);
  expect(names).toEqual(expect.arrayContaining(['guest-of-s3-ca', 'guest-of-copy']));
  expect(names).not.toContain('guest-of-other');
});

const DOCUMENTS = [
  'a: 1\n',
  '---\nempty: |\n',
  '---\ntext: |\n  ---\n  é“😀\n',
  '--- # a comment\n"in\n\n  quotes"\n',
  '---\n',
  '...\n%YAML 1.1\n---\nyes\n',
  '---\nno\n...\n# end\n',
];
const ALL = DOCUMENTS.join('');
const some = (n: number): Text => {
  const bytes = Buffer.from(ALL);
  return () => bytePieces((from) => bytes.subarray(from, from + n));
};

test.each<[string, Text]>([
  ['pieces', () => DOCUMENTS],
  ['bytes, few at a time', some(3)],
  ['bytes', some(1000)],
])('a text in %s holds the documents that it holds as a whole', (_, text) => {
  const documents = [...yamlDocuments(text, '1.2')];
  expect(documents).toEqual([...yamlDocuments(ALL, '1.2')]);
  expect(documents.map(({ json }) => json)).toEqual([
    { a: 1 },
    { empty: '' },
    { text: '---\né“😀\n' },
    'in\nquotes',
    null,
    true,
    false,
  ]);
});

test('a document that is broken does not hide the one before it', () => {
  const text = ['kind: Secret\napiVersion: v1\n', '}\n'].join('---\n');
  expect(parseManifests('m.yaml', text)).toMatchObject({
    objects: [{ kind: 'Secret' }],
    problems: [{ rule: 'unreadable' }],
  });
  expect(lint([{ file: 'm.yaml', text }], NOW)).toMatchObject([
    { text: expect.stringContaining('at line 4, column 1') },
  ]);
});
