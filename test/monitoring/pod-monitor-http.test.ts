import { App, Chart, Testing } from 'cdk8s';
import {
  HttpConfig,
  Query,
  S3Ca,
  S3Credentials,
  ThanosPodMonitor,
  ThanosStack,
  type ThanosStackProps,
  TlsCa,
  TlsCertificate,
} from 'cdk8s-thanos';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import type { Json } from '../render';

const VALID_AT = { validAt: new Date('2027-01-01') };
const bucket = {
  bucket: 'thanos',
  endpoint: 's3.minio.example.com',
  ca: S3Ca.fromPem(ECDSA_CA, VALID_AT),
  credentials: S3Credentials.fromSecretName('keys'),
};

describe('with httpConfig', () => {
  const certificate = TlsCertificate.fromSecretName('http');
  const tls = (serverName?: string) =>
    HttpConfig.tls({ certificate, serverName, ca: TlsCa.fromPem(SECOND_CA, VALID_AT) });
  const login = HttpConfig.fromSecretName('web', { tls: { certificate }, basicAuth: { secretName: 'login' } });
  const stack = (props: Partial<ThanosStackProps>, app = new App()) =>
    new ThanosStack(app, 'eu', {
      name: 'eu',
      objstore: bucket,
      receiver: {},
      compactor: {},
      storeGateway: { shards: { hash: 2 } },
      query: {},
      monitoring: { podMonitor: {} },
      ...props,
    });
  const synth = (chart: Chart): Json[] => Testing.synth(chart);
  const endpoints = (all: Json[]): Json[] => all.find(({ kind }) => kind === 'PodMonitor').spec.podMetricsEndpoints;

  /** The endpoints by which the pods of each workload are scraped: what Prometheus keeps after its relabeling. */
  function scraped(all: Json[]): Record<string, Json[]> {
    const pods = all.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
    return Object.fromEntries(
      pods.map(({ metadata, spec }) => {
        const meta = Object.entries(spec.template.metadata.labels).map(([k, v]) => [
          `__meta_kubernetes_pod_label_${k.replace(/\W/g, '_')}`,
          v,
        ]);
        const labels = Object.fromEntries(meta);
        const kept = endpoints(all).filter(({ relabelings }) =>
          relabelings.every(({ action, regex, sourceLabels }: Json) => {
            const value = sourceLabels.map((label: string) => labels[label] ?? '').join(';');
            const matches = action !== undefined && new RegExp(`^(?:${regex})$`).test(value);
            return action === 'keep' ? matches : !(action === 'drop' && matches);
          }),
        );
        return [metadata.name, kept];
      }),
    );
  }

  test('each pod is scraped once, by the name and CA of its own certificate', () => {
    const all = synth(stack({ httpConfig: tls() }));
    const made = scraped(all);
    expect(Object.keys(made)).toHaveLength(5);
    for (const [name, kept] of Object.entries(made)) {
      const [{ scheme, tlsConfig }] = kept;
      expect([kept.length, scheme, tlsConfig.serverName]).toEqual([1, 'https', `${name}.monitoring.svc.cluster.local`]);
      const { configMap } = tlsConfig.ca;
      const { data } = all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap.name);
      expect(data[configMap.key]).toBe(SECOND_CA);
    }
  });

  test('pods that nobody tells of are scraped over plain HTTP', () => {
    const made = scraped(synth(stack({ query: { httpConfig: tls() } })));
    expect(made['eu-query'].map(({ scheme }) => scheme)).toEqual(['https']);
    for (const name of ['eu-receiver', 'eu-compactor'])
      expect(made[name].map((one) => one.scheme)).toEqual([undefined]);
  });

  test('one name for all is one endpoint', () => {
    const all = endpoints(synth(stack({ httpConfig: tls('parts') })));
    expect(all).toMatchObject([{ port: 'http', scheme: 'https', tlsConfig: { serverName: 'parts' } }]);
    expect(all[0].relabelings).toHaveLength(1);
  });

  test('Prometheus logs in by a Secret', () => {
    const [kept] = scraped(synth(stack({ compactor: { httpConfig: login } })))['eu-compactor'];
    expect(kept).toMatchObject({
      scheme: 'https',
      tlsConfig: { ca: { secret: { name: 'http', key: 'ca.crt' } } },
      basicAuth: { username: { name: 'login', key: 'username' }, password: { name: 'login', key: 'password' } },
    });
  });

  test('a component of the stack that it is not told of is an error', () => {
    const made = () => {
      const app = new App();
      const chart = new Chart(app, 'chart');
      new Query(chart, 'Query', { endpoints: ['a:1'], httpConfig: tls() });
      new ThanosPodMonitor(chart, 'Pods', { namespace: 'monitoring' });
      return Testing.synth(chart);
    };
    expect(made).toThrow(
      'chart/Pods: components: lacks chart/Query, whose httpConfig says how its pods are scraped. Give it too',
    );
  });

  test('so is one that it could not find', () => {
    const chart = new Chart(new App(), 'chart');
    const query = new Query(chart, 'Query', { namespace: 'other', httpConfig: tls() });
    expect(() => new ThanosPodMonitor(chart, 'Pods', { namespace: 'monitoring', components: [query] })).toThrow(
      'chart/Pods: components: holds chart/Query of namespace "other", whose pods a PodMonitor in "monitoring" does not find',
    );
  });
});
