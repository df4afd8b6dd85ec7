import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import { CheckRole, type ObjstoreConfig, S3Ca, StackCheck, type StackCheckProps, StoreGateway } from '../../../src';
import { deployment, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';
import { guardedChart, problems, writtenToStderr } from './boundary';

const warned = writtenToStderr();
const RBAC = 'rbac.authorization.k8s.io';

/** A right of namespace monitoring. */
function right(scope: Chart, rule: Json, subject: Json): void {
  const make = (kind: string, body: Json): unknown =>
    new ApiObject(scope, kind, {
      apiVersion: `${RBAC}/v1`,
      kind,
      metadata: { name: 'role', namespace: 'monitoring' },
      ...body,
    });
  make('Role', { rules: [{ apiGroups: [''], ...rule }] });
  make('RoleBinding', { roleRef: { kind: 'Role', name: 'role', apiGroup: RBAC }, subjects: [subject] });
}

describe('a ServiceAccount that is named as a user', () => {
  const KEYS = { resources: ['secrets'], resourceNames: ['s3-keys'], verbs: ['get'] };
  const user = (name: string): Json => ({ kind: 'User', apiGroup: RBAC, name });

  test('is that account', () => {
    const { scope } = guardedChart();
    right(scope, KEYS, user('system:serviceaccount:monitoring:default'));
    deployment(scope);
    expect(problems(scope)).toEqual([
      expect.stringContaining('default may read the S3 keys (Secret s3-keys) by Role role, and its token is mounted'),
    ]);
  });

  test('of a CheckRole may read the CA, if its token is mounted', () => {
    const { scope, config } = guardedChart();
    const users = ['system:serviceaccount:monitoring:default'];
    new CheckRole(scope, 'Check', { objstore: config, serviceAccount: false, users });
    const spec = podSpec({ automountServiceAccountToken: false });
    deployment(scope, spec);
    expect(problems(scope)).toEqual([]);
    spec.automountServiceAccountToken = true;
    scope.node.tryRemoveChild('App');
    deployment(scope, spec);
    const found = problems(scope);
    expect(found).toContainEqual(expect.stringContaining('default may read the CA (Secret thanos-s3-ca-cert)'));
  });

  test.each([
    'ann@example.com',
    'system:serviceaccount:other:default',
    'system:serviceaccount:monitoring:other',
    'system:serviceaccount:monitoring',
  ])('%s is nobody of these pods', (name) => {
    const { scope } = guardedChart();
    right(scope, KEYS, user(name));
    deployment(scope);
    expect(problems(scope)).toEqual([]);
    expect(warned()).toBe('');
  });
});

describe('a StackCheck reads the CA and the config by its right alone', () => {
  const IMAGE = { repository: 'registry.example.com/check', tag: '1' };
  const check = (props: Partial<StackCheckProps> = {}): { scope: Chart; made: StackCheck } => {
    const { scope, config } = guardedChart();
    return { scope, made: new StackCheck(scope, 'Check', { objstore: config, image: IMAGE, ...props }) };
  };
  const volumes = (volume: Json): Partial<StackCheckProps> => ({ volumes: [{ name: 'x', ...volume }] });

  test('which is enough for it', () => {
    expect(problems(check().scope)).toEqual([]);
    expect(warned()).toBe('');
  });

  test.each<[string, Partial<StackCheckProps>, string]>([
    ['the keys as variables', { envFrom: [{ secretName: 's3-keys' }] }, 'uses the S3 keys (Secret s3-keys)'],
    ['the keys as a volume', volumes({ secret: { secretName: 's3-keys' } }), 'uses the S3 keys (Secret s3-keys)'],
    ['the CA', volumes({ secret: { secretName: 'thanos-s3-ca-cert' } }), 'uses the CA (Secret thanos-s3-ca-cert)'],
    ['the config', volumes({ configMap: { name: 'thanos-objstore-config' } }), 'uses the objstore config'],
    ["a node's volumes", volumes({ hostPath: { path: '/var/lib/kubelet' } }), 'shows the volumes of every pod'],
  ])('its pod may not hold %s', (_, props, text) => {
    expect(problems(check(props).scope)).toEqual([expect.stringContaining(text)]);
  });

  test('nor may a container that is patched in', () => {
    const { scope, made } = check();
    const container = { name: 'helper', image: 'a:1', envFrom: [{ secretRef: { name: 's3-keys' } }] };
    made.job.addJsonPatch(JsonPatch.add('/spec/jobTemplate/spec/template/spec/containers/-', container));
    expect(problems(scope)).toEqual([expect.stringContaining('uses the S3 keys (Secret s3-keys)')]);
  });

  test('and its Role may not be patched to read the keys', () => {
    const { scope, made } = check();
    const rule = { apiGroups: [''], resources: ['secrets'], resourceNames: ['s3-keys'], verbs: ['get'] };
    made.role.role.addJsonPatch(JsonPatch.add('/rules/-', rule));
    expect(problems(scope)).toEqual([
      expect.stringContaining('thanos-check may read the S3 keys (Secret s3-keys) by Role thanos-check'),
    ]);
  });
});

describe('a right to read the Secret of the CA is one to read all of it', () => {
  const role = (ca: S3Ca): Chart => {
    const { scope, config } = guardedChart({ ca });
    new CheckRole(scope, 'Check', { objstore: config, exec: false });
    return scope;
  };

  test('so the CA may not lie beside the keys', () => {
    expect(() => role(S3Ca.fromSecretName('s3-keys', { key: 'ca.crt', revision: '1' }))).toThrow(
      'Check: objstore: has its CA in Secret s3-keys, which holds the S3 keys too, and who may read a Secret may read all of it. Copy the CA into a ConfigMap',
    );
  });

  test('and one that is only referenced may hold a private key', () => {
    expect(problems(role(S3Ca.fromSecretName('minio-tls')))).toEqual([]);
    expect(warned()).toContain(
      'Check: objstore: may read the whole of Secret minio-tls, which has the CA: a private key too, if one lies there. Copy the CA into a ConfigMap, and give S3Ca.fromConfigMapName',
    );
  });

  test.each([
    ['a ConfigMap', S3Ca.fromConfigMapName('roots')],
    ['a Secret that holds nothing else', S3Ca.fromSecretName('ca-alone', { exclusive: true })],
  ])('%s is not warned of', (_, ca) => {
    expect(problems(role(ca))).toEqual([]);
    expect(warned()).toBe('');
  });
});

describe('a right to run commands in pods', () => {
  const EXEC = { resources: ['pods/exec'], verbs: ['create'] };
  const reader = { kind: 'ServiceAccount', name: 'reader' };
  const READER = podSpec({ serviceAccountName: 'reader' });
  const chartWith = (rule: Json = EXEC): { scope: Chart; config: ObjstoreConfig } => {
    const { scope, config } = guardedChart();
    new StoreGateway(scope, 'Store', { objstore: config });
    right(scope, rule, reader);
    return { scope, config };
  };
  const lines = (): string[] => warned().split('\n').filter(Boolean);

  test('beside pods that open the bucket is one to read what they hold, said once', () => {
    const { scope } = chartWith();
    deployment(scope, READER);
    expect(problems(scope)).toEqual([]);
    expect(lines()).toEqual([
      'warning: test/App: spec.template.spec.serviceAccountName: reader may run commands in the pods of namespace monitoring by Role role, and its token is mounted: it can read what those that open the bucket hold (StatefulSet thanos-store), the keys too. If it must, say so with share',
    ]);
  });

  test('to add a container to a pod is such a right too', () => {
    const { scope } = chartWith({ resources: ['pods/ephemeralcontainers'], verbs: ['update'] });
    deployment(scope, READER);
    expect(problems(scope)).toEqual([]);
    expect(lines()).toEqual([expect.stringContaining('reader may run commands in the pods of namespace monitoring')]);
  });

  test.each<[string, Json]>([
    ['one that reads of containers that were added', { resources: ['pods/ephemeralcontainers'], verbs: ['get'] }],
    ['one that runs nothing', { resources: ['pods', 'pods/log'], verbs: ['*'] }],
    ['one that only deletes', { resources: ['pods/exec'], verbs: ['delete'] }],
    ['one of another API group', { ...EXEC, apiGroups: ['subresources.kubevirt.io'] }],
    ['one in other pods', { ...EXEC, resourceNames: ['web-0'] }],
    ['one in pods of a workload whose name begins alike', { ...EXEC, resourceNames: ['thanos-store2-0'] }],
  ])('%s is not', (_, rule) => {
    const { scope } = chartWith(rule);
    deployment(scope, READER);
    expect(problems(scope)).toEqual([]);
    expect(lines()).toEqual([]);
  });

  test.each<[string, Json, Json]>([
    ['without a token', { ...READER, automountServiceAccountToken: false }, {}],
    ['of another account', podSpec(), {}],
    ['of another namespace', READER, { namespace: 'other' }],
  ])('a pod %s has none', (_, spec, metadata) => {
    const { scope } = chartWith();
    deployment(scope, spec, metadata);
    expect(problems(scope)).toEqual([]);
    expect(lines()).toEqual([]);
  });

  test('is no matter where no pod opens the bucket, nor for whom the bucket is shared with', () => {
    const { scope } = guardedChart();
    right(scope, EXEC, reader);
    deployment(scope, READER);
    expect(problems(scope)).toEqual([]);
    const other = chartWith();
    other.config.share(deployment(other.scope, READER), 'a runner of ours');
    expect(problems(other.scope)).toEqual([]);
    expect(lines()).toEqual([]);
  });

  test('by a role that reads the Secrets too is said with these', () => {
    const { scope } = chartWith({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] });
    deployment(scope, READER);
    expect(problems(scope)).toEqual([]);
    expect(lines().join()).toContain('reader may read the S3 keys (Secret s3-keys) by Role role');
    expect(lines().join()).not.toContain('may run commands');
  });

  test('is told of a StackCheck with exec', () => {
    const { scope, config } = guardedChart();
    new StoreGateway(scope, 'Store', { objstore: config });
    new StackCheck(scope, 'Check', { objstore: config, image: { repository: 'a', tag: '1' }, exec: true });
    expect(problems(scope)).toEqual([]);
    expect(lines()).toEqual([
      expect.stringContaining('thanos-check may run commands in the pods of namespace monitoring by Role thanos-check'),
    ]);
    expect(lines()[0]).toContain('Take the right away, unless it must');
  });
});

describe('a ClusterRole that gathers others', () => {
  const NAMED = { apiGroups: [''], resources: ['secrets'], resourceNames: ['s3-keys'], verbs: ['get'] };
  const gathering = (labels: Json, own: Json[] = []): string[] => {
    const { scope } = guardedChart();
    const make = (id: string, kind: string, body: Json): unknown =>
      new ApiObject(scope, id, { apiVersion: `${RBAC}/v1`, kind, ...body });
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { gather: 'yes' } }] };
    make('Gathers', 'ClusterRole', { metadata: { name: 'gathers' }, aggregationRule, rules: own });
    make('Part', 'ClusterRole', { metadata: { name: 'part', labels }, rules: [NAMED] });
    make('Binding', 'RoleBinding', {
      metadata: { name: 'binding', namespace: 'monitoring' },
      roleRef: { kind: 'ClusterRole', name: 'gathers', apiGroup: RBAC },
      subjects: [{ kind: 'ServiceAccount', name: 'default' }],
    });
    deployment(scope);
    return problems(scope);
  };

  test('gives their rights', () => {
    expect(gathering({ gather: 'yes' })).toEqual([
      expect.stringContaining('default may read the S3 keys (Secret s3-keys) by ClusterRole gathers'),
    ]);
  });

  test('but not those of others, nor what stands in it, which the API server drops', () => {
    expect(gathering({ gather: 'no' }, [NAMED])).toEqual([]);
    expect(warned()).toBe('');
  });
});
