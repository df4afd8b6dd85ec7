import { App, Chart, Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  HttpConfig,
  type HttpConfigFileOptions,
  type HttpTlsOptions,
  Query,
  S3Ca,
  StoreGateway,
  TlsCa,
  TlsCertificate,
} from '../../src/index';
import { ECDSA_CA, rsaCa, SECOND_CA, VALID_AT } from '../fixtures/certificates';
import { chart, find } from '../render';
import { bucket, make, quietly } from './made';
import { KINDS, makeKind } from './kinds';

const CERTIFICATE = TlsCertificate.fromSecretName('http');
const TLS = HttpConfig.tls({ certificate: CERTIFICATE });
const LOGIN = { secretName: 'login' };
const withLogin = (options: HttpConfigFileOptions = {}) =>
  HttpConfig.fromSecretName('web', { ...options, basicAuth: LOGIN });

describe.each(KINDS)('%s', (kind) => {
  it('serves HTTPS by a file that is written here, and holds paths alone', () => {
    const { args, objects, pod, template } = makeKind(kind, { httpConfig: TLS });
    expect(args).toContain('--http.config=/etc/thanos/http-config/web.yml');
    const { data } = find(objects, 'ConfigMap', `thanos-${kind}-http-config`);
    expect(parse(data['web.yml'])).toEqual({
      tls_server_config: { cert_file: '/etc/thanos/http-tls/tls.crt', key_file: '/etc/thanos/http-tls/tls.key' },
    });
    expect(pod.volumes).toContainEqual({
      name: 'http-config',
      configMap: {
        name: `thanos-${kind}-http-config`,
        defaultMode: 0o440,
        items: [{ key: 'web.yml', path: 'web.yml' }],
      },
    });
    // Thanos reads both again
    expect(template.metadata.annotations).toEqual(makeKind(kind).template.metadata.annotations);
  });

  it('is probed over HTTPS', () => {
    const { container } = makeKind(kind, { httpConfig: TLS, probes: { startup: {} } });
    const page = (path: string) => ({ httpGet: { path, port: 'http', scheme: 'HTTPS' } });
    expect(container.livenessProbe).toMatchObject(page('/-/healthy'));
    expect(container.startupProbe).toMatchObject(page('/-/healthy'));
    expect(container.readinessProbe).toMatchObject(page('/-/ready'));
  });

  it('with a password is probed by open ports, the times of the probes as before', () => {
    const probes = { liveness: { period: Duration.seconds(7) } };
    const { container } = makeKind(kind, { httpConfig: withLogin({ tls: { certificate: CERTIFICATE } }), probes });
    const plain = makeKind(kind, { probes }).container;
    const grpc = container.ports.some(({ name }: { name: string }) => name === 'grpc');
    const timesOf = (probe: object) => ({ ...probe, httpGet: undefined });
    expect(container.livenessProbe).toEqual({ tcpSocket: { port: 'http' }, ...timesOf(plain.livenessProbe) });
    expect(container.readinessProbe).toEqual({
      tcpSocket: { port: grpc ? 'grpc' : 'http' },
      ...timesOf(plain.readinessProbe),
    });
  });
});

it('a file without TLS and users is probed as ever', () => {
  const { container, pod } = makeKind('query', { httpConfig: HttpConfig.fromSecretName('web') });
  expect(container.readinessProbe.httpGet).toEqual({ path: '/-/ready', port: 'http' });
  expect(JSON.stringify(pod.volumes)).not.toContain('http-tls');
});

it('synth writes no user, no password, and no object for a file that exists', () => {
  const { objects } = makeKind('query', { httpConfig: withLogin() });
  expect(objects.filter(({ kind }) => kind === 'ConfigMap')).toHaveLength(0);
  expect(JSON.stringify(objects)).not.toContain('login');
});

it('a certificate that is made here has the names by which the part is asked', () => {
  const certificate = TlsCertificate.fromIssuer('parts', { kind: 'ClusterIssuer' });
  const httpConfig = HttpConfig.tls({ certificate, serverName: 'parts.example.com' });
  const { objects, pod } = makeKind('store', { httpConfig });
  const { spec } = find(objects, 'Certificate', 'thanos-store-http-tls');
  expect(spec).toMatchObject({
    secretName: 'thanos-store-http-tls',
    issuerRef: { name: 'parts', kind: 'ClusterIssuer' },
    dnsNames: [
      'thanos-store.monitoring.svc.cluster.local',
      'thanos-store-headless.monitoring.svc.cluster.local',
      '*.thanos-store-headless.monitoring.svc.cluster.local',
      'parts.example.com',
    ],
  });
  const { secret } = pod.volumes.find(({ name }: { name: string }) => name === 'http-tls');
  expect(secret.secretName).toBe('thanos-store-http-tls');
  expect(secret.items.map(({ key }: { key: string }) => key)).toEqual(['tls.crt', 'tls.key']);
});

it('the file in extraArgs is one that probes know nothing of', () => {
  const extraArgs = ['--http.config=/etc/web.yml'];
  const text = 'test/Component: extraArgs: has "--http.config", of which probes and those who ask know nothing';
  expect(makeKind('query', { extraArgs }).warnings.join()).toContain(text);
  expect(makeKind('query', { extraArgs, httpConfig: TLS }).warnings.join()).not.toContain(text);
});

describe('the CA', () => {
  const store = (ca: S3Ca, tls: HttpTlsOptions) => () =>
    make((scope) => {
      const objstore = bucket(scope, { ca });
      return new StoreGateway(scope, 'Store', { objstore, httpConfig: HttpConfig.tls(tls) });
    });
  const text = S3Ca.fromPem(ECDSA_CA);

  it.each<[string, S3Ca, HttpTlsOptions, string]>([
    ['the same text', text, { certificate: CERTIFICATE, ca: TlsCa.fromPem(ECDSA_CA) }, 'ca: is the CA'],
    ['the same Secret', S3Ca.fromSecretName('http'), { certificate: CERTIFICATE }, 'ca: is the CA'],
    [
      'a Secret of keys',
      text,
      { certificate: TlsCertificate.fromSecretName('thanos-s3-credentials') },
      'certificate: is the S3 keys',
    ],
  ])('is not the bucket’s: %s', (_, ca, tls, said) => {
    expect(store(ca, tls)).toThrow(`test/Store: httpConfig: ${said} of the bucket`);
  });

  it('is one of its own otherwise', () => {
    expect(store(text, { certificate: CERTIFICATE, ca: TlsCa.fromPem(SECOND_CA) })).not.toThrow();
  });

  it('that ends soon is told', () => {
    const app = new App();
    const scope = new Chart(app, 'test', { disableResourceNameHashes: true });
    const soon = rsaCa({ notBefore: new Date('2026-01-01'), notAfter: new Date('2026-06-10') });
    const ca = TlsCa.fromPem(soon, { validAt: VALID_AT });
    new Query(scope, 'Query', { httpConfig: HttpConfig.tls({ certificate: CERTIFICATE, ca }) });
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    app.synthYaml();
    expect(written.mock.calls.join()).toMatch(/test\/Query: httpConfig: ca: .*expires/);
    written.mockRestore();
  });
});

describe('errors', () => {
  it.each<[string, () => unknown, string]>([
    ['a text', () => 'web', 'is "web", not an HttpConfig; write HttpConfig.tls({ certificate })'],
    ['a Secret', () => HttpConfig.fromSecretName('A_b'), '"A_b" is not an object name'],
    ['a key', () => HttpConfig.fromSecretName('web', { key: 'a/b' }), 'key: "a/b" is not a key'],
    ['no certificate', () => HttpConfig.tls({} as never), 'certificate: is missing. Give TlsCertificate.from'],
    [
      'a misspelt field',
      () => HttpConfig.tls({ certificate: CERTIFICATE, serverNames: 'a' } as never),
      'has no field "serverNames"; did you mean "serverName"?',
    ],
    [
      'no certificate for the file',
      () => HttpConfig.fromSecretName('web', { tls: {} as never }),
      'tls: certificate: is missing',
    ],
    [
      'a password in its place',
      () => HttpConfig.fromSecretName('web', { basicAuth: { secretName: 'a', password: 'x' } as never }),
      'basicAuth: has no field "password"; did you mean "passwordKey"?',
    ],
    [
      'a user without Secret',
      () => HttpConfig.fromSecretName('web', { basicAuth: {} as never }),
      'basicAuth: secretName: is missing. Give the name of a Secret',
    ],
    [
      "the bucket's CA",
      () => HttpConfig.tls({ certificate: CERTIFICATE, ca: S3Ca.fromPem(ECDSA_CA) as never }),
      "ca: is an S3Ca, the bucket's CA",
    ],
  ])('%s', (_, httpConfig, text) => {
    const made = () => quietly(() => new Query(chart(), 'Query', { httpConfig: httpConfig() as HttpConfig }));
    expect(made).toThrow(`cdk8s-thanos: test/Query: httpConfig: ${text}`);
  });
});
