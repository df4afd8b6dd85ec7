import { addressOf } from '../../src/manifest/address';
import type { Json } from '../render';
import { calls, drawn } from './drawn';

/** A Deployment whose container runs Thanos with these arguments, and its Service. */
function component(name: string, args: string[], more: Json = {}): Json[] {
  const labels = { app: name };
  const ports = [
    { name: 'http', containerPort: 10902 },
    { name: 'grpc', containerPort: 10901 },
  ];
  const { volumes, ...container } = more;
  const spec = { volumes, containers: [{ name, image: 'quay.io/thanos/thanos:v0.42.4', args, ports, ...container }] };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'm' },
      spec: { template: { metadata: { labels }, spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'm' },
      spec: {
        selector: labels,
        ports: [
          { name: 'http', port: 80, targetPort: 'http' },
          { name: 'grpc', port: 10901, targetPort: 'grpc' },
        ],
      },
    },
  ];
}

function configMap(name: string, data: Record<string, string>): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'm' }, data };
}

/** A container's mount of a volume with a ConfigMap or Secret. */
function mounted(volume: Json): Json {
  return { volumes: [{ name: 'v', ...volume }], volumeMounts: [{ name: 'v', mountPath: '/etc/v' }] };
}

const STORE = component('store', ['store']);
const QUERY = component('query', ['query']);

test.each<[string, string[], Json, Json[], string]>([
  ['--endpoint', ['query', '--endpoint=store:10901'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  ['its value as a word', ['query', '--endpoint', 'store:10901'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  ['a namespace', ['query', '--endpoint=store.m:10901'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  ['SRV', ['query', '--endpoint=dnssrv+_grpc._tcp.store.m.svc.a.b'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  ['a pod', ['query', '--endpoint-strict=store-0.store.m.svc:10901'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  ['a group', ['query', '--endpoint-group=dns+store.m.svc:10901'], {}, STORE, 'x -> store: StoreAPI, gRPC 10901'],
  [
    'the namespace from env',
    ['query', '--endpoint=store.$(NS).svc:10901'],
    { env: [{ name: 'NS', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }] },
    STORE,
    'x -> store: StoreAPI, gRPC 10901',
  ],
  [
    'the endpoints of a file',
    ['query', '--endpoint.sd-config-file=/etc/v/e.yml'],
    mounted({ configMap: { name: 'e' } }),
    [...STORE, configMap('e', { 'e.yml': 'endpoints:\n- address: store:10901\n' })],
    'x -> store: StoreAPI, gRPC 10901',
  ],
  [
    'a shell script',
    [],
    { command: ['sh', '-c', 'exec thanos query \\\n  --endpoint="store:10901"; true'] },
    STORE,
    'x -> store: StoreAPI, gRPC 10901',
  ],
  ['--query', ['rule', '--query=http://query/api'], {}, QUERY, 'x -> query: queries, HTTP 10902'],
  [
    '--query.config',
    ['rule', '--query.config=[{http_config: {}, scheme: https, static_configs: ["query:80"]}]'],
    {},
    QUERY,
    'x -> query: queries, HTTPS 10902',
  ],
  [
    'the scheme of an address that is looked up',
    ['rule', '--query.config=[{scheme: https, static_configs: ["dnssrv+_http._tcp.query"]}]'],
    {},
    QUERY,
    'x -> query: queries, HTTPS 10902',
  ],
  [
    '--alertmanagers.config',
    ['rule', '--alertmanagers.config=alertmanagers: [{static_configs: ["a.example.com:9093"]}]'],
    {},
    [],
    'x -> a.example.com: alerts, HTTP 9093',
  ],
  [
    'remote-write',
    ['rule', '--remote-write.config=remote_write: [{url: "https://u:secret@w.example.com/api"}]'],
    {},
    [],
    'x -> w.example.com: recorded series, HTTPS 443',
  ],
  [
    'the config of a Secret that is not there',
    ['rule', '--alertmanagers.config-file=/etc/v/a.yml'],
    mounted({ secret: { secretName: 'am' } }),
    [],
    'x -> alerts: alerts, ',
  ],
  [
    '--query-frontend.downstream-url',
    ['query-frontend', '--query-frontend.downstream-url=http://query.m.svc:80'],
    {},
    QUERY,
    'x -> query: queries, HTTP 10902',
  ],
  [
    'memcached',
    ['store', '--index-cache.config=type: MEMCACHED\nconfig: {addresses: ["dns+cache.example.com:11211"]}'],
    {},
    [],
    'x -> cache.example.com: cached blocks, TCP 11211',
  ],
  [
    'Redis',
    ['query-frontend', '--query-range.response-cache-config=type: REDIS\nconfig: {addr: "r.example.com:6379"}'],
    {},
    [],
    'x -> r.example.com: cached answers, TCP 6379',
  ],
  [
    'a ring',
    ['receive', '--receive.hashrings=[{"endpoints": [{"address": "store:10901"}, "store:10901"]}]'],
    {},
    STORE,
    'x -> store: writes of the ring, gRPC 10901',
  ],
])('%s is read', (_, args, more, others, wanted) => {
  expect(calls(drawn([...component('x', args, more), ...others]))).toEqual([wanted]);
});

test('a sidecar that asks the Prometheus of its own pod calls nobody', () => {
  expect(calls(drawn(component('x', ['sidecar', '--prometheus.url=http://localhost:9090'])))).toEqual([]);
});

test('a config that is no YAML, or of another shape, names nobody', () => {
  for (const config of ['{', '7', 'endpoints: 1', 'endpoints: [null, 7, {address: 8}]', ''])
    expect(calls(drawn(component('x', ['query', `--endpoint.sd-config=${config}`])))).toEqual([]);
});

test("Grafana's data sources and the remote-writes of a Prometheus are read", () => {
  const datasources = JSON.stringify({ datasources: [{ type: 'prometheus', url: 'http://query.m.svc' }] });
  const grafana = component('grafana', [], {
    image: 'docker.io/grafana/grafana:12',
    ...mounted({ configMap: { name: 'ds' } }),
  });
  const prometheus = component('prometheus', ['--config.file=/etc/v/prometheus.yml'], {
    image: 'quay.io/prometheus/prometheus:v3',
    ...mounted({ configMap: { name: 'p' } }),
  });
  const written = configMap('p', { 'prometheus.yml': 'remote_write:\n- url: http://receive.m:19291/api/v1/receive\n' });
  const receive = component('receive', ['receive']);
  const all = [...grafana, ...QUERY, configMap('ds', { 'ds.yaml': datasources }), ...prometheus, written, ...receive];
  expect(calls(drawn(all))).toEqual([
    'grafana -> query: queries, HTTP 10902',
    'prometheus -> receive: remote-write, HTTP 19291',
  ]);
});

test('what the spec of an operated Prometheus and ThanosRuler names is read', () => {
  const operated = (kind: string, spec: Json): Json => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name: kind.toLowerCase(), namespace: 'm' },
    spec,
  });
  const all = [
    operated('Prometheus', { remoteWrite: [{ url: 'http://w.example.com/x' }], thanos: {} }),
    operated('ThanosRuler', { queryEndpoints: ['query:80'], alertmanagersUrl: ['http://a.example.com:9093'] }),
    ...QUERY,
  ];
  expect(calls(drawn(all))).toEqual([
    'prometheus -> w.example.com: remote-write, HTTP 80',
    'thanosruler -> query: queries, HTTP 10902',
    'thanosruler -> a.example.com: alerts, HTTP 9093',
  ]);
});

test('stores of every kind are drawn by their names', () => {
  const store = (config: string): Json[] => component('x', ['store', `--objstore.config=${config}`]);
  const bucket = (config: string): string[] => calls(drawn(store(config)));
  expect(bucket('type: GCS\nconfig: {bucket: b}')).toEqual(['x -> GCS bucket b: reads blocks, HTTPS 443']);
  expect(bucket('type: AZURE\nconfig: {container: c}')).toEqual(['x -> AZURE bucket c: reads blocks, HTTPS 443']);
  expect(bucket('type: FILESYSTEM\nconfig: {directory: /d}')).toEqual(['x -> folder /d: reads blocks, ']);
  expect(bucket('type: s3\nconfig: {bucket: b, endpoint: "e:9000", insecure: true}')).toEqual([
    'x -> S3 bucket b: reads blocks, HTTP 9000',
  ]);
  const secret = component(
    'x',
    ['store', '--objstore.config-file=/etc/v/o.yml'],
    mounted({ secret: { secretName: 's' } }),
  );
  expect(drawn(secret).nodes[1]).toMatchObject({ title: 'bucket', lines: ['named in Secret s'] });
});

test.each([
  ['dnssrv+_grpc._tcp.a.b.svc', { host: 'a.b.svc', port: 'grpc' }],
  ['dnssrvnoa+_grpc._tcp.a.b', { host: 'a.b', port: 'grpc' }],
  ['[fd00::1]:10901', { host: 'fd00::1', port: '10901' }],
  ['https://user:pass@host/path?q=@x', { host: 'host', port: '443', scheme: 'https' }],
  ['http://h:8080', { host: 'h', port: '8080', scheme: 'http' }],
  ['a.b.:1', { host: 'a.b', port: '1' }],
])('the address %s is read', (given, wanted) => {
  expect(addressOf(given)).toEqual(wanted);
});

test('what is no address is none', () => {
  expect(addressOf('a b')).toBeUndefined();
  expect(addressOf('')).toBeUndefined();
});
