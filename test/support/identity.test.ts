import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { grafanaIdentity, identityOf, instanceName, sharedObject } from '../../src/support/identity';

const LABELS = {
  'app.kubernetes.io/name': 'thanos',
  'app.kubernetes.io/instance': 'thanos',
  'app.kubernetes.io/component': 'store',
};

test('everything is derived from the place and the kind', () => {
  const identity = identityOf({}, 'store');
  expect(identity).toMatchObject({
    instance: 'thanos',
    namespace: 'monitoring',
    clusterDomain: 'cluster.local',
    workload: 'thanos-store',
    service: 'thanos-store',
    headless: 'thanos-store-headless',
    claim: 'data',
    dataPath: '/var/thanos/data',
  });
  expect(identity.selector).toEqual(LABELS);
  expect(identity.host('http')).toBe('thanos-store.monitoring.svc.cluster.local:10902');
  expect(identity.url('remote-write', '/api')).toBe('http://thanos-store.monitoring.svc.cluster.local:19291/api');
  expect(identity.serviceSrv('http')).toBe('dnssrv+_http._tcp.thanos-store.monitoring.svc.cluster.local');
  expect(identity.srv('grpc')).toBe('dnssrv+_grpc._tcp.thanos-store-headless.monitoring.svc.cluster.local');
  expect(identity.podHost(identity.pod(2), 'grpc')).toBe(
    'thanos-store-2.thanos-store-headless.monitoring.svc.cluster.local:10901',
  );
});

test('a shard ends the names and joins the selector', () => {
  const identity = identityOf({ instance: 'eu', namespace: 'obs', clusterDomain: 'k8s', shard: 'b' }, 'store');
  expect(identity.workload).toBe('eu-store-b');
  expect(identity.selector).toEqual({ ...LABELS, 'app.kubernetes.io/instance': 'eu', 'thanos.io/shard': 'b' });
  expect(identity.srv('grpc')).toBe('dnssrv+_grpc._tcp.eu-store-b-headless.obs.svc.k8s');
});

test('a zone stands before the shard in the names, and joins the selector', () => {
  const identity = identityOf({ zone: 'eu-1a', shard: 'h0', group: 'gold' }, 'receiver');
  expect(identity.workload).toBe('thanos-receiver-gold-eu-1a-h0');
  expect(identity.selector).toMatchObject({
    'app.kubernetes.io/component': 'receiver-gold',
    'thanos.io/zone': 'eu-1a',
    'thanos.io/shard': 'h0',
  });
});

test('each part can be taken over, and the rest follows', () => {
  const selector = { app: 'receive' };
  const named = identityOf({}, 'receiver', { workload: 'rel-receive', selector, ports: { http: 9090 } });
  expect(named.headless).toBe('rel-receive-headless');
  expect(named.object('hashrings')).toBe('rel-receive-hashrings');
  expect(named.selector).toBe(selector);
  expect(named.url('http')).toBe('http://rel-receive.monitoring.svc.cluster.local:9090');
  const parts = { service: 's', headless: 'h', claim: 'c', dataPath: '/d' };
  expect(identityOf({}, 'receiver', parts)).toMatchObject({ ...parts, workload: 'thanos-receiver' });
});

test('Grafana is named after itself, and after a stack of another name', () => {
  expect(grafanaIdentity({}).url('http')).toBe('http://grafana.monitoring.svc.cluster.local:3000');
  expect(grafanaIdentity({ instance: 'eu' }).workload).toBe('eu-grafana');
  expect(grafanaIdentity({ instance: 'eu' }, 'boards').object('datasources')).toBe('boards-datasources');
});

test('an object of no single component begins with the stack', () => {
  expect(sharedObject('eu', 'ca')).toEqual({
    name: 'eu-s3-ca-cert',
    labels: { 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'eu' },
  });
});

test.each([
  ['1abc', '"1abc" starts with a digit; the name of a Service must start with a letter'],
  ['a b', '"a b" is not a DNS label'],
])('the instance %s is refused', (name, message) => {
  expect(() => instanceName(name)).toThrow(message);
});

test.each([
  ['store', true, '"aaaa…-store" has 53 characters, 1 over the limit of 52'],
  ['query', false, '"aaaa…-query" has 64 characters, 1 over the limit of 63'],
])('a workload name of %s that is too long is counted', (component, stateful, message) => {
  const length = (stateful ? 53 : 64) - component.length - 1;
  const [fits, long] = [length - 1, length].map((n) => identityOf({ instance: 'a'.repeat(n) }, component));
  expect(() => fits.requireLength(stateful)).not.toThrow();
  expect(() => long.requireLength(stateful)).toThrow(message.replace('aaaa…', 'a'.repeat(length)));
});

describe('no other file of src spells', () => {
  const SRC = path.join(__dirname, '../../src');
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== path.join('support', 'identity.ts'))
    .map((file) => ({ file, code: withoutComments(readFileSync(path.join(SRC, file), 'utf8')) }));

  test.each([
    [
      'the name of an object',
      /[}'"`]-(receiver|headless|s3-ca-cert|objstore-config|s3-credentials|preflight-config|hashrings|grafana|rules|datasources|s3-certificates)['"`]/,
    ],
    ['a default', /\?\? '(thanos|monitoring|cluster\.local)'|= '(monitoring|cluster\.local)'/],
    ['an address in the cluster', /\.svc\.\$\{|\.svc\.cluster\.local|_tcp\.\$\{/],
    ['a port', /\b(10901|10902|19291)\b/],
  ])('%s', (_, pattern) => {
    expect(files.filter(({ code }) => pattern.test(code)).map(({ file }) => file)).toEqual([]);
  });
});

function withoutComments(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/|import |\} from |export .* from )/.test(line))
    .join('\n');
}
