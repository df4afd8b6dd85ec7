import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, type AppProps, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { FleetApp } from '../../src';
import { guideStack } from '../../examples/guide/chart';

const NOW = new Date('2027-01-01');

/** The files that an app writes, by their path. */
function written(make: new (props: AppProps) => App, fill: (app: App) => void, props: AppProps = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'fleet-'));
  try {
    const app = new make({ ...props, outdir });
    fill(app);
    app.synth();
    const files = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((f) =>
      statSync(join(outdir, f)).isFile(),
    );
    return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function expectSame(fill: (app: App) => void, props?: AppProps): Record<string, string> {
  const files = written(FleetApp, fill, props);
  expect(files).toEqual(written(App, fill, props));
  return files;
}

function configMap(scope: Chart, id: string, data: object = {}): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, data });
}

/** Charts whose names sort otherwise than they were made, with objects of several kinds and a patched name. */
function charts(app: App): void {
  for (const id of ['10', 'b', '2', 'a']) {
    const chart = new Chart(app, id, { labels: { chart: id } });
    configMap(chart, `${id}-z`, { 'ca.crt': 'a\n\nb\n', yes: 'no' });
    configMap(chart, `${id}-patched`).addJsonPatch(JsonPatch.replace('/metadata/name', `${id}-renamed`));
    new ApiObject(chart, 'crd', { apiVersion: 'example.com/v1', kind: 'Thing', spec: { at: '2020-01-01' } });
  }
  new Chart(app, 'empty');
}

const TYPES = Object.values(YamlOutputType).filter((type) => typeof type === 'number');

describe.each(TYPES)('output type %i', (yamlOutputType) => {
  test('the guide has the same bytes as by cdk8s', () => {
    const files = expectSame((app) => guideStack(app, NOW), { yamlOutputType });
    expect(Object.values(files).join('')).toContain('kind: StatefulSet');
  });

  test('many charts have the same files and bytes as by cdk8s', () => {
    const files = expectSame(charts, { yamlOutputType, outputFileExtension: '.yml' });
    expect(Object.keys(files).length).toBeGreaterThan(0);
  });

  test('an app without charts writes what cdk8s writes', () => {
    expect(Object.keys(expectSame(() => {}, { yamlOutputType }))).toEqual([]);
  });
});

test.each<[string, (app: App) => void]>([
  ['nested charts', (app) => configMap(new Chart(new Chart(app, 'outer'), 'inner'), 'a')],
  [
    'charts that depend on each other',
    (app) => {
      const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
      configMap(first, 'a').addDependency(configMap(second, 'b'));
    },
  ],
  [
    'objects that depend on each other',
    (app) => {
      const chart = new Chart(app, 'chart');
      configMap(chart, 'a').addDependency(configMap(chart, 'b'));
    },
  ],
])('%s have the order of cdk8s', (_, fill) => {
  expect(Object.keys(expectSame(fill)).length).toBeGreaterThan(0);
});

test('construct metadata is recorded as by cdk8s', () => {
  expect(Object.keys(expectSame(charts, { recordConstructMetadata: true }))).toContain('construct-metadata.json');
});

test('a chart that renders itself in a way of its own does so in a fleet too', () => {
  class Own extends Chart {
    public override toJson(): any[] {
      return [...super.toJson(), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'more' } }];
    }
  }
  const files = expectSame((app) => configMap(new Own(app, 'own'), 'a'));
  expect(files['own.k8s.yaml']).toContain('name: more');
});

test('the YAML text is that of cdk8s', () => {
  const [fleet, plain] = [new FleetApp(), new App()];
  for (const app of [fleet, plain]) guideStack(app, NOW);
  expect(fleet.synthYaml()).toBe(plain.synthYaml());
});

test('a fleet is validated once, and a failed validation has the words of cdk8s', () => {
  let asked = 0;
  const fill = (app: App): void => {
    charts(app);
    app.node.addValidation({ validate: () => [`wrong ${app instanceof FleetApp ? ++asked : 0}`.slice(0, 5)] });
  };
  const message = (make: typeof App): string => {
    try {
      return JSON.stringify(written(make, fill));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(message(FleetApp)).toBe(message(App));
  expect(message(App)).toContain('[] wrong');
  expect(asked).toBe(1);
});
