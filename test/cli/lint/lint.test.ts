import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerLint } from '../../../src/cli/lint/lint';
import { type Manifests, first, good, yamlOf } from '../../lint/manifests';
import { runCommand } from '../run-command';

const AT = ['--at', '2027-01-01T00:00:00Z'];
const otherPath = (m: Manifests) => (first(m.store).volumeMounts[1].mountPath = '/certs');
const noChecksum = (m: Manifests) => delete m.store.spec.template.metadata.annotations;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-lint-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function manifests(change: (m: Manifests) => void = () => undefined): string {
  const given = good();
  change(given);
  return yamlOf(given);
}

async function lint(...args: string[]) {
  return runCommand(registerLint, ['lint', ...AT, ...args]);
}

async function lintJson(...args: string[]) {
  const { code, out } = await lint('--json', ...args);
  return { code, ...JSON.parse(out) };
}

test('sound manifests end with 0 and a count', async () => {
  const { code, out } = await lint(write('m.yaml', manifests()));
  expect(code).toBe(0);
  expect(out).toMatch(/1 file: 0 errors, 0 warnings, 1 hint\n$/);
});

test('an error ends with 1, and the text says object, field and fix', async () => {
  const file = write('m.yaml', manifests(otherPath));
  const { code, out } = await lint(file);
  expect(code).toBe(1);
  expect(out).toContain(
    `error ca-path-differs  ${file}\n  Deployment m/thanos-store: spec.template.spec.containers[0]`,
  );
  expect(out).toContain('  fix: Make the two the same path\n');
});

test('a warning ends with 0, with --strict with 1', async () => {
  const file = write('m.yaml', manifests(noChecksum));
  expect((await lint(file)).code).toBe(0);
  expect((await lint('--strict', file)).code).toBe(1);
});

test('--json is one object with every finding', async () => {
  const ran = await lintJson(write('m.yaml', manifests(otherPath)));
  expect(ran).toMatchObject({ code: 1, ok: false, files: 1, errors: 1, warnings: 0, infos: 1 });
  expect(ran.findings[0]).toMatchObject({ rule: 'ca-path-differs', severity: 'error' });
});

test('a folder is read with its subfolders, but not what says how to render it', async () => {
  write('a/m.yaml', manifests(otherPath));
  write('b/c.yml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n');
  for (const name of ['kustomization.yaml', 'b/Chart.yaml', '.hidden/x.yaml', 'node_modules/x.yaml', 'README.md'])
    write(name, 'not: kubernetes\n');
  symlinkSync(folder, join(folder, 'loop'));
  expect(await lintJson(folder)).toMatchObject({ files: 2, errors: 1 });
});

test('several files are one cluster', async () => {
  const [configMap, ...rest] = manifests().split('---\n');
  const files = [write('a.yaml', configMap), write('b.yaml', rest.join('---\n'))];
  expect(await lintJson(...files)).toMatchObject({ errors: 0, warnings: 0, infos: 1 });
  expect(await lintJson(files[1])).toMatchObject({ errors: 0, infos: 2 });
});

test.each<[string, string | Buffer, RegExp]>([
  ['broken YAML', 'a: [', /is not YAML/],
  ['binary', Buffer.from([0, 1, 2, 255, 254]), /is not text|is binary/],
  ['a list', '- a', /a list, not an object/],
])('%s is an error that names the file, and the others are still judged', async (_, content, says) => {
  const bad = write('bad.yaml', content);
  const ran = await lintJson(bad, write('m.yaml', manifests(otherPath)));
  expect(ran.code).toBe(1);
  expect(ran.findings.map((f: { rule: string }) => f.rule).slice(0, 2)).toEqual(['unreadable', 'ca-path-differs']);
  expect(ran.findings[0]).toMatchObject({ file: bad, text: expect.stringMatching(says) });
});

test('a device without an end is read up to a limit', async () => {
  const ran = await lintJson('/dev/zero');
  expect(ran.findings[0].text).toMatch(/larger than 64 MiB/);
});

test.each<[string, string[], RegExp]>([
  ['a file that is not there', ['/nowhere/x.yaml'], /\/nowhere\/x\.yaml: no such file/],
  ['an empty name', [''], /no such file/],
  ['a time that is none', ['--at', 'soon', '/dev/null'], /--at is not a time/],
])('%s stops the command', async (_, args, says) => {
  await expect(lint(...args)).rejects.toThrow(says);
});

test('a folder without YAML stops the command', async () => {
  await expect(lint(folder)).rejects.toThrow(/holds no .yaml or .yml file/);
});
