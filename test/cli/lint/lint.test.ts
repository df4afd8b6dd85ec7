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
  expect(out).toMatch(/1 file, 4 objects, 2 pods: 0 errors, 0 warnings, 0 hints\n$/);
});

test('an error ends with 1, and the text says object, field and fix', async () => {
  const file = write('m.yaml', manifests(otherPath));
  const { code, out } = await lint(file);
  expect(code).toBe(1);
  expect(out).toContain(
    `error ca-path-differs  ${file}:24\n  Deployment m/thanos-store: spec.template.spec.containers[0]`,
  );
  expect(out).toContain('  fix: Make the two the same path\n');
});

test('a warning ends with 0, with --strict with 1', async () => {
  const file = write('m.yaml', manifests(noChecksum));
  expect((await lint(file)).code).toBe(0);
  expect((await lint('--strict', file)).code).toBe(1);
});

test('--json is one object with every finding', async () => {
  const ran = await lintJson('--whole', write('m.yaml', manifests(otherPath)));
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
  expect(await lintJson('--whole', ...files)).toMatchObject({ errors: 0, warnings: 0, infos: 1 });
  expect(await lintJson('--whole', files[1])).toMatchObject({ errors: 0, infos: 2 });
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

test.each<[string, string]>([
  ['nothing', ''],
  ['comments alone', '# helm printed nothing\n---\n'],
])('%s is nothing to judge, and stops the command', async (_, content) => {
  await expect(lint(write('m.yaml', content))).rejects.toThrow('nothing was judged');
});

test('YAML in a folder that is not Kubernetes is a hint, given by its name it is an error', async () => {
  write('chart/m.yaml', manifests());
  const values = write('chart/values.yaml', 'replicas: 3\n');
  const ran = await lintJson(join(folder, 'chart'));
  expect(ran).toMatchObject({ code: 0, files: 2, objects: 4, pods: 2, infos: 1 });
  expect(ran.findings).toEqual([expect.objectContaining({ rule: 'not-kubernetes', severity: 'info', file: values })]);
  expect(await lintJson(values)).toMatchObject({ code: 1, errors: 1 });
});

describe('several clusters', () => {
  const other = (m: Manifests) => (m.config.config.bucket = 'other-bucket');

  test('are told of, and why', async () => {
    write('eu/m.yaml', manifests());
    write('us/m.yaml', manifests(other));
    const { out } = await lint(folder);
    expect(out).toMatch(
      /\n?2 clusters, each judged alone: .*eu, .*us \(ConfigMap m\/objstore differs between .*; --clusters one/,
    );
    expect(await lintJson(folder)).toMatchObject({
      code: 0,
      clusters: { names: [join(folder, 'eu'), join(folder, 'us')] },
    });
    expect(await lintJson('--clusters', 'one', folder)).toMatchObject({ code: 1 });
  });

  test('by kustomizations', async () => {
    write('base/m.yaml', manifests());
    write('base/kustomization.yaml', 'resources: [m.yaml]\n');
    for (const name of ['eu', 'us']) write(`${name}/kustomization.yaml`, 'resources: [../base]\n');
    expect(await lintJson(folder)).toMatchObject({
      files: 1,
      clusters: { names: [join(folder, 'eu'), join(folder, 'us')] },
    });
  });

  test('in a way that is not there stop the command', async () => {
    await expect(lint('--clusters', 'many', write('m.yaml', manifests()))).rejects.toThrow('is not one of auto, one');
  });
});

describe('a rule that is switched off', () => {
  const WITH_COMMENT = (comment: string): string =>
    manifests(noChecksum).replace('kind: Deployment', `${comment}\nkind: Deployment`);

  test('by a comment with a reason, for the objects of its document', async () => {
    const file = write('m.yaml', WITH_COMMENT('# cdk8s-thanos-lint ignore no-checksum: Argo restarts it'));
    const ran = await lintJson('--strict', file);
    expect(ran).toMatchObject({ code: 0, warnings: 0, ignored: 1 });
    expect(ran.findings[0]).toMatchObject({ rule: 'no-checksum', ignored: 'Argo restarts it' });
    expect((await lint(file)).out).toMatch(/0 errors, 0 warnings, 0 hints, 1 ignored\n$/);
  });

  test.each(['# cdk8s-thanos-lint ignore no-checksum', '# cdk8s-thanos-lint ignore sub-path: why'])(
    'not by %s',
    async (comment) => {
      expect(await lintJson('--strict', write('m.yaml', WITH_COMMENT(comment)))).toMatchObject({ code: 1, ignored: 0 });
    },
  );

  test('not for the objects of another document', async () => {
    const text = `# cdk8s-thanos-lint ignore no-checksum: x\n${manifests(noChecksum)}`;
    expect(await lintJson('--strict', write('m.yaml', text))).toMatchObject({ code: 1, ignored: 0 });
  });

  test('by a file', async () => {
    const file = write('m.yaml', manifests(noChecksum));
    const off = (entry: string) => ['--strict', '--ignore', write('off.yaml', `ignore:\n  - ${entry}\n`), file];
    const fitting = ['Deployment m/thanos-store', 'Deployment m/*', '*'];
    for (const object of fitting)
      expect(await lintJson(...off(`{ rule: no-checksum, object: '${object}', reason: x }`))).toMatchObject({
        code: 0,
      });
    expect(await lintJson(...off(`{ rule: no-checksum, file: 'other/*', reason: x }`))).toMatchObject({ code: 1 });
  });

  test.each([
    ['{ rule: no-checksum }', 'reason is missing'],
    ['{ rule: no-check, reason: x }', 'names the rule "no-check", which is not there'],
    ['{ rul: no-checksum }', 'has no field "rul"'],
  ])('by a file that says %s stops the command', async (entry, text) => {
    const file = write('m.yaml', manifests());
    await expect(lint('--ignore', write('off.yaml', `ignore:\n  - ${entry}\n`), file)).rejects.toThrow(text);
  });
});

test('a baseline holds what is known, and what is new still fails', async () => {
  const file = write('m.yaml', manifests(otherPath));
  const baseline = join(folder, 'baseline.json');
  expect(await lintJson('--write-baseline', baseline, file)).toMatchObject({ code: 1, errors: 1 });
  expect(await lintJson('--baseline', baseline, file)).toMatchObject({ code: 0, errors: 0, ignored: 1 });
  const both = (m: Manifests): void => {
    otherPath(m);
    m.config.config.encrypt_sse = true;
  };
  write('m.yaml', manifests(both));
  expect(await lintJson('--baseline', baseline, file)).toMatchObject({ code: 1, errors: 1, ignored: 1 });
  await expect(lint('--baseline', write('x.json', '[]'), file)).rejects.toThrow('is not a baseline');
});

test('--sarif is SARIF 2.1.0', async () => {
  const { code, out } = await lint('--sarif', write('m.yaml', manifests(otherPath)));
  const { version, runs } = JSON.parse(out);
  expect({ code, version }).toEqual({ code: 1, version: '2.1.0' });
  const [{ tool, results }] = runs;
  expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('ca-path-differs');
  expect(results).toEqual([
    expect.objectContaining({
      ruleId: 'ca-path-differs',
      level: 'error',
      message: { text: expect.stringContaining('Deployment m/thanos-store') },
      locations: [
        expect.objectContaining({ physicalLocation: expect.objectContaining({ region: { startLine: 24 } }) }),
      ],
    }),
  ]);
});
