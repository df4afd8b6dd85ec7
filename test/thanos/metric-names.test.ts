import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { BOARDS } from '../../src/monitoring/dashboards/boards';
import { certificatesBoard } from '../../src/monitoring/dashboards/certificates-board';
import { metricsOf } from '../monitoring/expressions';
import { uploadBlock } from '../programs/block';
import { remoteWrite } from '../programs/remote-write';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';
import { find } from '../render';
import { objects } from '../stack/stacks';

/** Served by Prometheus itself, not by what it scrapes. */
const BY_PROMETHEUS = ['up', 'ALERTS'];
/** Served from their first time on, which is a fault that the test does not make. */
const AT_A_FAULT = ['thanos_bucket_store_queries_dropped_total'];
const PARTS = [
  ...['receiver', 'receive-router', 'store', 'compactor', 'ruler', 'query', 'query-frontend', 'bucket-web'],
  'bucket-replicate',
] as const;
const SERIES = [{ __name__: 'x', a: 'b' }];
const RULES = [
  { record: 'y', expr: 'vector(1)' },
  { alert: 'Z', expr: 'vector(1)' },
];

/** What the alerts and panels read of a part. */
function readOf(part: string): string[] {
  const { groups } = find(objects({ monitoring: { alerts: {} } }), 'PrometheusRule', 'thanos-alerts').spec;
  const rules: string[] = groups.flatMap((group: any) => group.rules.map((rule: any) => rule.expr));
  const job = new RegExp(`job=~?"([^"]*\\|)?thanos-${part}(\\||")`);
  const boards = [...BOARDS, certificatesBoard({ roots: [], issued: [] }, [])];
  const panels = boards.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const drawn = panels.filter(({ kinds }) => kinds.includes(part)).flatMap((panel) => panel.queries('a="b"'));
  const all = [...rules.filter((expr) => job.test(expr)), ...drawn.map(([expr]) => expr)].flatMap(metricsOf);
  return [...new Set(all)].filter((metric) => !BY_PROMETHEUS.includes(metric) && !metric.startsWith('thanos:'));
}

describeThanos('every metric that an alert or a panel reads is served by the part that it watches', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'metrics-'));
  const alertmanager = createServer((_, response) => response.end('{}'));
  const servings = new Map<string, Serving>();

  /** Small parts that work together. */
  beforeAll(async () => {
    const objstore = (name: string): string => {
      const directory = path.join(folder, name);
      mkdirSync(directory);
      return JSON.stringify({ type: 'FILESYSTEM', config: { directory } });
    };
    const bucket = `--objstore.config=${objstore('bucket')}`;
    const data = (name: string): string => path.join(folder, name);
    const start = async (part: (typeof PARTS)[number], ...args: string[]): Promise<Serving> => {
      const serving = await serveThanos(args);
      servings.set(part, serving);
      return serving;
    };
    const ring = (address: string): string => {
      const file = path.join(mkdtempSync(path.join(folder, 'ring-')), 'hashrings.json');
      writeFileSync(file, JSON.stringify([{ endpoints: [address] }]));
      return `--receive.hashrings-file=${file}`;
    };
    await uploadBlock([bucket], {}, { series: SERIES, labels: { a: 'b', replica: '0' } });
    await new Promise<void>((resolve) => alertmanager.listen(0, '127.0.0.1', resolve));
    const rules = path.join(folder, 'rules.yaml');
    writeFileSync(rules, JSON.stringify({ groups: [{ name: 'g', rules: RULES }] }));

    const receive = ['receive', '--label=a="b"'];
    // by the address of its ring a receiver knows itself, whatever its port
    const self = '127.0.0.1:1';
    const own = [`--receive.local-endpoint=${self}`, ring(self), `--tsdb.path=${data('receive')}`, bucket];
    const receiver = await start('receiver', ...receive, ...own);
    const router = await start(
      'receive-router',
      ...receive,
      ring(receiver.grpcAddress),
      `--tsdb.path=${data('router')}`,
    );
    const store = await start('store', 'store', `--data-dir=${data('store')}`, bucket);
    const fast = ['--consistency-delay=0s', '--wait-interval=1s', '--wait'];
    await start('compactor', 'compact', ...fast, `--data-dir=${data('compact')}`, bucket);
    const endpoints = [receiver, store].map(({ grpcAddress }) => `--endpoint=${grpcAddress}`);
    const query = await start('query', 'query', ...endpoints);
    const frontend = await start('query-frontend', 'query-frontend', `--query-frontend.downstream-url=${query.url}`);
    const { port } = alertmanager.address() as AddressInfo;
    const sends = [`--query=${query.url}`, `--alertmanagers.url=http://127.0.0.1:${port}`, '--eval-interval=1s'];
    await start(
      'ruler',
      'rule',
      '--label=a="b"',
      `--data-dir=${data('rule')}`,
      bucket,
      `--rule-file=${rules}`,
      ...sends,
    );
    await start('bucket-web', 'tools', 'bucket', 'web', bucket);
    await start('bucket-replicate', 'tools', 'bucket', 'replicate', bucket, `--objstore-to.config=${objstore('copy')}`);

    for (const { remoteWriteAddress: address } of [receiver, router])
      await router.until('a write', async () => (await remoteWrite(address, SERIES)).status === 200);
    await query.until('a read', async () => (await frontend.api('/api/v1/query?query=x')).result.length > 0);
    const end = Math.floor(Date.now() / 1000);
    await frontend.text(`/api/v1/query_range?query=x&start=${end - 3600}&end=${end}&step=60`);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([...servings.values()].map((serving) => serving.stop()));
    alertmanager.closeAllConnections();
    alertmanager.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PARTS)(
    '%s',
    async (part) => {
      const wanted = readOf(part).filter((metric) => !AT_A_FAULT.includes(metric));
      expect(wanted.length).toBeGreaterThan(5);
      const serving = servings.get(part)!;
      const absent = async (): Promise<string[]> => {
        const text = await serving.text('/metrics');
        return wanted.filter((metric) => !new RegExp(`^${metric}[{ ]`, 'm').test(text));
      };
      await serving.until('every metric', async () => (await absent()).length === 0).catch(() => undefined);
      expect(await absent()).toEqual([]);
    },
    30_000,
  );
});
