import { Chart } from 'cdk8s';
import { parse } from 'yaml';
import {
  CachingBucket,
  Grafana,
  HttpConfig,
  type HttpTlsOptions,
  Query,
  QueryFrontend,
  type QueryProps,
  Ruler,
  type RulerProps,
  StoreGateway,
  TlsCa,
  TlsCertificate,
} from '../../src/index';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';
import { flag } from '../stack/arguments';
import { objects, stack } from '../stack/stacks';
import { bucket, make, quietly } from './made';

const CERTIFICATE = TlsCertificate.fromSecretName('http');
const tls = (options: Partial<HttpTlsOptions> = {}) => HttpConfig.tls({ certificate: CERTIFICATE, ...options });
const login = (secretName = 'login', given?: HttpTlsOptions) =>
  HttpConfig.fromSecretName('web', { tls: given, basicAuth: { secretName, usernameKey: 'user', passwordKey: 'pw' } });
const QUERY = 'thanos-query.monitoring.svc.cluster.local';
const CA = '/etc/thanos/http-client/secret-http/ca.crt';

function volume(template: Json, name = 'http-client'): Json {
  return template.spec.volumes?.find((one: Json) => one.name === name);
}

describe('a query frontend', () => {
  const frontend = (httpConfig: HttpConfig, query: QueryProps = {}) =>
    make((scope) => {
      const downstream = new Query(scope, 'Query', { ...query, endpoints: ['a:1'], httpConfig });
      return new QueryFrontend(scope, 'Frontend', { downstream, downstreamHttp: { maxIdle: 7 } });
    });

  it('asks Query over HTTPS by the CA and the name of its certificate, and sees no key', () => {
    const made = frontend(tls());
    expect(made.flag('--query-frontend.downstream-url')).toEqual([`https://${QUERY}:10902`]);
    const [config] = made.flag('--query-frontend.downstream-tripper-config');
    expect(parse(config)).toEqual({ max_idle_conns: 7, tls_config: { ca_file: CA, server_name: QUERY } });
    const items = [{ key: 'ca.crt', path: 'secret-http/ca.crt' }];
    expect(volume(made.template)).toEqual({
      name: 'http-client',
      projected: { defaultMode: 0o440, sources: [{ secret: { name: 'http', items } }] },
    });
    expect(made.container.volumeMounts).toContainEqual({
      name: 'http-client',
      mountPath: '/etc/thanos/http-client',
      readOnly: true,
    });
  });

  it('rolls when a CA changes that synth sees', () => {
    const checksum = (pem: string) =>
      frontend(tls({ ca: TlsCa.fromPem(pem) })).template.metadata.annotations['checksum/http-ca'];
    expect(checksum(SECOND_CA)).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum(SECOND_CA)).not.toBe(checksum(ECDSA_CA));
    const made = frontend(tls({ ca: TlsCa.fromPem(SECOND_CA), serverName: 'parts' }));
    const [{ configMap }] = volume(made.template).projected.sources;
    expect(find(made.objects, 'ConfigMap', configMap.name).data).toEqual({ [configMap.items[0].key]: SECOND_CA });
    expect(made.flag('--query-frontend.downstream-tripper-config')[0]).toContain('server_name: "parts"');
  });

  it('asks what serves plain HTTP as ever', () => {
    const made = frontend(HttpConfig.plain());
    expect(made.flag('--query-frontend.downstream-url')).toEqual([`http://${QUERY}:10902`]);
    expect(volume(made.template)).toBeUndefined();
  });

  it('has no password to give', () => {
    const text =
      'test/Frontend: downstream: has an httpConfig that asks for a password, and a frontend has none to give. Give that Query an httpConfig without basicAuth';
    expect(() => frontend(login())).toThrow(text);
    expect(() => stack({ httpConfig: login() })).toThrow(text.replace('test/Frontend', 'thanos/QueryFrontend'));
    expect(() => objects({ httpConfig: login(), query: { httpConfig: tls() } })).not.toThrow();
  });
});

describe('a ruler', () => {
  const ruler = (of: (scope: Chart) => Partial<RulerProps>) =>
    make((scope) => new Ruler(scope, 'Ruler', { alertmanagers: ['http://a:1'], ...of(scope) }));
  const query = (scope: Chart, instance: string, httpConfig?: HttpConfig, props: QueryProps = {}) =>
    new Query(scope, instance, { instance, endpoints: ['a:1'], httpConfig, ...props });

  it('asks each Query as its HTTP port wants it', () => {
    const made = ruler((scope) => ({
      queryApis: [
        query(scope, 'secured', tls()),
        query(scope, 'locked', login('one', { certificate: CERTIFICATE, ca: TlsCa.fromConfigMapName('parts') })),
        query(scope, 'other', login('two'), { web: { routePrefix: '/thanos' } }),
        query(scope, 'open'),
      ],
      queries: ['q:1', 'https://outside/prefix', 'dnssrv+_http._tcp.q'],
    }));
    expect(made.flag('--query')).toEqual([]);
    // the kubelet leaves $$( as $(, which Thanos fills in
    const [config] = made.flag('--query.config').map((one) => one.replaceAll('$$(', '$('));
    const at = (name: string) => `dnssrv+_http._tcp.${name}-query.monitoring.svc.cluster.local`;
    const named = (name: string) => `${name}-query.monitoring.svc.cluster.local`;
    const client = '/etc/thanos/http-client';
    expect(parse(config)).toEqual([
      {
        http_config: { tls_config: { ca_file: CA, server_name: named('secured') } },
        static_configs: [at('secured')],
        scheme: 'https',
      },
      {
        http_config: {
          tls_config: { ca_file: `${client}/configmap-parts/ca.crt`, server_name: named('locked') },
          basic_auth: { username: '$(HTTP_USER)', password_file: `${client}/secret-one/pw` },
        },
        static_configs: [at('locked')],
        scheme: 'https',
      },
      {
        http_config: { basic_auth: { username: '$(HTTP_USER_2)', password_file: `${client}/secret-two/pw` } },
        static_configs: [at('other')],
        scheme: 'http',
        path_prefix: 'thanos',
      },
      { static_configs: [at('open')], scheme: 'http' },
      { static_configs: ['q:1'], scheme: 'http' },
      { static_configs: ['outside'], scheme: 'https', path_prefix: 'prefix' },
      { static_configs: ['dnssrv+_http._tcp.q'], scheme: 'http' },
    ]);
    const user = (name: string, secret: string) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key: 'user' } },
    });
    expect(made.container.env).toEqual(expect.arrayContaining([user('HTTP_USER', 'one'), user('HTTP_USER_2', 'two')]));
    expect(volume(made.template).projected.sources).toEqual([
      { secret: { name: 'http', items: [{ key: 'ca.crt', path: 'secret-http/ca.crt' }] } },
      { configMap: { name: 'parts', items: [{ key: 'ca.crt', path: 'configmap-parts/ca.crt' }] } },
      { secret: { name: 'one', items: [{ key: 'pw', path: 'secret-one/pw' }] } },
      { secret: { name: 'two', items: [{ key: 'pw', path: 'secret-two/pw' }] } },
    ]);
  });

  it('of a stack asks the Query of the stack so', () => {
    const config = (props: Parameters<typeof objects>[0]) =>
      parse(flag(objects(props), 'thanos-ruler', '--query.config')[0]?.replaceAll('$$(', '$(') ?? '[]');
    expect(config({ httpConfig: tls() })).toMatchObject([{ scheme: 'https' }]);
    expect(config({ query: { httpConfig: login() }, queryFrontend: undefined })).toMatchObject([
      { http_config: { basic_auth: { username: '$(HTTP_USER)' } }, scheme: 'http' },
    ]);
    expect(config({ httpConfig: tls(), query: { httpConfig: HttpConfig.plain() } })).toEqual([]);
    expect(config({ httpConfig: tls(), ruler: { queries: ['mine:1'] } })).toEqual([]);
  });

  it('has its rules read again over HTTPS', () => {
    const reload = (httpConfig: HttpConfig) =>
      ruler(() => ({ queries: ['q:1'], httpConfig, ruleReload: {}, ruleConfigMaps: ['rules'] }));
    const [, reloader] = reload(tls()).pod.containers;
    expect(reloader.args).toContain('--reload-url=https://127.0.0.1:10902/-/reload');
    expect(() => reload(login())).toThrow(
      'test/Ruler: ruleReload: has no password to give, and httpConfig asks for one. Drop ruleReload',
    );
  });
});

describe('Grafana', () => {
  const source = (httpConfig: HttpConfig) => {
    const made = make((scope) => {
      const datasource = new Query(scope, 'Query', { endpoints: ['a:1'], httpConfig });
      return new Grafana(scope, 'Grafana', { datasource });
    });
    const { data } = find(made.objects, 'ConfigMap', 'grafana-datasources');
    return { made, source: parse(data['thanos.yaml']).datasources[0] };
  };

  it('asks over HTTPS by the CA of the parts', () => {
    const { made, source: given } = source(tls());
    expect(given).toMatchObject({
      url: `https://${QUERY}:10902`,
      jsonData: { prometheusType: 'Thanos', httpMethod: 'POST', tlsAuthWithCACert: true, serverName: QUERY },
      secureJsonData: { tlsCACert: `$__file{${CA}}` },
    });
    expect(given).not.toHaveProperty('basicAuth');
    expect(made.container.volumeMounts).toContainEqual({
      name: 'http-client',
      mountPath: '/etc/thanos/http-client',
      readOnly: true,
    });
    expect(volume(made.template).projected.sources[0].secret.name).toBe('http');
  });

  it('logs in by a Secret', () => {
    const { made, source: given } = source(login());
    expect(given).toMatchObject({
      url: `http://${QUERY}:10902`,
      basicAuth: true,
      basicAuthUser: '$HTTP_USER',
      secureJsonData: { basicAuthPassword: '$__file{/etc/thanos/http-client/secret-login/pw}' },
    });
    expect(made.container.env).toContainEqual({
      name: 'HTTP_USER',
      valueFrom: { secretKeyRef: { name: 'login', key: 'user' } },
    });
  });

  it('is as ever before plain HTTP', () => {
    const plain = find(objects({}), 'ConfigMap', 'grafana-datasources').data;
    expect(plain).toEqual(find(objects({ httpConfig: HttpConfig.plain() }), 'ConfigMap', 'grafana-datasources').data);
    expect(plain['thanos.yaml']).not.toContain('secureJsonData');
  });
});

it('groupcache speaks plain HTTP alone', () => {
  const store = (httpConfig: HttpConfig, cachingBucket = CachingBucket.groupcache()) =>
    make((scope) => new StoreGateway(scope, 'Store', { objstore: bucket(scope), httpConfig, cachingBucket }));
  const text = 'test/Store: cachingBucket: is groupcache, whose pods ask each other over plain HTTP without a password';
  expect(() => store(tls())).toThrow(text);
  expect(() => store(login())).toThrow(text);
  expect(() => store(HttpConfig.plain())).not.toThrow();
  expect(() => store(tls(), CachingBucket.inMemory())).not.toThrow();
});

describe('over namespaces', () => {
  const apart = (httpConfig: HttpConfig) => () => {
    const scope = chart();
    const downstream = new Query(scope, 'Query', { namespace: 'other', endpoints: ['a:1'], httpConfig });
    new QueryFrontend(scope, 'Frontend', { downstream, namespace: 'mine' });
    return quietly(() => render(scope));
  };

  it('the Secret of an issuer is where its part is, and nowhere else', () => {
    const certificate = TlsCertificate.fromIssuer('parts');
    expect(apart(tls({ certificate }))).toThrow(
      'test/Frontend: downstream: lies in namespace "other", and so does the Secret with its CA, which an issuer makes. Give ca to its httpConfig',
    );
    expect(apart(tls({ certificate, ca: TlsCa.fromPem(SECOND_CA) }))).not.toThrow();
  });

  it('a Secret that exists is looked up where the asking part is', () => {
    expect(apart(tls())).not.toThrow();
  });
});

it('the CA of who is asked is not the bucket’s, where the asking part lies', () => {
  const made = () =>
    make((scope) => {
      const objstore = bucket(scope, { namespace: 'mine' });
      const query = new Query(scope, 'Query', {
        namespace: 'other',
        endpoints: ['a:1'],
        httpConfig: tls({ ca: TlsCa.fromSecretName('thanos-s3-ca-cert') }),
      });
      return new Ruler(scope, 'Ruler', { objstore, queryApis: [query], alertmanagers: ['http://a:1'] });
    });
  expect(made).toThrow('test/Ruler: queryApis: ca: is the CA of the bucket');
});
