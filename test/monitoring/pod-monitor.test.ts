import { App, Chart, Duration, Testing } from 'cdk8s';
import { S3Ca, S3Credentials, ThanosPodMonitor, ThanosStack } from 'cdk8s-thanos';
import { ECDSA_CA } from '../fixtures/certificates';
import type { Json } from '../render';

const VALID_AT = { validAt: new Date('2027-01-01') };
const bucket = {
  bucket: 'thanos',
  endpoint: 's3.minio.example.com',
  ca: S3Ca.fromPem(ECDSA_CA, VALID_AT),
  credentials: S3Credentials.fromSecretName('keys'),
};

function rendered(): Json[] {
  const stack = new ThanosStack(new App(), 'eu', {
    name: 'eu',
    objstore: bucket,
    receiver: {},
    receiveRouter: {},
    hashrings: [{ name: 'big', tenants: ['a'] }],
    storeGateway: { shards: { hash: 2 } },
    compactor: {},
    ruler: {},
    query: {},
    queryFrontend: {},
    grafana: {},
    preflight: {},
    monitoring: {
      alerts: {},
      podMonitor: {
        labels: { release: 'kps' },
        interval: Duration.seconds(30),
        scrapeTimeout: Duration.seconds(10),
      },
    },
  });
  return Testing.synth(stack);
}

/** The pods that it selects and that have its port, with the job that its relabeling gives them. */
function jobs(all: Json[]): string[] {
  const { spec } = all.find(({ kind }) => kind === 'PodMonitor');
  const [{ port, relabelings }] = spec.podMetricsEndpoints;
  const [{ sourceLabels, separator }] = relabelings;
  return all
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ spec: { template } }) => template)
    .filter(({ metadata }) => Object.entries(spec.selector.matchLabels).every(([k, v]) => metadata.labels[k] === v))
    .flatMap(({ metadata: { labels }, spec: { containers } }) => {
      const ports = containers.flatMap((one: Json) => one.ports ?? []).filter(({ name }: Json) => name === port);
      const meta = Object.entries(labels).map(([k, v]) => [`__meta_kubernetes_pod_label_${k.replace(/\W/g, '_')}`, v]);
      const value = sourceLabels.map((label: string) => Object.fromEntries(meta)[label]).join(separator);
      return ports.map(() => value);
    });
}

test('each pod of Thanos is scraped once, under the job that the alerts read', () => {
  const all = rendered();
  const alerts = JSON.stringify(all.find(({ kind }) => kind === 'PrometheusRule'));
  const absent = [...alerts.matchAll(/absent\(up\{namespace=\\"monitoring\\",job=\\"([^"\\]+)/g)].map(([, job]) => job);
  const made = jobs(all);
  expect([...new Set(made)].sort()).toEqual([...new Set(absent)].sort());
  expect(made).toContain('eu-receiver-big');
  expect(made.filter((job) => job === 'eu-store')).toHaveLength(2);
});

test('labels, interval and time of a scrape are passed on', () => {
  const { metadata, spec } = rendered().find(({ kind }) => kind === 'PodMonitor');
  expect(metadata).toMatchObject({ name: 'eu-pods', labels: { release: 'kps', 'app.kubernetes.io/instance': 'eu' } });
  expect(spec.podMetricsEndpoints).toMatchObject([{ port: 'http', interval: '30s', scrapeTimeout: '10s' }]);
});

test('a scrape longer than the interval is refused, as the operator does', () => {
  const chart = new Chart(new App(), 'chart');
  const [interval, scrapeTimeout] = [Duration.seconds(10), Duration.seconds(11)];
  expect(() => new ThanosPodMonitor(chart, 'Pods', { interval, scrapeTimeout })).toThrow(
    'scrapeTimeout: is 11s, more than the interval of 10s',
  );
});

test('a scrape longer than the default interval needs an interval', () => {
  const chart = new Chart(new App(), 'chart');
  expect(() => new ThanosPodMonitor(chart, 'Long', { scrapeTimeout: Duration.seconds(31) })).toThrow(
    'scrapeTimeout: is 31s, more than the interval of 30s that Prometheus has by default. Give interval too',
  );
  const { podMonitor } = new ThanosPodMonitor(chart, 'Pods', { scrapeTimeout: Duration.seconds(30) });
  expect(podMonitor.toJson().spec.podMetricsEndpoints[0].scrapeTimeout).toBe('30s');
});

describe('a stack that the app does not have', () => {
  const warnings = (instance: string, namespace?: string): string => {
    const app = new App();
    new ThanosStack(app, 'eu', { name: 'eu', query: { endpoints: ['sidecar:10901'] } });
    const monitor = new Chart(app, 'monitor', { disableResourceNameHashes: true });
    new ThanosPodMonitor(monitor, 'Pods', { instance, namespace });
    const spy = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      Testing.synth(monitor);
      return spy.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      spy.mockRestore();
    }
  };

  test('is told: its pods may be those of another app, or the name is wrong', () => {
    expect(warnings('us')).toContain(
      'warning: monitor/Pods: instance: the app has no component of a stack "us" in namespace monitoring; unless another app has, nothing is scraped',
    );
    expect(warnings('eu', 'obs')).toContain('no component of a stack "eu" in namespace obs');
  });

  test('and one that it has is not', () => {
    expect(warnings('eu')).toBe('');
  });
});
