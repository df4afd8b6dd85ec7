import { App, Chart, Duration } from 'cdk8s';
import {
  HttpConfig,
  LogFormat,
  LogLevel,
  NetworkPeer,
  ObjstoreConfig,
  PreflightHook,
  S3Credentials,
  Tracing,
  ThanosStack,
  TlsCertificate,
  type ThanosStackProps,
} from '../../src/index';
import { find, type Json } from '../render';
import { args, endpoints, flag } from './arguments';
import { podsOf } from './pods';
import { ALL_COMPONENTS, objects, OBJSTORE, stack, synth } from './stacks';

describe('the bucket', () => {
  it('may be a construct that exists, and is then not made again', () => {
    const app = new App();
    const shared = new Chart(app, 'shared', { namespace: 'monitoring' });
    const objstoreConfig = new ObjstoreConfig(shared, 'Objstore', { ...OBJSTORE, instance: 'shared' });
    const own = stack({ objstore: undefined, objstoreConfig }, app);
    const all = synth(own);
    expect(own.objstore).toBe(objstoreConfig);
    expect(all.filter((o) => o.kind === 'Secret')).toEqual([]);
    const [receiver] = podsOf(all).filter((p) => p.name === 'StatefulSet thanos-receiver');
    expect(JSON.stringify(receiver.spec.volumes)).toContain('shared-objstore-config');
  });

  it.each<[string, Partial<ThanosStackProps>, string]>([
    [
      'neither form',
      { objstore: undefined },
      'objstore: is missing, but compactor, storeGateway, bucketWeb can do nothing without the bucket. Give objstore, objectStorage or objstoreConfig',
    ],
    [
      'both forms',
      { objstoreConfig: new ObjstoreConfig(new Chart(new App(), 'c'), 'O', OBJSTORE) },
      'objstore: is given together with objstoreConfig; give one of them',
    ],
  ])('%s is an error', (_, props, message) => {
    expect(() => stack(props)).toThrow(`cdk8s-thanos: thanos: ${message}`);
  });
});

describe('namespace', () => {
  it('is on every object', () => {
    expect(new Set(objects({ namespace: 'obs' }).map((o) => o.metadata.namespace))).toEqual(new Set(['obs']));
  });

  it('is made when asked, lies in no namespace itself, and admits restricted pods only', () => {
    expect(objects().filter((o) => o.kind === 'Namespace')).toEqual([]);
    const all = objects({ namespace: 'obs', createNamespace: true });
    expect(all[0]).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'obs',
        labels: {
          'app.kubernetes.io/name': 'thanos',
          'app.kubernetes.io/instance': 'thanos',
          'pod-security.kubernetes.io/enforce': 'restricted',
        },
      },
    });
  });
});

describe('what the components share', () => {
  it('the OpenShift switch drops user, group and fsGroup everywhere, and nothing else does', () => {
    for (const { name, spec } of podsOf(objects({ security: { openShift: true } }))) {
      expect([name, spec.securityContext]).toEqual([
        name,
        { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ]);
    }
    for (const { spec } of podsOf(objects())) expect(spec.securityContext.fsGroup).toBeGreaterThan(0);
  });

  it('a component overrides what the stack says', () => {
    const all = objects({
      logLevel: LogLevel.WARN,
      nodeSelector: { disk: 'ssd' },
      image: { tag: 'v0.42.5' },
      query: { logLevel: LogLevel.DEBUG, nodeSelector: { disk: 'none' }, image: { tag: 'v0.42.6' } },
    });
    const [query] = podsOf(all).filter((p) => p.name === 'Deployment thanos-query');
    expect(flag(all, 'thanos-query', '--log.level')).toEqual(['debug']);
    expect(query.spec.nodeSelector).toEqual({ disk: 'none' });
    expect(query.containers[0].image).toBe('quay.io/thanos/thanos:v0.42.6');
    expect(flag(all, 'thanos-store', '--log.level')).toEqual(['warn']);
  });

  it('a field that is undefined does not hide what the stack says', () => {
    const all = objects({
      logLevel: LogLevel.WARN,
      externalLabels: { cluster: 'eu' },
      receiver: { logLevel: undefined, externalLabels: undefined },
      ruler: { queries: undefined },
    });
    expect(flag(all, 'thanos-receiver', '--log.level')).toEqual(['warn']);
    expect(flag(all, 'thanos-receiver', '--label')).toContain('cluster="eu"');
    expect(flag(all, 'thanos-ruler', '--query')).toHaveLength(1);
  });

  it('the labels of the stack are on every block, beside those of the component', () => {
    const all = objects({
      externalLabels: { cluster: 'eu', tier: 'a' },
      receiver: { externalLabels: { tenant: 't', tier: 'b' } },
    });
    expect(flag(all, 'thanos-receiver', '--label')).toEqual([
      'receive_replica="$(POD_NAME)"',
      'cluster="eu"',
      'tier="b"',
      'tenant="t"',
    ]);
    expect(flag(all, 'thanos-ruler', '--label')).toEqual(['rule_replica="$(POD_NAME)"', 'cluster="eu"', 'tier="a"']);
  });
});

/** What each prop must do to the stack's objects: a new prop without an entry does not compile. */
const EVERY_PROP: { [K in keyof Required<ThanosStackProps>]: (all: Json[]) => void } = {
  name: (all) => expect(all.map((o) => o.metadata.name)).toContain('eu-receiver'),
  namespace: (all) => expect(find(all, 'StatefulSet', 'eu-store').metadata.namespace).toBe('obs'),
  createNamespace: (all) => expect(find(all, 'Namespace').metadata.name).toBe('obs'),
  // which stacks may have the same names: see several-stacks.test.ts
  cluster: (all) => expect(all.length).toBeGreaterThan(0),
  clusterDomain: (all) => expect(endpoints(all, 'eu-query')[0]).toMatch(/\.svc\.example\.org$/),
  labels: (all) => {
    for (const { metadata } of all) expect(metadata.labels).toHaveProperty('team', 'metrics');
    // Kubernetes would refuse another selector later
    expect(JSON.stringify(all.map(({ spec }) => spec?.selector))).not.toContain('metrics');
  },
  externalLabels: (all) => expect(flag(all, 'eu-receiver', '--label')).toContain('cluster="eu"'),
  objstore: (all) => expect(find(all, 'ConfigMap', 'eu-objstore-config').data['objstore.yml']).toContain('"thanos"'),
  // every name of a receiver and store would be another: see zones.test.ts
  zones: (all) => expect(all.length).toBeGreaterThan(0),
  // instead of objstore: see above, and objstore/object-storage.test.ts
  objectStorage: (all) => expect(all.length).toBeGreaterThan(0),
  objstoreConfig: (all) => expect(all.length).toBeGreaterThan(0),
  receiveRouter: (all) => expect(find(all, 'Deployment', 'eu-receive-router').spec.replicas).toBe(4),
  hashrings: (all) => expect(find(all, 'StatefulSet', 'eu-receiver-gold').spec.replicas).toBe(5),
  tracing: (all) => {
    for (const name of ['eu-compactor', 'eu-query']) expect(flag(all, name, '--tracing.config')[0]).toContain('c:4317');
  },
  requestLogging: (all) => {
    expect(flag(all, 'eu-query', '--request.logging-config')).toHaveLength(1);
    expect(flag(all, 'eu-compactor', '--request.logging-config')).toEqual([]);
  },
  extraArgs: (all) => expect(flag(all, 'eu-query', '--http-grace-period')).toEqual(['7s']),
  recommendResources: (all) =>
    expect(all.filter(({ kind }) => kind === 'VerticalPodAutoscaler').length).toBeGreaterThan(8),
  syncWave: (all) =>
    expect(find(all, 'Deployment', 'eu-query').metadata.annotations).toHaveProperty(
      ['argocd.argoproj.io/sync-wave'],
      '7',
    ),
  annotations: (all) => {
    for (const object of all) expect(object.metadata.annotations).toHaveProperty('owner', 'metrics');
  },
  bucketServiceAccount: (all) =>
    expect(find(all, 'ServiceAccount', 'eu').metadata.labels).toHaveProperty('tier', 'bucket'),
  receiver: (all) => expect(find(all, 'StatefulSet', 'eu-receiver').spec.replicas).toBe(5),
  compactor: (all) => expect(flag(all, 'eu-compactor', '--compact.concurrency')).toEqual(['2']),
  storeGateway: (all) => expect(find(all, 'StatefulSet', 'eu-store').spec.replicas).toBe(3),
  ruler: (all) => expect(flag(all, 'eu-ruler', '--alertmanagers.url')).toEqual(['http://am:9093']),
  query: (all) => expect(endpoints(all, 'eu-query')).toContain('sidecar:10901'),
  queryFrontend: (all) => expect(args(all, 'eu-query-frontend')).toContain('--query-frontend.compress-responses'),
  bucketWeb: (all) => expect(flag(all, 'eu-bucket-web', '--label')).toEqual(['cluster']),
  preflight: (all) =>
    expect(find(all, 'Job').metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-wave': '-1' }),
  preflightInit: (all) => {
    const store = find(all, 'StatefulSet', 'eu-store').spec.template.spec;
    expect(store.initContainers.map((c: Json) => c.name)).toEqual(['preflight']);
  },
  monitoring: (all) => {
    expect(find(all, 'PrometheusRule', 'eu-alerts').spec.groups).not.toEqual([]);
    expect(find(all, 'ConfigMap', 'eu-dashboard-receive').metadata.annotations).toMatchObject({ grafana_folder: 'EU' });
    expect(find(all, 'PodMonitor', 'eu-pods').spec.selector.matchLabels['app.kubernetes.io/instance']).toBe('eu');
  },
  stackCheck: (all) => expect(find(all, 'CronJob', 'eu-check').metadata.name).toBe('eu-check'),
  certificateAlerts: (all) => expect(find(all, 'PrometheusRule', 'eu-s3-certificates').metadata.name).toMatch(/^eu-/),
  grpcTls: (all) => {
    for (const part of ['receiver', 'receive-router', 'store', 'ruler', 'query'])
      expect(flag(all, `eu-${part}`, '--grpc-server-tls-cert')).toEqual(['/etc/thanos/grpc-tls/tls.crt']);
  },
  httpConfig: (all) => {
    for (const part of ['receiver', 'compactor', 'store', 'ruler', 'query', 'query-frontend', 'bucket-web'])
      expect(flag(all, `eu-${part}`, '--http.config')).toEqual(['/etc/thanos/http-config/web.yml']);
  },
  grafana: (all) => expect(find(all, 'Deployment', 'boards').kind).toBe('Deployment'),
  // what they open: see ../policy
  networkPolicies: (all) => {
    const { spec } = find(all, 'NetworkPolicy', 'eu-query-frontend');
    expect(spec.ingress[0].from).toContainEqual({ podSelector: { matchLabels: { app: 'prometheus' } } });
  },
  image: (all) =>
    expect(find(all, 'Deployment', 'eu-query').spec.template.spec.containers[0].image).toMatch(/:v0\.42\.9$/),
  logLevel: (all) => expect(flag(all, 'eu-query', '--log.level')).toEqual(['error']),
  logFormat: (all) => expect(flag(all, 'eu-query', '--log.format')).toEqual(['json']),
  security: (all) => expect(find(all, 'Deployment', 'eu-query').spec.template.spec.securityContext.runAsUser).toBe(7),
  nodeSelector: (all) =>
    expect(find(all, 'Deployment', 'eu-query').spec.template.spec.nodeSelector).toEqual({ a: 'b' }),
  tolerations: (all) =>
    expect(find(all, 'Deployment', 'eu-query').spec.template.spec.tolerations).toEqual([{ operator: 'Exists' }]),
  priorityClassName: (all) =>
    expect(find(all, 'Deployment', 'eu-query').spec.template.spec.priorityClassName).toBe('high'),
};

it('every prop reaches the manifest when everything is set', () => {
  const everything: Required<Omit<ThanosStackProps, 'objectStorage' | 'objstoreConfig' | 'zones'>> = {
    name: 'eu',
    namespace: 'obs',
    createNamespace: true,
    cluster: 'eu-1',
    clusterDomain: 'example.org',
    labels: { team: 'metrics' },
    externalLabels: { cluster: 'eu' },
    objstore: { ...OBJSTORE, credentials: S3Credentials.unsafePlainText({ accessKey: 'a', secretKey: 'b' }) },
    tracing: Tracing.otlp({ endpoint: 'c:4317' }),
    requestLogging: { http: {} },
    extraArgs: ['--http-grace-period=7s'],
    annotations: { owner: 'metrics' },
    recommendResources: true,
    syncWave: 7,
    bucketServiceAccount: { labels: { tier: 'bucket' } },
    receiver: { replicas: 5 },
    receiveRouter: { replicas: 4 },
    hashrings: [{ name: 'gold', tenants: ['a'], receiver: { replicas: 5 } }],
    compactor: { concurrency: 2 },
    storeGateway: { replicas: 3 },
    ruler: { alertmanagers: ['http://am:9093'] },
    query: { endpoints: ['sidecar:10901'] },
    queryFrontend: { compressResponses: true },
    bucketWeb: { label: 'cluster' },
    preflight: { hook: PreflightHook.ARGO_SYNC_WAVE },
    preflightInit: true,
    certificateAlerts: {},
    stackCheck: { image: { repository: 'registry.example.com/check', tag: '1' } },
    monitoring: { alerts: {}, podMonitor: {}, dashboards: { folder: 'EU' } },
    grpcTls: { certificate: TlsCertificate.fromSecretName('grpc') },
    httpConfig: HttpConfig.tls({ certificate: TlsCertificate.fromSecretName('http') }),
    grafana: { name: 'boards' },
    networkPolicies: {
      ...{ objstore: NetworkPeer.anywhere(), tracing: NetworkPeer.anywhere(), endpoints: NetworkPeer.anywhere() },
      alertmanagers: NetworkPeer.pods({ labels: { app: 'alertmanager' } }),
      prometheus: NetworkPeer.pods({ labels: { app: 'prometheus' } }),
    },
    image: { tag: 'v0.42.9' },
    logLevel: LogLevel.ERROR,
    logFormat: LogFormat.JSON,
    security: { user: 7 },
    nodeSelector: { a: 'b' },
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'high',
  };
  const all = synth(new ThanosStack(new App(), 'thanos', everything));
  for (const reaches of Object.values(EVERY_PROP)) reaches(all);
});

describe('errors', () => {
  const long = 'a'.repeat(44);
  it.each<[string, object, string]>([
    ['a misspelt component', { recevier: {} }, 'thanos: props: has no field "recevier"; did you mean "receiver"?'],
    ['a name', { name: 'My Stack' }, 'thanos: name: "My Stack" is not a DNS label'],
    ['a name that starts with a digit', { name: '1abc' }, 'thanos: name: "1abc" starts with a digit'],
    ['a namespace', { namespace: 'a_b' }, 'thanos: namespace: "a_b" is not a DNS label'],
    ['a cluster', { cluster: 'EU' }, 'thanos: cluster: "EU" is not a DNS label'],
    ['a cluster domain', { clusterDomain: '.local' }, 'clusterDomain: ".local" is not a DNS domain'],
    ['a label name', { externalLabels: { 'a.b': 'c' } }, 'thanos: externalLabels: "a.b" is not a label name'],
    [
      'a name that is too long for the pods, with the count',
      { name: long },
      `thanos: name: "${long}-receiver" has 53 characters, 1 over the limit of 52; choose a shorter name`,
    ],
    [
      'hashrings without a router',
      { receiveRouter: undefined, hashrings: [{ name: 'gold' }] },
      'thanos: hashrings: need a receiveRouter, which hands each tenant to its ring. Add receiveRouter: {}',
    ],
    [
      'a router without receivers',
      { receiver: undefined, receiveRouter: {} },
      'thanos: receiveRouter: has no receivers to hand samples to. Add receiver: {} to the stack',
    ],
    [
      'a ring name given twice',
      { receiveRouter: {}, hashrings: [{ name: 'gold', tenants: ['a'] }, { name: 'gold' }] },
      'thanos: hashrings: "gold" is the name of two rings; give each its own',
    ],
    [
      'a frontend without a query',
      { query: undefined, ruler: undefined },
      'thanos: queryFrontend: needs a query in the stack',
    ],
    [
      'Grafana without a query',
      { query: undefined, ruler: undefined, queryFrontend: undefined },
      'thanos: grafana: needs a query in the stack. Add query: {}, or make a Grafana with a datasourceUrl',
    ],
    [
      'a ruler without a query',
      { query: undefined, queryFrontend: undefined, grafana: undefined },
      'thanos/Ruler: queries: is empty',
    ],
  ])('%s', (_, props, message) => {
    expect(() => stack(props)).toThrow(message);
  });

  it('a mistake in a component names the component', () => {
    expect(() => stack({ ...ALL_COMPONENTS, compactor: { retention: { raw: Duration.hours(1) } } })).toThrow(
      'cdk8s-thanos: thanos/Compactor: retention: raw is 1h; it must be 40 hours or more',
    );
  });
});
