import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import {
  BucketJob,
  BucketTool,
  CertificateAlerts,
  Grafana,
  HttpConfig,
  NetworkPeer,
  ObjstoreConfig,
  Preflight,
  PreflightHook,
  Query,
  ReceiveRouter,
  SidecarPodMonitor,
  StoreGateway,
  ThanosAlerts,
  ThanosDashboards,
  ThanosPodMonitor,
  ThanosSidecar,
  ThanosStack,
  type ThanosStackProps,
  TlsCa,
  TlsCertificate,
} from '../../src';
import { SECOND_CA } from '../fixtures/certificates';
import { find, type Json } from '../render';
import { OBJSTORE, synth } from './stacks';

/** A stack with few parts, so that others can be added. */
function small(props: Partial<ThanosStackProps> = {}): ThanosStack {
  return new ThanosStack(new App(), 'metrics', { name: 'metrics', objstore: OBJSTORE, storeGateway: {}, ...props });
}

const named = (objects: Json[]): string[] => objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

describe('what is added to a stack later belongs to it', () => {
  test('by its name and namespace, where it says no other', () => {
    const scope = small({ namespace: 'thanos-eu' });
    const query = new Query(scope, 'Late', { endpoints: ['a:10901'] });
    expect([query.instance, query.namespace]).toEqual(['metrics', 'thanos-eu']);
    expect(new Query(scope, 'Other', { instance: 'other', endpoints: ['a:10901'] }).instance).toBe('other');
    expect(new Grafana(scope, 'Grafana', { datasource: query }).name).toBe('metrics-grafana');
    expect(new ThanosPodMonitor(scope, 'PodMonitor').podMonitor.name).toBe('metrics-pods');
    const bucket = () => new ObjstoreConfig(scope, 'Second', OBJSTORE).configMapName;
    expect(bucket()).toBe('metrics-objstore-config');
  });

  test('in a chart in it too, by its namespace unless the chart has one', () => {
    const scope = small({ namespace: 'thanos-eu' });
    const made = (id: string, namespace?: string): Query =>
      new Query(new Chart(scope, id, { namespace }), 'Query', { endpoints: ['a:10901'] });
    const [plain, own] = [made('plain'), made('own', 'own')];
    expect([plain.instance, plain.namespace]).toEqual(['metrics', 'thanos-eu']);
    expect(plain.workload.metadata.namespace).toBe('thanos-eu');
    expect([own.instance, own.namespace]).toEqual(['metrics', 'own']);
  });

  test('outside of a stack the name is thanos', () => {
    const chart = new Chart(new App(), 'plain');
    expect(new Query(chart, 'Query', { endpoints: ['a:10901'] }).instance).toBe('thanos');
  });

  test('is annotated as the rest, in the order in which Argo CD needs it', () => {
    const scope = small({
      syncWave: 0,
      annotations: { team: 'a' },
      networkPolicies: { objstore: NetworkPeer.anywhere(), endpoints: NetworkPeer.anywhere() },
    });
    new Query(scope, 'Late', { endpoints: ['10.0.0.1:10901'], podAnnotations: { own: 'b' } });
    const late = synth(scope).filter(({ metadata }) => metadata.name.startsWith('metrics-query'));
    expect(named(late)).toEqual(expect.arrayContaining(['Deployment/metrics-query', 'NetworkPolicy/metrics-query']));
    for (const { kind, metadata } of late) {
      const wave = kind === 'NetworkPolicy' ? '-2' : '0';
      expect([kind, metadata.annotations]).toEqual([kind, { team: 'a', 'argocd.argoproj.io/sync-wave': wave }]);
    }
  });

  test('and a Job that is added is no hook, which would run again at each sync', () => {
    const scope = small({ syncWave: 0 });
    const tool = BucketTool.retention({ retention: { raw: Duration.days(3) } });
    new BucketJob(scope, 'Late', { objstore: scope.objstore!, unsafeChangesBlocks: true, tool });
    const { annotations } = find(synth(scope), 'Job').metadata;
    expect(annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '0' });
  });

  test.each<[PreflightHook | undefined, Record<string, string>]>([
    [undefined, { 'argocd.argoproj.io/hook': 'Sync', 'argocd.argoproj.io/sync-wave': '-1' }],
    [PreflightHook.HELM_PRE, { 'helm.sh/hook': 'pre-install,pre-upgrade' }],
  ])('a preflight is, unless it says itself what it is: %s', (hook, annotations) => {
    const scope = small({ syncWave: 0 });
    new Preflight(scope, 'Late', { objstore: scope.objstore!, hook });
    const { metadata } = find(synth(scope), 'Job');
    expect(metadata.annotations).toMatchObject(annotations);
    if (hook) expect(metadata.annotations).not.toHaveProperty(['argocd.argoproj.io/hook']);
  });

  test('of two stacks, one in the other, the inner one says it', () => {
    const outer = small({ syncWave: 3, annotations: { team: 'outer' } });
    const inner = new ThanosStack(outer, 'inner', {
      name: 'inner',
      syncWave: 7,
      annotations: { team: 'inner' },
      query: { endpoints: ['a:1'] },
    });
    const { annotations } = inner.query!.workload.toJson().metadata;
    expect(annotations).toEqual({ team: 'inner', 'argocd.argoproj.io/sync-wave': '7' });
  });

  test('is scraped as it says, with the CA that it is given as text', () => {
    const scope = small({ monitoring: { podMonitor: {} } });
    const certificate = TlsCertificate.fromSecretName('tls');
    const ca = TlsCa.fromPem(SECOND_CA, { validAt: new Date('2027-01-01') });
    const httpConfig = HttpConfig.tls({ certificate, serverName: 'query.example.com', ca });
    new Query(scope, 'Late', { endpoints: ['a:10901'], httpConfig });
    const objects = synth(scope);
    const endpoints: Json[] = find(objects, 'PodMonitor').spec.podMetricsEndpoints;
    const [plain, https] = endpoints;
    expect(endpoints).toHaveLength(2);
    expect(plain.relabelings[0]).toMatchObject({ action: 'drop', regex: 'query;;' });
    expect(https).toMatchObject({ scheme: 'https', tlsConfig: { serverName: 'query.example.com' } });
    const { name, key } = https.tlsConfig.ca.configMap;
    expect(find(objects, 'ConfigMap', name).data[key]).toBe(SECOND_CA);
  });

  test.each<[string, (scope: ThanosStack) => Construct]>([
    ['in the stack', (scope) => scope],
    ['in a construct of it', (scope) => new Construct(scope, 'Inner')],
  ])('its ring may be read by the check: %s', (_, where) => {
    const image = { repository: 'registry.example.com/check', tag: '1' };
    const scope = small({ receiver: { ingestOnly: true }, stackCheck: { image } });
    new ReceiveRouter(where(scope), 'Late', { rings: [{ name: 'default', receivers: [scope.receiver!] }] });
    const objects = synth(scope);
    const ring = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && /hashrings/.test(metadata.name))!;
    const rule = find(objects, 'Role').rules.find(({ resourceNames }: Json) =>
      resourceNames?.includes('metrics-objstore-config'),
    );
    expect(rule.resourceNames).toContain(ring.metadata.name);
  });
});

test('a workload that a patch brings from 0 replicas is scraped', () => {
  const scope = small({ query: { replicas: 0 }, monitoring: { scrapeAnnotations: {} } });
  scope.query!.workload.addJsonPatch(JsonPatch.replace('/spec/replicas', 2));
  const { metadata } = find(synth(scope), 'Deployment', 'metrics-query').spec.template;
  expect(metadata.annotations).toMatchObject({ 'prometheus.io/scrape': 'true' });
});

test('one whose constructor failed is not watched', () => {
  const scope = small({ monitoring: { alerts: {}, dashboards: {}, podMonitor: {} } });
  const volume = { name: 'tmp', emptyDir: {} };
  expect(() => new Query(scope, 'Late', { endpoints: ['a:1'], volumes: [volume, volume] })).toThrow();
  scope.node.tryRemoveChild('Late');
  expect(JSON.stringify(find(synth(scope), 'PrometheusRule'))).not.toContain('metrics-query');
});

describe('who reads the metrics', () => {
  const heard = (scope: ThanosStack): string => {
    const said: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    (scope.node.root as App).synthYaml();
    write.mockRestore();
    return said.join('');
  };
  const closed = () => small({ monitoring: { podMonitor: {} }, networkPolicies: { objstore: NetworkPeer.anywhere() } });

  test('is asked for where nobody is let in', () => {
    expect(heard(closed())).toContain('metrics: networkPolicies: prometheus: is not given');
  });

  test('may be let in by hand', () => {
    const scope = closed();
    scope.networkPolicies!.letIn(scope.storeGateway!, NetworkPeer.pods({ namespace: 'monitoring' }), [10902]);
    expect(heard(scope)).not.toContain('prometheus: is not given');
  });
});

describe('messages name what can be changed', () => {
  const scope = () => small({ query: {}, monitoring: { alerts: {}, dashboards: {} }, certificateAlerts: {} });
  test.each<[string, (scope: ThanosStack) => unknown, RegExp]>([
    [
      'alerts',
      (of) => new ThanosAlerts(of, 'Two', { components: of.components }),
      /metrics\/Two: components: .*exists already.*Make one ThanosAlerts for each stack/,
    ],
    [
      'dashboards',
      (of) => new ThanosDashboards(of, 'Two', { components: of.components }),
      /metrics\/Two: components: .*exists already.*Make one ThanosDashboards for each stack/,
    ],
    [
      'alerts of certificates',
      (of) => new CertificateAlerts(of, 'Two', { objstore: of.objstore! }),
      /metrics\/Two: objstore: .*exists already.*Make one CertificateAlerts for each bucket/,
    ],
  ])('of two %s', (_, add, message) => {
    const chart = scope();
    add(chart);
    expect(() => synth(chart)).toThrow(message);
  });

  test('of a check without a bucket', () => {
    const stackCheck = { image: { repository: 'registry.example.com/check', tag: '1' } };
    expect(() => new ThanosStack(new App(), 'thanos', { query: { endpoints: ['a:1'] }, stackCheck })).toThrow(
      /thanos: objstore: is missing, but stackCheck can do nothing without the bucket/,
    );
  });

  test('of alerts over pods that come and go', () => {
    const compactor = { schedule: { cron: '0 3 * * *' } };
    expect(() => small({ storeGateway: undefined, compactor, monitoring: { alerts: {} } })).toThrow(
      /metrics: monitoring: alerts and dashboards have no pods to watch/,
    );
  });

  test('of a StoreAPI that is no sidecar', () => {
    const chart = small();
    const sidecar = chart.storeGateway as StoreGateway & ThanosSidecar;
    expect(() => new SidecarPodMonitor(chart, 'Two', { sidecar })).toThrow(/Two: sidecar: .*not a ThanosSidecar/);
  });
});

test('a sidecar without a bucket stands in the namespace of its Prometheus', () => {
  const chart = new Chart(new App(), 'prometheus', { namespace: 'monitoring' });
  const prometheus = new ApiObject(chart, 'Prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'k8s', namespace: 'watch' },
    spec: { thanos: { image: 'quay.io/thanos/thanos:v0.42.4' } },
  });
  const { headlessService } = new ThanosSidecar(chart, 'Sidecar', { prometheus });
  expect(headlessService.metadata.namespace).toBe('watch');
});
