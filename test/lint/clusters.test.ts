import { stringify } from 'yaml';
import { lint, judgeManifests, type LintOptions } from '../../src/lint/lint';
import type { Json } from '../render';
import { first, good, type Manifests, NOW, rules, yamlOf } from './manifests';

/** Sound manifests of one cluster, and what makes them another's. */
function cluster(name: string, change: (m: Manifests) => void = () => undefined): string {
  const manifests = good();
  manifests.config.config.bucket = `bucket-of-${name}`;
  change(manifests);
  return yamlOf(manifests);
}

const noCa = (m: Manifests): void => {
  first(m.store).volumeMounts.pop();
};
const namespace = (labels: Json = {}): string =>
  stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'm', labels } });

function judged(
  files: Record<string, string>,
  options: LintOptions = {},
): { found: string[]; clusters: string[]; why?: string } {
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  const { findings, clusters, why } = judgeManifests(texts, NOW, options);
  return { found: rules(findings), clusters, why };
}

test('an object that two folders have does not make them two clusters', () => {
  const [config, ...rest] = cluster('a', noCa).split('---\n');
  const files = { 'config/ns.yaml': namespace(), 'config/config.yaml': config, 'apps/ns.yaml': namespace({ a: 'b' }) };
  const { found, clusters } = judged({ ...files, 'apps/apps.yaml': rest.join('---\n') });
  expect(clusters).toEqual(['']);
  expect(found).toContain('error ca-not-mounted');
});

test('the files of a fleet in one folder are clusters of their own', () => {
  const names = Array.from({ length: 36 }, (_, i) => `c${i}`);
  const files = Object.fromEntries(names.map((name) => [`dist/${name}.yaml`, cluster(name)]));
  expect(judged(files)).toMatchObject({ found: [], clusters: names.map((name) => `dist/${name}.yaml`) });
  const broken = { ...files, 'dist/c7.yaml': cluster('c7', noCa) };
  expect(judged(broken).found).toContain('error ca-not-mounted');
  expect(judged(files, { clusters: 'one' }).found).toContain('error duplicate-object');
});

test('folders with several files each are clusters, and what lies beside them belongs to each', () => {
  const parts = (name: string, change?: (m: Manifests) => void): Record<string, string> => {
    const [config, ca, ...apps] = cluster(name, change).split('---\n');
    return {
      [`clusters/${name}/config/objstore.yaml`]: config,
      [`clusters/${name}/apps/thanos.yaml`]: apps.join('---\n'),
      'clusters/base/ca.yaml': ca,
    };
  };
  const { found, clusters, why } = judged({ ...parts('eu'), ...parts('us') });
  expect({ found, clusters }).toEqual({ found: [], clusters: ['clusters/eu', 'clusters/us'] });
  expect(why).toMatch(/^ConfigMap m\/objstore differs between clusters\/eu\/.* and clusters\/us\//);
});

test('the same object word for word is one, in one file it is twice', () => {
  const text = cluster('a');
  expect(judged({ 'a/x.yaml': text, 'b/x.yaml': text })).toMatchObject({ found: [], clusters: [''] });
  expect(judged({ 'x.yaml': `${text}---\n${text}` }).found).toContain('error duplicate-object');
});

test('kustomizations that no other one names are clusters', () => {
  const [config, ...rest] = cluster('a').split('---\n');
  const files = { 'base/apps.yaml': rest.join('---\n'), 'eu/config.yaml': config, 'us/other.yaml': namespace() };
  const kustomizations = [
    { folder: 'base', resources: ['apps.yaml'] },
    { folder: 'eu', resources: ['../base', 'config.yaml'] },
    { folder: 'us', resources: ['../base/', 'other.yaml'] },
  ];
  const { found, clusters } = judged(files, { kustomizations });
  expect(clusters).toEqual(['eu', 'us']);
  expect(found).toEqual([]);
});

test.each([
  ['folder', ['a', 'b']],
  ['file', ['a/x.yaml', 'a/y.yaml', 'b/x.yaml']],
  ['one', ['']],
] as const)('--clusters %s is obeyed', (how, clusters) => {
  const files = { 'a/x.yaml': namespace(), 'a/y.yaml': cluster('a'), 'b/x.yaml': namespace() };
  expect(judged(files, { clusters: how }).clusters).toEqual(clusters);
});

describe('objects within objects', () => {
  const items = (): Json[] => {
    const { config, configMap, ...rest } = good();
    return [{ ...configMap, data: { 'objstore.yml': stringify(config) } }, ...Object.values(rest)];
  };
  const wrapped: Record<string, (items: Json[]) => Json> = {
    List: (all) => ({ apiVersion: 'v1', kind: 'List', items: all }),
    DeploymentList: (all) => ({ apiVersion: 'apps/v1', kind: 'DeploymentList', items: all }),
    Template: (all) => ({ apiVersion: 'template.openshift.io/v1', kind: 'Template', objects: all }),
  };

  test.each(Object.keys(wrapped))('of a %s are seen, those without pods among them', (kind) => {
    const text = stringify(wrapped[kind](items()));
    expect(rules(lint([{ file: 'x.yaml', text }], NOW))).toEqual([]);
    const without = stringify(wrapped[kind](items().filter((item) => item.kind !== 'ConfigMap')));
    expect(lint([{ file: 'x.yaml', text: without }], NOW, { whole: true }).map(({ rule }) => rule)).toContain(
      'missing-object',
    );
  });
});
