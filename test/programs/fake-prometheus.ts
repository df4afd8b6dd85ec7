import * as http from 'node:http';

const BLOCKS = { 'storage.tsdb.min-block-duration': '2h', 'storage.tsdb.max-block-duration': '2h' };

/** A Prometheus that has what a sidecar asks of it, and nothing but its external labels. */
export function fakePrometheus(labels = '{cluster: a}'): Promise<http.Server> {
  const answers: Record<string, object> = {
    '/api/v1/status/config': { yaml: `global: {external_labels: ${labels}}` },
    '/api/v1/status/buildinfo': { version: '3.4.0' },
    '/api/v1/status/flags': BLOCKS,
  };
  const server = http.createServer(({ url = '' }, response) => {
    const data = answers[url.split('?')[0]] ?? [];
    // when its oldest sample was
    if (url === '/metrics') response.end('prometheus_tsdb_lowest_timestamp_seconds 1\n');
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data }));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
