import { App, JsonPatch } from 'cdk8s';
import { AppRegistry } from '../../src/app/registry';
import { HttpConfig, Query, ThanosStack, type ThanosStackProps, TlsCertificate } from '../../src';
import { find, type Json } from '../render';
import { objects, OBJSTORE, stack, synth } from '../stack/stacks';

const SCRAPED = { scrape: 'true', port: '10902', path: '/metrics', scheme: 'http' };

function annotations(all: Json[], name: string, prefix = 'prometheus.io'): Record<string, string> {
  const workload = all.find(
    ({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === name,
  );
  const given = Object.entries<string>(workload.spec.template.metadata.annotations ?? {});
  return Object.fromEntries(
    given.filter(([key]) => key.startsWith(`${prefix}/`)).map(([key, value]) => [key.slice(prefix.length + 1), value]),
  );
}

function scraped(props: Partial<ThanosStackProps> = {}): Json[] {
  return objects({ ...props, monitoring: { scrapeAnnotations: {} } });
}

test('every pod of Thanos says where it is scraped, and no other does', () => {
  const all = scraped({ preflight: {} });
  const workloads = all.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind)).map((o) => o.metadata.name);
  const found = workloads.filter((name) => annotations(all, name).scrape !== undefined);
  expect(found).toEqual(workloads.filter((name) => name !== 'grafana'));
  for (const name of found) expect(annotations(all, name)).toEqual(SCRAPED);
  expect(JSON.stringify(find(all, 'Job'))).not.toContain('prometheus.io');
});

test('the annotations that roll the pods stay, and what a pod says of itself', () => {
  const all = scraped({ query: { podAnnotations: { 'prometheus.io/scrape': 'false', team: 'a' } } });
  expect(annotations(all, 'thanos-query')).toEqual({ ...SCRAPED, scrape: 'false' });
  const { metadata } = find(all, 'StatefulSet', 'thanos-store').spec.template;
  expect(metadata.annotations).toHaveProperty('checksum/objstore');
});

test('the prefix is settable', () => {
  const all = objects({ monitoring: { scrapeAnnotations: { prefix: 'k8s.grafana.com' } } });
  expect(annotations(all, 'thanos-query', 'k8s.grafana.com')).toEqual(SCRAPED);
  expect(annotations(all, 'thanos-query')).toEqual({});
});

test('the scheme is that of the pod', () => {
  const all = scraped({
    query: { httpConfig: HttpConfig.tls({ certificate: TlsCertificate.fromSecretName('tls') }) },
    queryFrontend: undefined,
    ruler: undefined,
    grafana: undefined,
  });
  expect(annotations(all, 'thanos-store')).toEqual(SCRAPED);
  expect(annotations(all, 'thanos-query')).toEqual({ ...SCRAPED, scheme: 'https' });
});

test('a password is told to Prometheus otherwise', () => {
  const certificate = TlsCertificate.fromSecretName('tls');
  const httpConfig = HttpConfig.fromSecretName('web', { tls: { certificate }, basicAuth: { secretName: 'login' } });
  const chart = stack({ bucketWeb: { httpConfig }, monitoring: { scrapeAnnotations: {} } });
  expect(AppRegistry.of(chart).standing().warnings.join()).toContain(
    'thanos/BucketWeb: httpConfig: asks for a password, of which scrapeAnnotations say nothing',
  );
  expect(annotations(synth(chart), 'thanos-bucket-web')).toEqual({ ...SCRAPED, scheme: 'https' });
});

test('a component that is made later is scraped too', () => {
  const scope = new ThanosStack(new App(), 'thanos', {
    ...{ objstore: OBJSTORE, receiver: {}, monitoring: { scrapeAnnotations: {} } },
  });
  new Query(scope, 'Late', { endpoints: ['a:10901'] });
  expect(annotations(synth(scope), 'thanos-query')).toEqual(SCRAPED);
});

test("the users' patches come later", () => {
  const chart = stack({ monitoring: { scrapeAnnotations: {} } });
  chart.query!.workload.addJsonPatch(JsonPatch.remove('/spec/template/metadata/annotations'));
  expect(annotations(synth(chart), 'thanos-query')).toEqual({});
});

test('a pod that comes and goes is not scraped', () => {
  const props = { objstore: OBJSTORE, compactor: { schedule: { cron: '@daily' } } };
  const chart = new ThanosStack(new App(), 'thanos', { ...props, monitoring: { scrapeAnnotations: {} } });
  expect(JSON.stringify(synth(chart))).not.toContain('prometheus.io');
});

test('both, which would scrape each pod twice, are refused', () => {
  expect(() => objects({ monitoring: { scrapeAnnotations: {}, podMonitor: {} } })).toThrow(
    'thanos: monitoring: scrapeAnnotations: podMonitor has each pod scraped already',
  );
  expect(() => objects({ monitoring: { scrapeAnnotations: { prefix: 'a b' } } })).toThrow(
    'monitoring: scrapeAnnotations: prefix: "a b" is not a DNS domain',
  );
});
