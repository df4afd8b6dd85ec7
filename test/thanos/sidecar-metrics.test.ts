import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Duration } from 'cdk8s';
import { BUCKET_ALERTS } from '../../src/monitoring/alerts/bucket-alerts';
import { metricsOf } from '../monitoring/expressions';
import { fakePrometheus } from '../programs/fake-prometheus';
import { describeThanos, runThanos, serveThanos } from '../programs/thanos';

jest.setTimeout(60_000);

const HOUR = Duration.hours(1).toSeconds();
const LIMITS = { errors: 0.05, latency: 1, upload: HOUR, compaction: HOUR };
const SIDECAR = { kind: 'sidecar', job: 'thanos-sidecar', namespace: 'monitoring', bucket: true, longestWrite: 5 };
/** Of receivers and rulers, in the same rule. */
const OF_OTHERS = ['prometheus_tsdb_head_series'];

describeThanos('the real sidecar', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sidecar-'));
  const bucket = `--objstore.config=${JSON.stringify({ type: 'FILESYSTEM', config: { directory: folder } })}`;
  const servers: Server[] = [];

  async function args(labels?: string): Promise<string[]> {
    const server = await fakePrometheus(labels);
    servers.push(server);
    const { port } = server.address() as AddressInfo;
    return ['sidecar', `--prometheus.url=http://127.0.0.1:${port}`, `--tsdb.path=${folder}`, bucket];
  }
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  test('serves every metric that the alerts read of it', async () => {
    const own = BUCKET_ALERTS.filter(({ kinds }) => kinds.includes(SIDECAR.kind));
    const read = own.flatMap((alert) => metricsOf(alert.expr('a="b"', LIMITS, [SIDECAR])));
    const wanted = [...new Set(read)].filter((metric) => !OF_OTHERS.includes(metric));
    expect(wanted.length).toBeGreaterThan(5);
    const serving = await serveThanos(await args());
    const absent = async (): Promise<string[]> => {
      const text = await serving.text('/metrics');
      return wanted.filter((metric) => !new RegExp(`^${metric}[{ ]`, 'm').test(text));
    };
    // the shipper's come after the first answer of Prometheus
    await serving.until('every metric', async () => (await absent()).length === 0).catch(() => undefined);
    const lost = await absent();
    await serving.stop();
    expect(lost).toEqual([]);
  });

  test('ends beside a Prometheus without external labels', async () => {
    const free = ['--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'];
    const { code, output } = await runThanos([...(await args('{}')), ...free]);
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(
        'no external labels configured on Prometheus server, uniquely identifying external labels must be configured',
      ),
    ]);
  });
});
