import { stringify } from 'yaml';
import { S3Ca, S3Credentials } from '../../src';
import { type ReaderLine, readerLines } from '../../src/graph/review/readers';
import { manifestObject } from '../../src/lint/manifest-object';
import { World } from '../../src/lint/world';
import { ECDSA_CA } from '../fixtures/certificates';
import { good, NOW } from '../lint/manifests';
import type { Json } from '../render';
import { objects, OBJSTORE } from '../stack/stacks';

const RBAC = 'rbac.authorization.k8s.io/v1';

function read(all: readonly Json[]): ReaderLine[] {
  return readerLines(
    new World(
      all.map((json) => manifestObject('m.yaml', json)),
      NOW,
    ),
  );
}

/** Who reads in a stack by hand, whose CA is in Secret s3-ca and whose keys are in s3-keys. */
function withRole(rules: Json[], more: { role?: Json; binding?: Json; objects?: Json[] } = {}): ReaderLine[] {
  const { config, configMap, ca, store, query } = good();
  configMap.data['objstore.yml'] = stringify(config);
  const metadata = { name: 'reader', namespace: 'm' };
  const role = { apiVersion: RBAC, kind: 'Role', metadata, rules, ...more.role };
  const binding = {
    ...{ apiVersion: RBAC, kind: 'RoleBinding', metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role.kind, name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'tool' }],
    ...more.binding,
  };
  return read([configMap, ca, store, query, role, binding, ...(more.objects ?? [])]);
}

const rule = (resources: string[], verbs: string[], resourceNames?: string[]): Json => ({
  ...{ apiGroups: [''], resources, verbs },
  ...(resourceNames && { resourceNames }),
});
const GET_CA = rule(['secrets'], ['get'], ['s3-ca']);

function pod(spec: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'tool', namespace: 'm' },
    spec: { containers: [], ...spec },
  };
}

test("a StackCheck's account may read the CA and the config, which the grant table calls shared", () => {
  const image = { repository: 'registry.example.com/check', tag: '1' };
  const ca = S3Ca.fromPem(ECDSA_CA);
  const credentials = S3Credentials.fromSecretName('keys');
  const all = objects({ objstore: { ...OBJSTORE, ca, credentials }, storeGateway: {}, stackCheck: { image } });
  const [line, ...others] = read(all);
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    who: 'ServiceAccount monitoring/thanos-check',
    workloads: ['CronJob monitoring/thanos-check'],
    by: [expect.stringMatching(/^get by Role thanos-check, of RoleBinding monitoring\/thanos-check$/)],
  });
  expect(line.what).toContain('CA: Secret thanos-s3-ca-cert');
  expect(line.what.join()).not.toContain('keys');
});

test('a rule that names nothing reaches the CA and the keys; one for ConfigMaps no config', () => {
  expect(withRole([rule(['secrets'], ['list', 'create'])])).toEqual([
    {
      who: 'ServiceAccount m/tool',
      workloads: [],
      what: ['CA: Secret s3-ca', 'keys: Secret s3-keys'],
      by: ['list by Role reader, of RoleBinding m/reader'],
    },
  ]);
  expect(withRole([rule(['configmaps'], ['get'])])).toEqual([]);
  expect(withRole([rule(['configmaps'], ['get'], ['objstore'])])).toMatchObject([
    { what: ['config: ConfigMap objstore'] },
  ]);
});

test.each<[string, Json[]]>([
  ['another Secret', [rule(['secrets'], ['get'], ['other'])]],
  ['verbs that show nothing', [rule(['secrets'], ['create', 'delete'])]],
  ['another group', [{ ...GET_CA, apiGroups: ['apps'] }]],
  ['a list that is none', [{ ...GET_CA, resources: 'secrets' }]],
  ['no rules', []],
])('%s lets nobody read', (_, rules) => {
  expect(withRole(rules)).toEqual([]);
});

test('a ClusterRole counts where it is bound, a built-in one too', () => {
  const role = { kind: 'ClusterRole', metadata: { name: 'reader' } };
  expect(withRole([GET_CA], { role })).toMatchObject([{ by: ['get by ClusterRole reader, of RoleBinding m/reader'] }]);
  const elsewhere = { metadata: { name: 'reader', namespace: 'other' } };
  expect(withRole([GET_CA], { role, binding: elsewhere })).toEqual([]);
  const everywhere = { kind: 'ClusterRoleBinding', metadata: { name: 'all' } };
  const subjects = [{ kind: 'Group', name: 'ops' }];
  const admin = { roleRef: { kind: 'ClusterRole', name: 'admin' }, subjects };
  expect(withRole([], { binding: { ...everywhere, ...admin } })).toMatchObject([
    { who: 'Group ops', workloads: [], what: ['CA: Secret s3-ca', 'keys: Secret s3-keys'] },
  ]);
});

test.each<[string, Json[], string[]]>([
  ['a pod of the account', [pod({ serviceAccountName: 'tool' })], ['Pod m/tool']],
  ['one of another account', [pod()], []],
  ['one without the token', [pod({ serviceAccountName: 'tool', automountServiceAccountToken: false })], []],
  [
    'one whose account mounts none',
    [
      pod({ serviceAccountName: 'tool' }),
      {
        ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'tool', namespace: 'm' } },
        automountServiceAccountToken: false,
      },
    ],
    [],
  ],
  [
    'one that mounts the token itself',
    [
      pod({
        ...{ serviceAccountName: 'tool', automountServiceAccountToken: false },
        volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      }),
    ],
    ['Pod m/tool'],
  ],
])('the workloads with the token: %s', (_, more, workloads) => {
  expect(withRole([GET_CA], { objects: more })).toMatchObject([{ workloads }]);
});
