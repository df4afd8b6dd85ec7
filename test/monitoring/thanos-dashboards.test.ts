import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App } from 'cdk8s';
import { stringify } from 'yaml';
import {
  Query,
  S3Ca,
  StoreGateway,
  ThanosDashboards,
  type ThanosDashboardsOptions,
  type ThanosDashboardsProps,
  ThanosStack,
  type ThanosStackProps,
  TlsCertificate,
} from '../../src';
import { CA_BUNDLE } from '../fixtures/certificates';
import { program, testWith } from '../programs/program';
import { chart, find, type Json } from '../render';
import { OBJSTORE, objects, stack, synth } from '../stack/stacks';
import { filled, queriesOf } from './expressions';

const NAMES = ['overview', 'receive', 'store', 'compact', 'query', 'rule', 'bucket', 'certificates'];
/** Certificates that cert-manager makes for each part. */
const ISSUED = TlsCertificate.fromIssuer('ca');
/** What kubectl apply writes into an annotation, and the API server takes of one. */
const APPLIED_BYTES = 256 * 1024;

function configMaps(all: Json[]): Json[] {
  return all.filter(({ kind, metadata }) => kind === 'ConfigMap' && /-dashboard-/.test(metadata.name));
}

/** Dashboards by name. */
function dashboards(
  options: ThanosDashboardsOptions = {},
  props: Partial<ThanosStackProps> = {},
): Record<string, Json> {
  return parsed(stack({ ...props, monitoring: { dashboards: options } }).dashboards!);
}

function parsed({ files }: ThanosDashboards): Record<string, Json> {
  return Object.fromEntries(Object.entries(files).map(([name, json]) => [name, JSON.parse(json)]));
}

function titles({ panels }: Json): string[] {
  return panels.map(({ title }: Json) => title);
}

test('each dashboard is a ConfigMap that the sidecar of a Grafana finds', () => {
  const made = configMaps(objects({ monitoring: { dashboards: {} } }));
  expect(made.map(({ metadata }) => metadata.name)).toEqual(NAMES.map((name) => `thanos-dashboard-${name}`));
  for (const { metadata, data } of made) {
    expect(metadata.labels).toEqual({
      ...{ grafana_dashboard: '1', 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'thanos' },
    });
    expect(metadata.annotations).toEqual({ grafana_folder: 'Thanos' });
    expect(Object.keys(data)).toEqual([`${metadata.name}.json`]);
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(APPLIED_BYTES);
  }
});

test('label, folder, its annotation and names that are left out are settable', () => {
  const options = { labels: { dash: 'yes' }, folder: 'Metrics', folderAnnotation: 'k8s-sidecar/folder' };
  const made = configMaps(objects({ monitoring: { dashboards: { ...options, without: ['overview', 'rule'] } } }));
  expect(made).toHaveLength(NAMES.length - 2);
  for (const { metadata } of made) {
    expect(metadata.labels).toMatchObject({ dash: 'yes' });
    expect(metadata.labels).not.toHaveProperty('grafana_dashboard');
    expect(metadata.annotations).toEqual({ 'k8s-sidecar/folder': 'Metrics' });
  }
});

test('the same stack gives the same bytes, another one other uids and titles', () => {
  const of = (props: Partial<ThanosStackProps>): Json[] => Object.values(dashboards({}, props));
  expect(of({})).toEqual(of({}));
  const all = [...of({}), ...of({ name: 'eu' }), ...of({ namespace: 'obs' })];
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(3 * NAMES.length);
  expect(new Set(all.map(({ title }) => title)).size).toBe(3 * NAMES.length);
  for (const { uid } of all) expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
});

test('only what the stack has is drawn', () => {
  const scope = chart();
  const query = new Query(scope, 'Query', { endpoints: ['a:10901'] });
  const made = parsed(new ThanosDashboards(scope, 'Dashboards', { components: [query] }));
  expect(Object.keys(made)).toEqual(['overview', 'query']);
  expect(titles(made.overview)).not.toContain('Bucket');
  expect(titles(made.overview)).not.toContain('Writes');
  expect(titles(made.query)).not.toContain('Query frontend');
  for (const { expr } of Object.values(made).flatMap(queriesOf))
    expect(expr).not.toMatch(/thanos-(receiver|store|ruler|compactor)/);
});

test('a component that is made later is drawn, on dashboards that were there and on one of its own, which Grafana mounts', () => {
  const scope = new ThanosStack(new App(), 'thanos', {
    ...{ objstore: OBJSTORE, receiver: {}, query: {}, grafana: {}, monitoring: { dashboards: {} } },
  });
  expect(Object.keys(scope.dashboards!.files)).not.toContain('store');
  new StoreGateway(scope, 'Late', { objstore: scope.objstore! });
  const all = synth(scope);
  const made = configMaps(all);
  const names = made.map(({ metadata }) => metadata.name);
  expect(names).toContain('thanos-dashboard-store');
  const { sources } = find(all, 'Deployment', 'grafana').spec.template.spec.volumes.find(
    ({ name }: Json) => name === 'thanos-dashboards',
  ).projected;
  expect(sources.map(({ configMap }: Json) => configMap.name)).toEqual(names);
  const overview = JSON.parse(made[0].data['thanos-dashboard-overview.json']);
  expect(titles(overview)).toContain('Blocks that stores serve');
  expect(parsed(scope.dashboards!).overview).toEqual(overview);
});

test('a panel of some parts of its dashboard reads no others, whatever is chosen', () => {
  const { overview } = dashboards();
  const stores = queriesOf(overview).find(({ panel }) => panel === 'Bucket: Blocks that stores serve')!;
  expect(stores.expr).toContain('{job=~"thanos-store",namespace="$namespace",job=~"$job",pod=~"$pod"}');
});

test('shards and rings of their own are drawn too', () => {
  const made = dashboards({}, { hashrings: [{ name: 'big', tenants: ['a'] }], storeGateway: { shards: { hash: 2 } } });
  const jobs = ({ templating }: Json): string => templating.list.find(({ name }: Json) => name === 'job').allValue;
  expect(jobs(made.receive)).toBe('thanos-receiver|thanos-receiver-big|thanos-receive-router');
  expect(jobs(made.store)).toBe('thanos-store');
});

describe('what Grafana needs of a dashboard', () => {
  test.each(Object.entries(dashboards()))('%s', (_, dashboard) => {
    const { panels, templating } = dashboard;
    const ids = panels.map(({ id }: Json) => id);
    expect(new Set(ids).size).toBe(panels.length);
    expect(templating.list.map(({ name }: Json) => name)).toEqual(['datasource', 'namespace', 'job', 'pod']);
    const cells = new Set<string>();
    for (const { gridPos, type, targets = [], title, datasource } of panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let line = y; line < y + h; line += 1) {
          expect([title, cells.has(`${column}/${line}`)]).toEqual([title, false]);
          cells.add(`${column}/${line}`);
        }
      }
      if (type !== 'row') expect(targets.length).toBeGreaterThan(0);
      if (type !== 'row') expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(new Set(targets.map(({ refId }: Json) => refId)).size).toBe(targets.length);
      const variables = targets.flatMap(({ expr }: Json) => expr.match(/\$\w+/g) ?? []);
      for (const name of variables) expect(['$namespace', '$job', '$pod', '$__rate_interval']).toContain(name);
    }
    const rows = panels.filter(({ type }: Json) => type === 'row').map(({ title }: Json) => title);
    expect(new Set(rows).size).toBe(rows.length);
  });
});

describe('certificates', () => {
  const panels = (props: Partial<ThanosStackProps>): string[] => {
    const { certificates } = dashboards({}, props);
    return certificates ? queriesOf(certificates).map(({ panel, expr }) => `${panel}: ${expr}`) : [];
  };

  test('count down each root of the CA that the manifests carry', () => {
    const made = panels({ objstore: { ...OBJSTORE, ca: S3Ca.fromPem(CA_BUNDLE) } });
    const roots = made.filter((text) => text.startsWith('Days left: CA of the bucket'));
    expect(roots).toHaveLength(2);
    for (const root of roots) expect(root).toMatch(/\(vector\(\d{10}\) - time\(\)\) \/ 86400$/);
  });

  test("have the server's where an exporter is asked for, and where certificateAlerts are", () => {
    const server = (props: Partial<ThanosStackProps>): string[] =>
      panels(props).filter((text) => text.includes("The S3 server's"));
    expect(server({})).toEqual([]);
    expect(server({ certificateAlerts: {} })).toEqual([
      "Days left: The S3 server's certificate: (probe_ssl_earliest_cert_expiry - time()) / 86400",
    ]);
    expect(server({ certificateAlerts: { serverMetric: 'x', serverSelector: 'job="minio"' } })).toEqual([
      'Days left: The S3 server\'s certificate: (x{job="minio"} - time()) / 86400',
    ]);
  });

  test('have what cert-manager makes for the pods', () => {
    const issued = panels({ grpcTls: { certificate: ISSUED } });
    const [own] = issued.filter((text) => text.includes('Certificates of the pods'));
    expect(own).toContain('name=~"thanos-receiver-grpc-tls|');
  });

  test('have no dashboard where none is known of', () => {
    expect(panels({ objstore: { ...OBJSTORE, ca: undefined } })).toEqual([]);
    expect(panels({ objstore: { ...OBJSTORE, ca: S3Ca.fromSecretName('ca') } })[0]).toMatch(/^Health: /);
  });
});

test('a stack without dashboards has none', () => {
  expect(configMaps(objects({ monitoring: { alerts: {} } }))).toEqual([]);
});

test.each<[ThanosDashboardsOptions, string]>([
  [{ without: ['reads'] }, 'without: "reads" is no dashboard; there are overview, receive, store, compact, query, '],
  [{ without: NAMES }, 'without: leaves no dashboard. Leave the dashboards out as a whole'],
])('%j is refused', (options, message) => {
  expect(() => dashboards(options)).toThrow(`cdk8s-thanos: thanos/Dashboards: ${message}`);
});

test.each<[ThanosDashboardsOptions, string]>([
  [{ folder: 'a/b' }, 'folder: "a/b" is not the name of a folder: no "/", and no "." at its beginning'],
  [{ folder: '..' }, 'folder: ".." is not the name of a folder'],
  [{ folderAnnotation: 'a b' }, 'folderAnnotation: "a b" is not a key'],
  [{ labels: { a: 1 as never } }, 'labels: "a": 1 is not the value of a label'],
])('%j is refused', (options, message) => {
  expect(() => dashboards(options)).toThrow(`monitoring: dashboards: ${message}`);
});

test.each<[Partial<ThanosDashboardsProps>, string]>([
  [{ components: [] }, 'components: is empty; give a component to watch'],
  [{ components: undefined }, 'components: is missing. Give a list of components'],
  [{ objstore: {} as never }, 'objstore: is an object, not an ObjstoreConfig'],
  [{ serverMetric: 'a b' }, 'serverMetric: "a b" is not a metric name'],
])('%p is refused', (props, message) => {
  const scope = chart();
  const query = new Query(scope, 'Query', { endpoints: ['a:10901'] });
  expect(() => new ThanosDashboards(scope, 'Dashboards', { components: [query], ...props })).toThrow(message);
});

test('components of two stacks are refused', () => {
  const scope = chart();
  const components = ['a', 'b'].map((instance) => new Query(scope, instance, { endpoints: ['a:10901'], instance }));
  expect(() => new ThanosDashboards(scope, 'Both', { components })).toThrow('Make ThanosDashboards for each');
});

testWith(['promtool'], 'promtool takes the query of every panel', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'promtool-')), 'rules.yaml');
  const all = dashboards({}, { certificateAlerts: {}, grpcTls: { certificate: ISSUED } });
  const groups = Object.entries(all).map(([name, dashboard]) => ({
    name,
    rules: queriesOf(dashboard).map(({ panel, expr }, i) => ({
      record: `${name}_${i}`,
      expr: filled(expr, dashboard),
      labels: { panel },
    })),
  }));
  writeFileSync(file, stringify({ groups }));
  const { status, stdout, stderr } = spawnSync(program('promtool')!, ['check', 'rules', file], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(Number(/(\d+) rules found/.exec(stdout)?.[1])).toBeGreaterThan(100);
});
