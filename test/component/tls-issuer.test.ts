import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { Query, TlsCa, TlsCertificate, type TlsIssuerOptions } from '../../src/index';
import { SECOND_CA } from '../fixtures/certificates';
import { chart, find, type Json } from '../render';
import { flag } from '../stack/arguments';
import { objects } from '../stack/stacks';

const PARTS = ['receiver', 'receive-router', 'store', 'ruler', 'query'];
const issued = (options: TlsIssuerOptions = {}) => ({ certificate: TlsCertificate.fromIssuer('parts', options) });

function certificates(all: Json[]): Json[] {
  return all.filter(({ kind }) => kind === 'Certificate');
}

function query(all: Json[]): Json {
  return find(all, 'Certificate', 'thanos-query-grpc-tls').spec;
}

it('each part has a certificate of its own, and mounts what cert-manager makes of it', () => {
  const all = objects({ grpcTls: issued() });
  expect(certificates(all).map(({ metadata }) => metadata.name)).toEqual(
    PARTS.map((part) => `thanos-${part}-grpc-tls`),
  );
  expect(find(all, 'Certificate', 'thanos-store-grpc-tls')).toEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name: 'thanos-store-grpc-tls',
      namespace: 'monitoring',
      labels: find(all, 'StatefulSet', 'thanos-store').spec.selector.matchLabels,
    },
    spec: {
      secretName: 'thanos-store-grpc-tls',
      issuerRef: { name: 'parts', kind: 'Issuer' },
      dnsNames: [
        'thanos-store.monitoring.svc.cluster.local',
        'thanos-store-headless.monitoring.svc.cluster.local',
        '*.thanos-store-headless.monitoring.svc.cluster.local',
      ],
      usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
    },
  });
  const { volumes } = find(all, 'StatefulSet', 'thanos-store').spec.template.spec;
  const { secret } = volumes.find(({ name }: Json) => name === 'grpc-tls');
  expect(secret.secretName).toBe('thanos-store-grpc-tls');
  expect(secret.items.map(({ key }: Json) => key)).toEqual(['tls.crt', 'tls.key', 'ca.crt']);
});

it('a part that others ask has each name by which they ask it', () => {
  const all = objects({ grpcTls: issued() });
  const names = new Set(certificates(all).flatMap(({ spec }) => spec.dnsNames));
  const asked = parse(flag(all, 'thanos-query', '--endpoint.sd-config')[0]).endpoints.map(
    ({ address }: Json) => /^dnssrvnoa\+_grpc\._tcp\.(.*)$/.exec(address)![1],
  );
  expect(asked).toHaveLength(3);
  // the pods of a headless Service, which its SRV record names
  for (const host of asked) expect([...names]).toEqual(expect.arrayContaining([host, `*.${host}`]));
  const rings: Json[] = JSON.parse(find(all, 'ConfigMap', 'thanos-receive-router-hashrings').data['hashrings.json']);
  const hosts = rings.flatMap(({ endpoints }) => endpoints.map((one: Json) => (one.address ?? one).split(':')[0]));
  for (const host of hosts) expect(names).toContain(host.replace(/^[^.]+/, '*'));
});

it('what is said of the issuer and the certificate reaches it', () => {
  const options = {
    ...{ kind: 'StepClusterIssuer', group: 'certmanager.step.sm', dnsNames: ['thanos.example.com', '*.example.com'] },
    ...{ duration: Duration.hours(36), renewBefore: Duration.minutes(90) },
  };
  const grpcTls = { ...issued(options), serverName: 'parts.example.com' };
  expect(query(objects({ grpcTls }))).toMatchObject({
    issuerRef: { name: 'parts', kind: 'StepClusterIssuer', group: 'certmanager.step.sm' },
    duration: '36h',
    renewBefore: '1h30m',
    dnsNames: ['thanos-query.monitoring.svc.cluster.local', 'parts.example.com', 'thanos.example.com', '*.example.com'],
  });
});

it('beside a CA that is given the one of the issuer is not mounted', () => {
  const all = objects({ grpcTls: { ...issued(), ca: TlsCa.fromPem(SECOND_CA) } });
  const { volumes } = find(all, 'Deployment', 'thanos-query').spec.template.spec;
  const { secret } = volumes.find(({ name }: Json) => name === 'grpc-tls');
  expect(secret.items.map(({ key }: Json) => key)).toEqual(['tls.crt', 'tls.key']);
});

it('a revision rolls the pods, of a CA that lies in the cluster', () => {
  const checksum = (revision: string): string =>
    find(objects({ grpcTls: issued({ revision }) }), 'Deployment', 'thanos-query').spec.template.metadata.annotations[
      'checksum/grpc-ca'
    ];
  expect(checksum('1')).not.toBe(checksum('2'));
});

describe('errors', () => {
  it.each<[string, string, object, string]>([
    ['the name of the issuer', 'A_b', {}, '"A_b" is not an object name'],
    ['a short life', 'a', { duration: Duration.minutes(30) }, 'duration: is 30m; cert-manager takes 1 hour at least'],
    ['a late renewal', 'a', { renewBefore: Duration.minutes(1) }, 'renewBefore: is 1m; cert-manager takes 5 minutes'],
    [
      'a renewal before the beginning',
      'a',
      { duration: Duration.hours(2), renewBefore: Duration.hours(2) },
      'renewBefore: is 2h, not less than the duration of 2h',
    ],
    ['the same of its own lifetime', 'a', { renewBefore: Duration.days(90) }, 'renewBefore: is 2160h, not less than'],
    ['a name with a port', 'a', { dnsNames: ['a.b:1'] }, 'dnsNames: [0]: "a.b:1" is not a DNS name'],
    ['an address', 'a', { dnsNames: ['10.0.0.1'] }, 'dnsNames: [0]: "10.0.0.1" is not a DNS name'],
    ['a star within', 'a', { dnsNames: ['a.*.b'] }, 'dnsNames: [0]: "a.*.b" is not a DNS name'],
    ['a misspelt field', 'a', { renewbefore: 1 }, 'has no field "renewbefore"; did you mean "renewBefore"?'],
  ])('%s', (_, name, options, text) => {
    const certificate = TlsCertificate.fromIssuer(name, options as TlsIssuerOptions);
    expect(() => new Query(chart(), 'Query', { grpcTls: { certificate } })).toThrow(
      `test/Query: grpcTls: certificate: ${text}`,
    );
  });
});
