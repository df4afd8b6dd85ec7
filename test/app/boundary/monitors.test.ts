import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import { HttpConfig, Query, S3Ca, ThanosPodMonitor, ThanosSidecar } from '../../../src';
import { chart, type Json } from '../../render';
import { guardedChart, problems, writtenToStderr } from './boundary';

const warned = writtenToStderr();
const CA = 'thanos-s3-ca-cert';
const key = (name: string): Json => ({ name, key: 'k' });
const caOf = (name: string): Json => ({ tlsConfig: { ca: { secret: key(name) } } });

/** The ways in which a Secret goes to Prometheus (https://prometheus-operator.dev/docs/api-reference/api/). */
const SELECTORS: [string, Json, string][] = [
  ['bearerTokenSecret', { bearerTokenSecret: key('s3-keys') }, 'bearerTokenSecret'],
  ['basicAuth', { basicAuth: { username: key('user'), password: key('s3-keys') } }, 'basicAuth.password'],
  ['authorization', { authorization: { credentials: key('s3-keys') } }, 'authorization.credentials'],
  ['oauth2', { oauth2: { clientId: { secret: key('s3-keys') } } }, 'oauth2.clientId.secret'],
  ['a client key', { tlsConfig: { keySecret: key('s3-keys') } }, 'tlsConfig.keySecret'],
];

function own(scope: Chart, kind: string, list: string, endpoint: Json): ApiObject {
  const metadata = { name: 'own', namespace: 'monitoring' };
  return new ApiObject(scope, 'Own', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata,
    spec: { [list]: [endpoint] },
  });
}

describe('what Prometheus scrapes with', () => {
  test.each(SELECTORS)("the keys in one's own PodMonitor are refused until shared: %s", (_, endpoint, path) => {
    const { scope, config } = guardedChart();
    const monitor = own(scope, 'PodMonitor', 'podMetricsEndpoints', endpoint);
    expect(problems(scope)).toEqual([
      expect.stringContaining(
        `test/Own: spec.podMetricsEndpoints[0].${path}: uses the S3 keys (Secret s3-keys), which only pods that open the bucket may. Remove it, or let the PodMonitor in with share`,
      ),
    ]);
    config.share(monitor, 'the exporter asks for them');
    expect(problems(scope)).toEqual([]);
    expect(warned()).toBe('');
  });

  test('and in a ServiceMonitor', () => {
    const { scope } = guardedChart();
    own(scope, 'ServiceMonitor', 'endpoints', { bearerTokenSecret: key('s3-keys') });
    expect(problems(scope)).toEqual([expect.stringContaining('endpoints[0].bearerTokenSecret: uses the S3 keys')]);
  });

  test.each([...SELECTORS, ['tlsConfig.ca', caOf(CA), 'tlsConfig.ca.secret'] as const])(
    'nor may one of ours be patched to have them: %s',
    (_, endpoint, path) => {
      const { scope } = guardedChart();
      const { podMonitor } = new ThanosPodMonitor(scope, 'Pods');
      for (const [field, value] of Object.entries(endpoint))
        podMonitor.addJsonPatch(JsonPatch.add(`/spec/podMetricsEndpoints/0/${field}`, value));
      const [problem, ...others] = problems(scope);
      expect(problem).toMatch(
        /: uses the (S3 keys|CA) \(Secret .*, which only pods that open the bucket may. Remove it$/,
      );
      expect(problem).toContain(`test/Pods/Resource: spec.podMetricsEndpoints[0].${path}: `);
      expect(others).toEqual([]);
    },
  );

  test('a Secret of another name, and a CA that others may have, go to Prometheus', () => {
    const { scope } = guardedChart({ ca: S3Ca.fromSecretName('roots', { key: 'ca.crt' }) });
    const endpoint = { bearerTokenSecret: key('other'), ...caOf('roots') };
    own(scope, 'ServiceMonitor', 'endpoints', endpoint);
    const { podMonitor } = new ThanosPodMonitor(scope, 'Pods');
    podMonitor.addJsonPatch(JsonPatch.add('/spec/podMetricsEndpoints/0/tlsConfig', endpoint.tlsConfig));
    expect(problems(scope)).toEqual([]);
    expect(warned()).not.toContain('names ');
  });
});

describe('a login from the Secret of the keys', () => {
  const basicAuth = { secretName: 's3-keys', usernameKey: 'AWS_ACCESS_KEY_ID', passwordKey: 'AWS_SECRET_ACCESS_KEY' };
  const httpConfig = HttpConfig.fromSecretName('web', { basicAuth });
  const REFUSED =
    'httpConfig: basicAuth: secretName: Secret s3-keys holds the S3 keys, which whoever asks this part would get. Give the login a Secret of its own';

  test('is refused at once', () => {
    const { scope } = guardedChart();
    expect(() => new Query(scope, 'Query', { endpoints: ['a:1'], httpConfig })).toThrow(REFUSED);
  });

  test('is refused of a sidecar', () => {
    const { scope, config } = guardedChart();
    const prometheus = own(scope, 'Prometheus', 'x', {});
    expect(() => new ThanosSidecar(scope, 'S', { prometheus, objstore: config, httpConfig })).toThrow(REFUSED);
  });

  test('of a bucket that is made later is refused where Prometheus gets it', () => {
    const scope = chart();
    const query = new Query(scope, 'Query', { endpoints: ['a:1'], httpConfig });
    new ThanosPodMonitor(scope, 'Pods', { components: [query] });
    guardedChart({}, scope);
    expect(problems(scope)).toEqual(
      ['password', 'username'].map((field) =>
        expect.stringContaining(`Pods/Resource: spec.podMetricsEndpoints[0].basicAuth.${field}: uses the S3 keys`),
      ),
    );
  });

  test('may have the same name in another namespace', () => {
    const { scope } = guardedChart();
    new Query(scope, 'Query', { endpoints: ['a:1'], httpConfig, namespace: 'other' });
    expect(problems(scope)).toEqual([]);
  });
});
