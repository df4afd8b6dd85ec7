import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import {
  EndpointsFile,
  type GrpcTlsOptions,
  type ImageOptions,
  ObjstoreConfig,
  Query,
  type QueryOptions,
  ReceiveRouter,
  Receiver,
  S3Ca,
  S3Credentials,
  StoreGateway,
  ThanosTesting,
  ThanosStack,
  type ThanosStackProps,
  TlsCa,
  TlsCertificate,
} from '../../src/index';
import { ECDSA_CA, EXPIRED_CA, LEAF, rsaCa, SECOND_CA, VALID_AT } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';
import { args, flag } from '../stack/arguments';
import { objects, OBJSTORE, stack, synth } from '../stack/stacks';
import { make, quietly } from './made';

const CERTIFICATE = TlsCertificate.fromSecretName('grpc');
const TLS: GrpcTlsOptions = { certificate: CERTIFICATE };
const HEADLESS = 'monitoring.svc.cluster.local';

function podOf(all: Json[], kind: string, name: string): Json {
  return find(all, kind, name).spec.template;
}

function asked(all: Json[]): Json {
  return parse(flag(all, 'thanos-query', '--endpoint.sd-config')[0]);
}

it('every part of a stack serves gRPC over TLS and lets in clients of the CA alone', () => {
  const all = objects({ grpcTls: TLS });
  for (const part of ['receiver', 'receive-router', 'store', 'ruler', 'query'])
    expect(args(all, `thanos-${part}`)).toEqual(
      expect.arrayContaining([
        '--grpc-server-tls-cert=/etc/thanos/grpc-tls/tls.crt',
        '--grpc-server-tls-key=/etc/thanos/grpc-tls/tls.key',
        '--grpc-server-tls-client-ca=/etc/thanos/grpc-tls/ca.crt',
      ]),
    );
  for (const part of ['compactor', 'query-frontend', 'bucket-web'])
    expect(JSON.stringify(all.find(({ metadata }) => metadata.name === `thanos-${part}`))).not.toContain('grpc-tls');
});

it('what is asked is asked by the name in its certificate, not by the address that a lookup gives', () => {
  const all = objects({ grpcTls: TLS, query: { endpoints: ['dnssrvnoa+_grpc._tcp.sidecar.other'] } });
  expect(asked(all)).toEqual({
    default_client_config: {
      tls_config: {
        enabled: true,
        ca_file: '/etc/thanos/grpc-tls/ca.crt',
        cert_file: '/etc/thanos/grpc-tls/tls.crt',
        key_file: '/etc/thanos/grpc-tls/tls.key',
      },
    },
    endpoints: [
      { address: `dnssrvnoa+_grpc._tcp.thanos-receiver-headless.${HEADLESS}` },
      { address: `dnssrvnoa+_grpc._tcp.thanos-store-headless.${HEADLESS}` },
      { address: `dnssrvnoa+_grpc._tcp.thanos-ruler-headless.${HEADLESS}` },
      { address: 'dnssrvnoa+_grpc._tcp.sidecar.other' },
    ],
  });
});

it('with a name that all certificates have, addresses stay as they are', () => {
  const all = objects({ grpcTls: { ...TLS, serverName: 'parts' } });
  expect(asked(all).default_client_config.server_name).toBe('parts');
  expect(asked(all).endpoints[0]).toEqual({ address: `dnssrv+_grpc._tcp.thanos-receiver-headless.${HEADLESS}` });
});

it('a group is asked by the name of its Service', () => {
  const all = objects({ grpcTls: TLS, query: { groupReplicas: true } });
  expect(asked(all).endpoints[1]).toEqual({
    address: `dnssrv+_grpc._tcp.thanos-store-headless.${HEADLESS}`,
    group: true,
    client_config: { server_name: `thanos-store-headless.${HEADLESS}` },
  });
});

it('what is said of a source in endpointOptions leaves it asked by name', () => {
  const address = `dnssrv+_grpc._tcp.thanos-ruler-headless.${HEADLESS}`;
  const all = objects({ grpcTls: TLS, query: { endpointOptions: [{ address }] } });
  expect(asked(all).endpoints.map((one: Json) => one.address)).toEqual(
    ['receiver', 'store', 'ruler'].map((part) => `dnssrvnoa+_grpc._tcp.thanos-${part}-headless.${HEADLESS}`),
  );
});

describe('flags say it', () => {
  const FLAGS = [
    '--grpc-client-tls-secure',
    '--grpc-client-tls-cert=/etc/thanos/grpc-tls/tls.crt',
    '--grpc-client-tls-key=/etc/thanos/grpc-tls/tls.key',
    '--grpc-client-tls-ca=/etc/thanos/grpc-tls/ca.crt',
    '--grpc-client-server-name=parts',
  ];
  const grpcTls = { ...TLS, serverName: 'parts' };
  it.each<[string, QueryOptions, ImageOptions | undefined]>([
    ['of a Thanos whose list of endpoints does not know TLS', {}, { tag: 'v0.41.0' }],
    ['beside a list of your own', { endpointsFile: EndpointsFile.fromConfigMapName('mine') }, undefined],
  ])('%s', (_, query, image) => {
    const all = objects({ grpcTls, query: { ...query, groupReplicas: true }, image });
    expect(args(all, 'thanos-query')).toEqual(expect.arrayContaining(FLAGS));
    expect(args(all, 'thanos-query').join()).not.toContain('default_client_config');
  });

  it('and then a group needs a name that all have', () => {
    expect(() => stack({ grpcTls: TLS, query: { groupReplicas: true }, image: { tag: 'v0.41.0' } })).toThrow(
      'thanos/Query: grpcTls: serverName: is missing. A group is asked by one name',
    );
  });
});

it('without mutual TLS a server looks at no certificate of its clients, and has no CA', () => {
  const all = objects({ grpcTls: { ...TLS, mutual: false } });
  expect(flag(all, 'thanos-store', '--grpc-server-tls-client-ca')).toEqual([]);
  const [store, query] = [podOf(all, 'StatefulSet', 'thanos-store'), podOf(all, 'Deployment', 'thanos-query')];
  const keys = ({ spec }: Json): string[] =>
    spec.volumes.find(({ name }: Json) => name === 'grpc-tls').secret.items.map(({ key }: Json) => key);
  expect(keys(store)).toEqual(['tls.crt', 'tls.key']);
  expect(keys(query)).toEqual(['tls.crt', 'tls.key', 'ca.crt']);
});

it('a part that only ingests asks nobody', () => {
  const { args: told } = make((scope) => new Receiver(scope, 'Receiver', { ingestOnly: true, grpcTls: TLS }));
  expect(told.join()).not.toContain('--remote-write.client');
});

describe('a CA that changes', () => {
  const template = (grpcTls: GrpcTlsOptions): Json => podOf(objects({ grpcTls }), 'StatefulSet', 'thanos-store');
  const checksum = (grpcTls: GrpcTlsOptions): string | undefined =>
    template(grpcTls).metadata.annotations['checksum/grpc-ca'];

  it('rolls the pods where synth sees it', () => {
    const one = checksum({ ...TLS, ca: TlsCa.fromPem(SECOND_CA) });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum({ ...TLS, ca: TlsCa.fromPem(SECOND_CA + rsaCa()) })).not.toBe(one);
  });

  it('rolls them where its revision changes', () => {
    const revised = (revision: string) => checksum({ ...TLS, ca: TlsCa.fromSecretName('ca', { revision }) });
    expect(revised('1')).not.toBe(revised('2'));
    const inSecret = (revision: string) =>
      checksum({ certificate: TlsCertificate.fromSecretName('grpc', { revision }) });
    expect(inSecret('1')).not.toBe(inSecret('2'));
  });

  it('rolls nothing where nobody tells', () => {
    expect(checksum(TLS)).toBeUndefined();
    expect(checksum({ ...TLS, ca: TlsCa.fromConfigMapName('ca') })).toBeUndefined();
  });
});

describe('the two CAs', () => {
  it('stay apart: that of the parts in the pods that speak gRPC, that of the bucket in those that open it', () => {
    const chart = stack({ grpcTls: { ...TLS, ca: TlsCa.fromPem(SECOND_CA) } });
    const all = synth(chart);
    ThanosTesting.expectCaOnlyIn(chart.node.root as App, [
      ...['thanos-receiver', 'thanos-compactor', 'thanos-store', 'thanos-ruler', 'thanos-bucket-web'],
    ]);
    for (const { kind, metadata, spec } of all.filter((one) => ['StatefulSet', 'Deployment'].includes(one.kind))) {
      const text = JSON.stringify(spec);
      const grpc = ['receiver', 'receive-router', 'store', 'ruler', 'query'].some(
        (part) => metadata.name === `thanos-${part}`,
      );
      expect([kind, metadata.name, text.includes('grpc-ca')]).toEqual([kind, metadata.name, grpc]);
    }
    expect(find(all, 'ConfigMap', 'thanos-objstore-config').data['objstore.yml']).not.toContain('grpc');
    for (const { data } of all.filter(({ metadata }) => /-grpc-ca$/.test(metadata.name)))
      expect(data).toEqual({ 'ca.crt': SECOND_CA });
  });

  const bucketCa = (ca: S3Ca): Partial<ThanosStackProps> => ({ objstore: { ...OBJSTORE, ca } });
  it.each<[string, Partial<ThanosStackProps>, GrpcTlsOptions]>([
    ['the same text', {}, { ...TLS, ca: TlsCa.fromPem(ECDSA_CA) }],
    ['a root in common', {}, { ...TLS, ca: TlsCa.fromPem(SECOND_CA + ECDSA_CA) }],
    ['the Secret that is made of it', {}, { ...TLS, ca: TlsCa.fromSecretName('thanos-s3-ca-cert') }],
    [
      'the same Secret',
      bucketCa(S3Ca.fromSecretName('ca')),
      { ...TLS, ca: TlsCa.fromSecretName('ca', { key: 'other' }) },
    ],
    ['the same ConfigMap', bucketCa(S3Ca.fromConfigMapName('ca')), { ...TLS, ca: TlsCa.fromConfigMapName('ca') }],
    ['the CA beside the certificate', bucketCa(S3Ca.fromSecretName('grpc')), TLS],
  ])('are never one: %s', (_, props, grpcTls) => {
    const only = { receiver: undefined, receiveRouter: undefined, ruler: undefined, query: undefined };
    expect(() => objects({ ...props, ...only, queryFrontend: undefined, grafana: undefined, grpcTls })).toThrow(
      /thanos\/StoreGateway: grpcTls: ca: is the CA of the bucket \((Secret|ConfigMap) [\w-]+, given to "thanos\/Objstore(\/Ca)?"\). The parts need one of their own/,
    );
  });

  it('are known by their type', () => {
    const ca = S3Ca.fromPem(ECDSA_CA) as unknown as TlsCa;
    expect(() => stack({ grpcTls: { ...TLS, ca } })).toThrow("thanos: grpcTls: ca: is an S3Ca, the bucket's CA");
  });

  it("the bucket's keys are no certificate either", () => {
    const certificate = TlsCertificate.fromSecretName('thanos-s3-credentials');
    expect(() => objects({ storeGateway: { grpcTls: { certificate } } })).toThrow(
      'thanos/StoreGateway: grpcTls: certificate: is the S3 keys of the bucket',
    );
  });
});

describe('half of it is an error', () => {
  const half = (props: Partial<ThanosStackProps>) => () => objects(props);
  it.each<[string, () => unknown, string]>([
    [
      'a Query that does not speak what it asks',
      half({ storeGateway: { grpcTls: TLS } }),
      'thanos/Query: grpcTls: is missing, but the part asks thanos/StoreGateway, which serves TLS. Give grpcTls to both',
    ],
    [
      'a Query alone',
      half({ query: { grpcTls: TLS } }),
      'thanos/StoreGateway: grpcTls: is missing, but the part is asked by thanos/Query over TLS',
    ],
    [
      'a router alone',
      half({ receiveRouter: { grpcTls: TLS } }),
      'thanos/Receiver: grpcTls: is missing, but the part is asked by thanos/ReceiveRouter over TLS',
    ],
  ])('%s', (_, synthesize, text) => expect(synthesize).toThrow(text));

  describe('at an address', () => {
    const asking = (address: string, namespace = 'monitoring') => {
      const app = chart();
      new StoreGateway(app, 'Store', { grpcTls: { ...TLS, mutual: false }, objstore: bucketOf(app) });
      new Query(app, 'Query', { endpoints: [address], namespace });
      return () => quietly(() => render(app));
    };

    it.each([
      'dnssrv+_grpc._tcp.thanos-store.monitoring.svc.cluster.local',
      'thanos-store.monitoring.svc.cluster.local.:10901',
      'thanos-store.monitoring:10901',
      'dns+thanos-store:10901',
      'thanos-store-0.thanos-store-headless:10901',
    ])('%s', (address) =>
      expect(asking(address)).toThrow('test/Query: grpcTls: is missing, but the part asks test/Store'),
    );

    it.each([
      ['thanos-store.other:10901', 'monitoring'],
      ['thanos-store:10901', 'other'],
      ['thanos-store.monitoring.svc.other.domain:10901', 'monitoring'],
      ['thanos-store.monitoring.example.com:10901', 'monitoring'],
      ['10.0.0.1:10901', 'monitoring'],
    ])('but not at %s, as namespace %s sees it', (address, namespace) =>
      expect(asking(address, namespace)).not.toThrow(),
    );
  });

  it('unless flags say it', () => {
    const extraArgs = ['--grpc-client-tls-secure', '--grpc-client-tls-ca=/ca.crt'];
    const of = (more: string[]) => () => {
      const app = chart();
      const store = new StoreGateway(app, 'Store', { grpcTls: { ...TLS, mutual: false }, objstore: bucketOf(app) });
      new Query(app, 'Query', { sources: [store], extraArgs: more });
      return quietly(() => render(app));
    };
    expect(of(extraArgs)).not.toThrow();
    expect(of([])).toThrow('test/Query: grpcTls: is missing');
  });

  it('two parts without it are nobody’s business', () => {
    expect(half({ query: { extraArgs: ['--grpc-client-tls-secure'] } })).not.toThrow();
  });
});

describe('errors', () => {
  it.each<[string, object, string]>([
    ['no certificate', {}, 'certificate: is missing. Give TlsCertificate.fromSecretName'],
    ['a text', { certificate: 'grpc' }, 'certificate: is "grpc", not a TlsCertificate'],
    ['a misspelt field', { ...TLS, mutal: true }, 'has no field "mutal"; did you mean "mutual"?'],
    ['a switch as text', { ...TLS, mutual: 'false' }, 'mutual: is "false"; it must be true or false'],
    ['a server name with a port', { ...TLS, serverName: 'a:1' }, 'serverName: "a:1" is not a DNS domain'],
    ['a CA that is none', { ...TLS, ca: 'x' }, 'ca: is "x", not a TlsCa'],
    ['a server certificate as CA', { ...TLS, ca: TlsCa.fromPem(LEAF) }, 'ca: '],
    ['an expired CA', { ...TLS, ca: TlsCa.fromPem(EXPIRED_CA, { validAt: VALID_AT }) }, 'ca: '],
    ['a file that is not there', { ...TLS, ca: TlsCa.fromFile('/no/ca.crt') }, 'ca: the file "/no/ca.crt"'],
    ['a Secret name', { certificate: TlsCertificate.fromSecretName('A_b') }, 'certificate: "A_b" is not'],
    [
      'one key for both',
      { certificate: TlsCertificate.fromSecretName('a', { certificateKey: 'x', privateKeyKey: 'x' }) },
      'certificate: certificateKey and privateKeyKey are both "x"',
    ],
    ['a private key as CA', { ...TLS, ca: TlsCa.fromSecretName('a', { key: 'tls.key' }) }, 'ca: key: key "tls.key"'],
  ])('%s', (_, grpcTls, text) => {
    const make = () => new Query(chart(), 'Query', { grpcTls: grpcTls as GrpcTlsOptions });
    expect(make).toThrow(`test/Query: grpcTls: ${text}`);
  });

  it('an image that can not hand writes on over TLS', () => {
    const rings = [{ endpoints: ['a:10901'] }];
    const image = { tag: 'v0.34.0' };
    expect(() => new ReceiveRouter(chart(), 'Router', { rings, image, grpcTls: TLS })).toThrow(
      'test/Router: image: is Thanos 0.34, but "--remote-write.client-tls-secure" needs 0.35 or newer',
    );
  });
});

it('a CA that ends soon is told', () => {
  const app = new App();
  const scope = new Chart(app, 'test', { disableResourceNameHashes: true });
  const soon = rsaCa({ notBefore: new Date('2026-01-01'), notAfter: new Date('2026-06-10') });
  new Query(scope, 'Query', { grpcTls: { ...TLS, ca: TlsCa.fromPem(soon, { validAt: VALID_AT }) } });
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  app.synthYaml();
  expect(written.mock.calls.join()).toMatch(/test\/Query: grpcTls: ca: .*expires/);
  written.mockRestore();
});

it('a stack that is taken apart keeps one CA in each part', () => {
  const made = new ThanosStack(new App(), 'thanos', {
    receiver: {},
    grpcTls: { ...TLS, ca: TlsCa.fromPem(SECOND_CA) },
  });
  expect(synth(made).filter(({ metadata }) => /grpc-ca$/.test(metadata.name))).toHaveLength(1);
});

function bucketOf(scope: Chart): ObjstoreConfig {
  const credentials = S3Credentials.fromSecretName('keys');
  return new ObjstoreConfig(scope, 'Objstore', { bucket: 'thanos', endpoint: 'a:9000', credentials });
}
