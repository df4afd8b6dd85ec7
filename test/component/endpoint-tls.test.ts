import { parse } from 'yaml';
import {
  type EndpointOptions,
  EndpointsFile,
  Query,
  type QueryOptions,
  StoreGateway,
  TlsCa,
  TlsCertificate,
} from '../../src/index';
import { ECDSA_CA, rsaCa, SECOND_CA } from '../fixtures/certificates';
import { chart, find, type Json } from '../render';
import { objects } from '../stack/stacks';
import { bucket, make, type Made } from './made';

const grpcTls = { certificate: TlsCertificate.fromSecretName('grpc') };

function queryWith(endpointOptions: EndpointOptions[], more: QueryOptions = {}): Made<Query> {
  return make((scope) => new Query(scope, 'Query', { endpointOptions, ...more }));
}

function asked(made: Made<Query>): Json {
  return parse(made.flag('--endpoint.sd-config')[0]);
}

function volume({ pod }: Made<Query>): Json {
  return pod.volumes?.find(({ name }: Json) => name === 'endpoint-tls')?.projected;
}

it('each endpoint is asked as is said of it, the others as grpcTls says', () => {
  const made = queryWith(
    [
      { address: 'east:443', tls: { ca: TlsCa.fromSecretName('east', { key: 'root.pem' }), serverName: 'q.example' } },
      {
        address: 'west:443',
        tls: { ca: TlsCa.fromPem(SECOND_CA), certificate: TlsCertificate.fromSecretName('for-west') },
      },
      { address: 'dns+south:443', group: true, tls: {} },
      { address: 'inside:10901', plainText: true },
    ],
    { grpcTls, endpoints: ['near:10901'] },
  );
  const own = { cert_file: '/etc/thanos/grpc-tls/tls.crt', key_file: '/etc/thanos/grpc-tls/tls.key' };
  const folder = '/etc/thanos/endpoint-tls';
  const { 'endpoint-ca': ca } = { 'endpoint-ca': find(made.objects, 'ConfigMap', 'thanos-query-endpoint-ca') };
  const [text] = Object.keys(ca.data);
  expect(asked(made).endpoints).toEqual([
    { address: 'near:10901' },
    {
      address: 'east:443',
      client_config: {
        tls_config: { enabled: true, ca_file: `${folder}/secret-east/root.pem`, ...own },
        server_name: 'q.example',
      },
    },
    {
      address: 'west:443',
      client_config: {
        tls_config: {
          enabled: true,
          ca_file: `${folder}/${text}`,
          cert_file: `${folder}/secret-for-west/tls.crt`,
          key_file: `${folder}/secret-for-west/tls.key`,
        },
      },
    },
    { address: 'dns+south:443', group: true, client_config: { tls_config: { enabled: true, ...own } } },
    { address: 'inside:10901', client_config: { tls_config: { enabled: false } } },
  ]);
  expect(ca.data).toEqual({ [text]: SECOND_CA });
  expect(volume(made)).toEqual({
    defaultMode: 0o440,
    sources: [
      { secret: { name: 'east', items: [{ key: 'root.pem', path: 'secret-east/root.pem' }] } },
      { configMap: { name: 'thanos-query-endpoint-ca', items: [{ key: text, path: text }] } },
      {
        secret: {
          name: 'for-west',
          items: ['tls.crt', 'tls.key'].map((key) => ({ key, path: `secret-for-west/${key}` })),
        },
      },
    ],
  });
  expect(made.container.volumeMounts).toContainEqual({ name: 'endpoint-tls', mountPath: folder, readOnly: true });
});

it('without grpcTls the endpoint is shown no certificate', () => {
  const made = queryWith([{ address: 'east:443', tls: {} }]);
  expect(asked(made)).toEqual({
    endpoints: [{ address: 'east:443', client_config: { tls_config: { enabled: true } } }],
  });
  expect(volume(made)).toBeUndefined();
});

it('one CA of many endpoints is one file', () => {
  const tls = { ca: TlsCa.fromPem(SECOND_CA) };
  const made = queryWith(['a:1', 'b:1'].map((address) => ({ address, tls })));
  expect(volume(made).sources).toHaveLength(1);
  expect(volume(made).sources[0].configMap.items).toHaveLength(1);
});

it('a list in a file stays right for the pods that run: a path is that of the CA alone', () => {
  const endpointsFile = EndpointsFile.generated();
  const [a, b] = [SECOND_CA, rsaCa()].map((pem, i) => ({ address: `${i}:1`, tls: { ca: TlsCa.fromPem(pem) } }));
  const paths = (list: EndpointOptions[]) => {
    const made = queryWith(list, { endpointsFile });
    const { data } = find(made.objects, 'ConfigMap', 'thanos-query-endpoints');
    const { endpoints } = parse(data['endpoints.yml']);
    return Object.fromEntries(endpoints.map((e: Json) => [e.address, e.client_config.tls_config.ca_file]));
  };
  expect(paths([a, b])).toEqual(paths([b, a]));
});

describe('a CA that changes rolls the pods', () => {
  const checksum = (ca: TlsCa): string | undefined =>
    queryWith([{ address: 'a:1', tls: { ca } }]).template.metadata.annotations?.['checksum/endpoint-ca'];

  it('where synth sees it, or is told', () => {
    expect(checksum(TlsCa.fromPem(SECOND_CA))).not.toBe(checksum(TlsCa.fromPem(rsaCa())));
    const revised = (revision: string) => checksum(TlsCa.fromSecretName('a', { revision }));
    expect(revised('1')).not.toBe(revised('2'));
    expect(checksum(TlsCa.fromSecretName('a'))).toBeUndefined();
  });
});

it("the bucket's CA is never given to a Query as another cluster's", () => {
  const tls = (ca: TlsCa) => () => objects({ query: { endpointOptions: [{ address: 'a:1', tls: { ca } }] } });
  const refused = 'thanos/Query: endpointOptions: ca: is the CA of the bucket (Secret thanos-s3-ca-cert, given to';
  expect(tls(TlsCa.fromPem(ECDSA_CA))).toThrow(refused);
  expect(tls(TlsCa.fromSecretName('thanos-s3-ca-cert'))).toThrow(refused);
});

describe('errors', () => {
  const ca = TlsCa.fromSecretName('a');
  it.each<[string, object, QueryOptions, string]>([
    [
      'both',
      { tls: { ca }, plainText: true },
      {},
      'endpointOptions: [0]: plainText: excludes tls; drop one of the two',
    ],
    [
      'what is looked up',
      { address: 'dnssrv+a', tls: { ca } },
      {},
      'endpointOptions: [0]: tls: "dnssrv+a" is looked up, and Thanos asks what it finds as grpcTls says. Give "host:port", or set group',
    ],
    [
      'what is looked up, in the clear',
      { address: 'dns+a:1', plainText: true },
      { grpcTls },
      'endpointOptions: [0]: plainText: "dns+a:1" is looked up',
    ],
    [
      'an older Thanos',
      { tls: { ca } },
      { image: { tag: 'v0.41.0' } },
      'endpoints: tls of "a:1" in endpointOptions needs Thanos 0.42 or newer',
    ],
    [
      'a file of your own',
      { plainText: true },
      { endpointsFile: EndpointsFile.fromConfigMapName('mine') },
      'endpoints: plainText of "a:1" in endpointOptions is not told beside a ConfigMap of your own; put that endpoint into it',
    ],
    [
      'a certificate of an issuer',
      { tls: { certificate: TlsCertificate.fromIssuer('parts') } },
      {},
      'endpointOptions: [0]: tls: certificate: is made by an issuer',
    ],
  ])('%s', (_, options, more, text) => {
    const endpoint = { address: 'a:1', ...options } as EndpointOptions;
    expect(() => new Query(chart(), 'Query', { endpointOptions: [endpoint], ...more })).toThrow(`test/Query: ${text}`);
  });

  it('of a source of the app', () => {
    const scope = chart();
    const store = new StoreGateway(scope, 'Store', { objstore: bucket(scope) });
    const endpointOptions = [{ address: store.storeApiAddress, group: true, tls: {} }];
    expect(() => new Query(scope, 'Query', { sources: [store], endpointOptions })).toThrow(
      /test\/Query: endpoints: tls of "dnssrv\+.*" in endpointOptions is for StoreAPIs outside of the app; the sources are asked as grpcTls says/,
    );
  });
});

it('an endpoint that is told twice is refused: what is said first would be lost', () => {
  expect(() => queryWith([{ address: 'a:1', tls: {} }, { address: 'a:1' }])).toThrow(
    'endpointOptions: "a:1" appears twice; say in one what is to be said of it',
  );
});
