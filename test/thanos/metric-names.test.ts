import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { BOARDS } from '../../src/monitoring/dashboards/boards';
import { certificatesBoard } from '../../src/monitoring/dashboards/certificates-board';
import { metricsOf } from '../monitoring/expressions';
import { find } from '../render';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';
import { objects } from '../stack/stacks';

/** Served by Prometheus itself, not by what it scrapes. */
const BY_PROMETHEUS = ['up', 'ALERTS'];
const HTTP = ['http_requests_total', 'http_request_duration_seconds_bucket'];
/** Served only once there was a call; the test makes one. */
const AFTER_A_CALL: Record<string, readonly string[]> = { receiver: HTTP, query: HTTP, 'query-frontend': HTTP };
describeThanos('every metric that an alert or a panel reads is served by the part that it watches', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'metrics-'));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  mkdirSync(path.join(folder, 'bucket'));
  const bucket = `--objstore.config=${JSON.stringify({ type: 'FILESYSTEM', config: { directory: path.join(folder, 'bucket') } })}`;
  const ring = file('ring.json', '[{"endpoints":["127.0.0.1:1"]}]');
  const rules = file(
    'rules.yaml',
    JSON.stringify({ groups: [{ name: 'g', rules: [{ record: 'x', expr: 'vector(1)' }] }] }),
  );
  const data = (name: string): string => path.join(folder, name);
  const receive = [
    'receive',
    '--label=a="b"',
    `--receive.hashrings-file=${ring}`,
    '--receive.local-endpoint=127.0.0.1:1',
  ];
  const parts: Record<string, string[]> = {
    receiver: [...receive, `--tsdb.path=${data('receive')}`, bucket],
    'receive-router': ['receive', '--label=a="b"', `--receive.hashrings-file=${ring}`, `--tsdb.path=${data('router')}`],
    store: ['store', `--data-dir=${data('store')}`, bucket],
    compactor: ['compact', '--wait', `--data-dir=${data('compact')}`, bucket],
    ruler: [
      ...['rule', '--label=a="b"', `--data-dir=${data('rule')}`, bucket, `--rule-file=${rules}`, '--eval-interval=1s'],
      ...['--query=http://127.0.0.1:1', '--alertmanagers.url=http://127.0.0.1:1'],
    ],
    query: ['query', '--endpoint=127.0.0.1:1'],
    'query-frontend': ['query-frontend', '--query-frontend.downstream-url=http://127.0.0.1:1'],
    'bucket-web': ['tools', 'bucket', 'web', bucket],
  };
  const groups = find(objects({ monitoring: { alerts: {} } }), 'PrometheusRule', 'thanos-alerts').spec.groups;
  const expressions: string[] = groups.flatMap((group: any) => group.rules.map((rule: any) => rule.expr));
  const boards = [
    ...BOARDS,
    certificatesBoard({ roots: [], server: 'probe_ssl_earliest_cert_expiry', issued: ['a'] }, []),
  ];
  const panels = boards.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const read = (part: string): string[] => {
    const job = new RegExp(`job=~?"([^"]*\\|)?thanos-${part}(\\||")`);
    const drawn = panels.filter(({ kinds }) => kinds.includes(part)).flatMap((panel) => panel.queries('a="b"'));
    return [
      ...new Set([...expressions.filter((expr) => job.test(expr)), ...drawn.map(([expr]) => expr)].flatMap(metricsOf)),
    ];
  };

  it.each(Object.keys(parts))('%s', async (part) => {
    const serving = await serveThanos(parts[part]);
    try {
      if (part === 'ruler')
        await serving.until('a group ran', async () => /rule_group_last_duration/.test(await serving.text('/metrics')));
      await call(part, serving);
      const text = await serving.text('/metrics');
      const served = (metric: string): boolean => new RegExp(`^${metric}[{ ]`, 'm').test(text);
      const wanted = read(part).filter((metric) => !BY_PROMETHEUS.includes(metric) && !metric.startsWith('thanos:'));
      const later = AFTER_A_CALL[part] === undefined ? HTTP : [];
      expect(wanted.filter((metric) => !served(metric) && !later.includes(metric))).toEqual([]);
      expect(wanted.length).toBeGreaterThan(part === 'bucket-web' ? 0 : 1);
    } finally {
      await serving.stop();
    }
  });
});

async function call(part: string, serving: Serving): Promise<void> {
  if (part.startsWith('query')) await serving.text('/api/v1/query?query=up');
  if (part === 'receiver')
    await fetch(`http://${serving.remoteWriteAddress}/api/v1/receive`, { method: 'POST', body: 'x' });
}
