import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  ObjstoreConfig,
  Receiver,
  S3Ca,
  S3CaSecret,
  S3Credentials,
  StoreGateway,
  ThanosStack,
  ThanosTesting,
} from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA } from '../../fixtures/certificates';
import { deployment, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';
import { guardedChart, problems, writtenToStderr } from './boundary';

const warned = writtenToStderr();

const CA = () => S3Ca.fromPem(ECDSA_CA);
const copyOf = (scope: Chart, name: string, namespace = 'monitoring'): ApiObject =>
  new ApiObject(scope, `Copy-${name}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { 'ca.crt': ECDSA_CA },
  });
const mounting = (name: string): Json => podSpec({ volumes: [{ name: 'x', configMap: { name } }] });

describe('the same name elsewhere', () => {
  const stackIn = (app: App, id: string, props: object): ThanosStack =>
    new ThanosStack(app, id, {
      objstore: bucket({ ca: CA(), bucket: `bucket-${id}` }),
      receiver: { externalLabels: { id } },
      ...props,
    });

  test('a removed stack of another namespace takes nothing away', () => {
    const app = new App();
    const a = stackIn(app, 'a', { namespace: 'a' });
    stackIn(app, 'b', { namespace: 'b' });
    app.node.tryRemoveChild('b');
    expect(problems(a)).toEqual([]);
  });

  test("a removed CA is missed, though another cluster's Secret has its name", () => {
    const app = new App();
    const a = stackIn(app, 'a', { cluster: 'a' });
    const b = stackIn(app, 'b', { cluster: 'b' });
    b.objstore!.node.tryRemoveChild('Ca');
    expect(problems(a)).toEqual([expect.stringContaining('b/Receiver/Resource: objstore: mounts the CA from Secret')]);
  });

  test('a host that is called like a claim is a host', () => {
    const app = new App();
    const objstore = bucket({ endpoint: 'claim.example.com:9000' });
    const stacks = ['a', 'b'].map((cluster) => new ThanosStack(app, cluster, { cluster, objstore, compactor: {} }));
    expect(problems(stacks[0])).toEqual([expect.stringContaining('a second compactor on the bucket')]);
  });
});

describe('copies', () => {
  test('of a CA that others may share are theirs to have, and not ours', () => {
    const scope = new Chart(new App(), 'test');
    copyOf(scope, 'company-bundle');
    copyOf(scope, 'web-bundle');
    const objstore = new ObjstoreConfig(scope, 'Bucket', bucket({ ca: S3Ca.fromConfigMapName('company-bundle') }));
    deployment(scope, mounting('web-bundle'));
    expect(problems(scope)).toEqual([]);
    new Receiver(scope, 'Receiver', { volumes: [{ name: 'x', configMap: { name: 'web-bundle' } }] });
    expect(problems(scope)).toEqual([expect.stringContaining('test/Receiver/Resource: ')]);
    expect(objstore.caFile).toBeDefined();
  });

  test('of one CA of several buckets are let in by any of them', () => {
    const scope = new Chart(new App(), 'test');
    const [, second] = ['ta', 'tb'].map(
      (instance) => new ObjstoreConfig(scope, instance, bucket({ instance, ca: CA(), bucket: `of-${instance}` })),
    );
    copyOf(scope, 'copy');
    const workload = deployment(scope, mounting('copy'));
    expect(problems(scope)).toHaveLength(1);
    second.share(workload, 'it talks to the same store');
    expect(problems(scope)).toEqual([]);
  });

  test('a name that many have is not a key', () => {
    const keys = { accessKey: 'minioadmin', secretKey: 'minioadmin' };
    const { scope } = guardedChart({ credentials: S3Credentials.unsafePlainText(keys) });
    deployment(scope, podSpec({ serviceAccountName: 'minioadmin' }));
    expect(problems(scope)).toEqual([]);
  });
});

describe('rights', () => {
  const rbac = (scope: Chart, kind: string, body: Json, metadata: Json = {}): ApiObject =>
    new ApiObject(scope, `${kind}-${scope.node.children.length}`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind,
      metadata: { name: 'reader', namespace: 'monitoring', ...metadata },
      ...body,
    });
  const reading = (resourceNames?: string[]): Json => ({
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames }],
  });
  const binding = (subjects: Json[], roleRef: Json = { kind: 'Role', name: 'reader' }): Json => ({ roleRef, subjects });
  const account = { kind: 'ServiceAccount', name: 'reader' };
  const pod = (more: Json = {}): Json => podSpec({ serviceAccountName: 'reader', ...more });

  test("another cluster's Role of the name is another Role", () => {
    const app = new App();
    const [harmless, harmful] = ['a', 'b'].map(
      (cluster) => new ThanosStack(app, cluster, { cluster, objstore: bucket({ bucket: `of-${cluster}` }), query: {} }),
    );
    rbac(harmless, 'Role', reading(['other']));
    rbac(harmful, 'Role', reading(['thanos-s3-keys']));
    for (const scope of [harmless, harmful]) {
      rbac(scope, 'RoleBinding', binding([account]));
      deployment(scope, pod());
    }
    expect(problems(harmless)).toEqual([
      expect.stringContaining('b/App: spec.template.spec.serviceAccountName: reader may'),
    ]);
  });

  test('what has no namespace may be in any', () => {
    const { scope } = guardedChart();
    rbac(scope, 'Role', reading(['s3-keys']), { namespace: undefined });
    rbac(scope, 'RoleBinding', binding([account]), { namespace: undefined });
    deployment(scope, pod(), { namespace: undefined });
    expect(problems(scope)).toEqual([expect.stringContaining('reader may read the S3 keys (Secret s3-keys)')]);
  });

  test.each<[string, Json]>([
    ['all accounts', 'system:serviceaccounts'],
    ['those of the namespace', 'system:serviceaccounts:monitoring'],
    ['whoever is known', 'system:authenticated'],
  ])('of %s are those of each', (_, name) => {
    const { scope } = guardedChart();
    rbac(scope, 'Role', reading(['s3-keys']));
    rbac(scope, 'RoleBinding', binding([{ kind: 'Group', name }]));
    deployment(scope, pod());
    expect(problems(scope)).toEqual([expect.stringContaining('reader may read the S3 keys')]);
  });

  test('by a role that every cluster has are warned of', () => {
    const { scope } = guardedChart();
    rbac(
      scope,
      'ClusterRoleBinding',
      binding([{ ...account, namespace: 'monitoring' }], { kind: 'ClusterRole', name: 'edit' }),
    );
    deployment(scope, pod());
    expect(problems(scope)).toEqual([]);
    expect(warned()).toContain('reader may read the S3 keys (Secret s3-keys) by ClusterRole edit');
  });

  test('a token in a volume is a token', () => {
    const { scope } = guardedChart();
    rbac(scope, 'Role', reading(['s3-keys']));
    rbac(scope, 'RoleBinding', binding([account]));
    const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
    deployment(scope, pod({ automountServiceAccountToken: false, volumes }));
    expect(problems(scope)).toEqual([expect.stringContaining('reader may read the S3 keys')]);
  });
});

describe('the node', () => {
  test('a sidecar that is written as an init container sees the processes too', () => {
    const { scope, config } = guardedChart();
    const side = { name: 'side', image: 'a:1', restartPolicy: 'Always' };
    const store = new StoreGateway(scope, 'Store', { objstore: config, initContainers: [side] });
    store.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/shareProcessNamespace', true));
    expect(problems(scope)).toEqual([expect.stringContaining('shareProcessNamespace: lets the container side')]);
  });

  test('a privileged pod among the processes of the node is warned of', () => {
    const { scope } = guardedChart();
    const containers = [{ name: 'a', image: 'a:1', securityContext: { privileged: true } }];
    deployment(scope, podSpec({ hostPID: true, containers }));
    expect(problems(scope)).toEqual([]);
    expect(warned()).toContain('hostPID: with a privileged container shows the files');
  });
});

describe('a chart that renders itself', () => {
  class Own extends ThanosStack {
    constructor(
      app: App,
      private readonly change: (all: Json[]) => Json[],
    ) {
      super(app, 'own', { objstore: bucket({ ca: CA() }), storeGateway: {} });
    }

    public override toJson(): any[] {
      return this.change(super.toJson());
    }
  }
  const written = (change: (all: Json[]) => Json[]) => () => new Own(new App(), change).node.root as App;

  test('and leaves the CA out is refused', () => {
    const app = written((all) => all.filter(({ kind }) => kind !== 'Secret'))();
    expect(() => app.synthYaml()).toThrow('mounts the CA from Secret thanos-s3-ca-cert');
  });

  test('and renames the CA is told of that', () => {
    const renamed = (one: Json): Json => ({ ...one, metadata: { ...one.metadata, name: `x-${one.metadata.name}` } });
    const app = written((all) => all.map((one) => (one.kind === 'Secret' ? renamed(one) : one)))();
    expect(() => app.synthYaml()).toThrow('metadata.name: is x-thanos-s3-ca-cert by a patch');
  });
});

test.each([
  ["ca_file: '/etc/thanos/certs/ca.crt'"],
  ['ca_file: "/etc/thanos/certs/ca.crt" # ours'],
  ['ca_file:   /etc/thanos/certs/ca.crt'],
])('a patched objstore.yml may say %s', (line) => {
  const { scope, config } = guardedChart();
  const patched = config.yaml.replace(/ca_file: .*/, line);
  config.configMap.addJsonPatch(JsonPatch.replace('/data/objstore.yml', patched));
  expect(problems(scope)).toEqual([]);
  expect(warned()).toContain('was patched; the checksum');
});

test('expectCaOnlyIn fails where somebody has a copy, or a custom resource names it', () => {
  const { scope, config } = guardedChart();
  new StoreGateway(scope, 'Store', { objstore: config });
  expect(() => ThanosTesting.expectCaOnlyIn(scope, ['thanos-store'])).not.toThrow();
  copyOf(scope, 'copy');
  deployment(scope, mounting('copy'));
  expect(() => ThanosTesting.expectCaOnlyIn(scope, ['thanos-store'])).toThrow('uses ConfigMap copy, a copy of the CA');
});

test('an S3CaSecret of another namespace of the same name lets nobody in here', () => {
  const scope = new Chart(new App(), 'test');
  const ca = new S3CaSecret(scope, 'Ca', { ca: CA(), namespace: 'other' });
  const { objstore } = { objstore: new ObjstoreConfig(scope, 'Bucket', bucket({ ca, namespace: 'other' })) };
  new ObjstoreConfig(scope, 'Mine', bucket({ ca: CA(), instance: 'thanos', bucket: 'mine' }));
  const workload = deployment(scope, podSpec({ volumes: [{ name: 'x', secret: { secretName: ca.secretName } }] }));
  objstore.share(workload, 'not of this namespace');
  expect(problems(scope)).toEqual([expect.stringContaining('test/App: ')]);
});
