import { ApiObject, App, Chart, Duration, Testing } from 'cdk8s';
import {
  HttpConfig,
  SidecarPodMonitor,
  type SidecarPodMonitorProps,
  ThanosSidecar,
  type ThanosSidecarProps,
  ThanosStack,
  TlsCa,
  TlsCertificate,
} from 'cdk8s-thanos';
import { SECOND_CA } from '../fixtures/certificates';
import { find, type Json } from '../render';

const tls = { certificate: TlsCertificate.fromSecretName('http') };

function made(options: Partial<ThanosSidecarProps> = {}, props: Partial<SidecarPodMonitorProps> = {}): Json[] {
  const chart = new Chart(new App(), 'test', { namespace: 'monitoring', disableResourceNameHashes: true });
  const prometheus = new ApiObject(chart, 'prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'k8s' },
  });
  const sidecar = new ThanosSidecar(chart, 'Sidecar', { prometheus, ...options });
  new SidecarPodMonitor(chart, 'Scrape', { sidecar, ...props });
  return Testing.synth(chart);
}

test('the pods of the Prometheus are scraped on the port of the sidecar, whatever the ports beside it are called', () => {
  const { metadata, spec } = find(
    made({}, { labels: { release: 'kps' }, interval: Duration.seconds(30), scrapeTimeout: Duration.seconds(10) }),
    'PodMonitor',
  );
  expect(metadata).toMatchObject({ name: 'thanos-sidecar', namespace: 'monitoring', labels: { release: 'kps' } });
  expect(spec.selector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'prometheus', prometheus: 'k8s' });
  expect(spec.podMetricsEndpoints).toEqual([
    {
      portNumber: 10902,
      interval: '30s',
      scrapeTimeout: '10s',
      relabelings: [{ targetLabel: 'job', replacement: 'thanos-sidecar' }],
    },
  ]);
});

test('over TLS by the name and the CA of its certificate, which may be given as text', () => {
  const all = made({ httpConfig: HttpConfig.tls({ ...tls, ca: TlsCa.fromPem(SECOND_CA) }) });
  const [{ scheme, tlsConfig }] = find(all, 'PodMonitor').spec.podMetricsEndpoints;
  expect([scheme, tlsConfig.serverName]).toEqual(['https', 'thanos-sidecar.monitoring.svc.cluster.local']);
  const { name, key } = tlsConfig.ca.configMap;
  expect(find(all, 'ConfigMap', name).data[key]).toBe(SECOND_CA);
});

test('a certificate that is made for it has the name by which it is scraped', () => {
  const all = made({ httpConfig: HttpConfig.tls({ certificate: TlsCertificate.fromIssuer('parts') }) });
  const [{ tlsConfig }] = find(all, 'PodMonitor').spec.podMetricsEndpoints;
  const { spec } = find(all, 'Certificate');
  expect(spec.dnsNames).toContain(tlsConfig.serverName);
  expect(tlsConfig.ca.secret).toEqual({ name: spec.secretName, key: 'ca.crt' });
});

test('Prometheus logs in by a Secret', () => {
  const all = made({ httpConfig: HttpConfig.fromSecretName('web', { basicAuth: { secretName: 'login' } }) });
  const [endpoint] = find(all, 'PodMonitor').spec.podMetricsEndpoints;
  expect(endpoint.scheme).toBeUndefined();
  expect(endpoint.basicAuth).toEqual({
    username: { name: 'login', key: 'username' },
    password: { name: 'login', key: 'password' },
  });
});

test('the PodMonitor of a stack does not find them, so that none is scraped twice', () => {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', { query: { endpoints: ['a:1'] }, monitoring: { podMonitor: {} } });
  const { spec } = find(Testing.synth(stack), 'PodMonitor');
  const { matchLabels } = find(made(), 'PodMonitor').spec.selector;
  expect(spec.selector.matchLabels['app.kubernetes.io/name']).not.toBe(matchLabels['app.kubernetes.io/name']);
});

test.each<[string, object, string]>([
  ['no sidecar', { sidecar: undefined }, 'Scrape: sidecar: is missing. Give the ThanosSidecar'],
  ['something else', { sidecar: {} }, 'Scrape: sidecar: is '],
  ['a long scrape', { scrapeTimeout: Duration.minutes(1) }, 'scrapeTimeout: is 1m, more than the interval of 30s'],
])('%s is refused', (_, props, message) => {
  expect(() => made({}, props)).toThrow(message);
});
