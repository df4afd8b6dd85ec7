import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import {
  CheckRole,
  type CheckRoleProps,
  ObjectStorage,
  ObjstoreConfig,
  type ObjstoreOptions,
  S3Ca,
  StackCheck,
} from '../../src';
import { bucket } from '../fixtures/objstore';
import { chart, find, type Json, render } from '../render';

function made(props: Partial<CheckRoleProps> = {}, s3: Partial<ObjstoreOptions> = {}): Json[] {
  const { chart, objstore } = bucket(s3);
  const role = new CheckRole(chart, 'Check', { objstore, ...props });
  expect(render(chart).filter(({ metadata }) => metadata.name === role.roleName).length).toBeGreaterThan(1);
  return Testing.synth(chart).filter(({ metadata }) => metadata.name === role.roleName);
}

const rule = (objects: Json[], resource: string): Json =>
  find(objects, 'Role').rules.find(({ resources }: Json) => resources.includes(resource));

test('docs/check-role.yaml is what it makes', () => {
  const text = readFileSync(path.join(__dirname, '../../docs/check-role.yaml'), 'utf8');
  expect(made({ hashrings: ['thanos-receiver-hashrings'] })).toEqual(
    parseAllDocuments(text).map((document) => document.toJS()),
  );
});

test('users and groups stand beside the ServiceAccount, or in its place', () => {
  const people = { users: ['ann@example.com'], groups: ['sre'] };
  const apiGroup = 'rbac.authorization.k8s.io';
  const named = [
    { kind: 'User', apiGroup, name: 'ann@example.com' },
    { kind: 'Group', apiGroup, name: 'sre' },
  ];
  const account = { kind: 'ServiceAccount', name: 'thanos-check', namespace: 'monitoring' };
  expect(find(made(people), 'RoleBinding').subjects).toEqual([account, ...named]);
  const without = made({ ...people, serviceAccount: false });
  expect(find(without, 'RoleBinding').subjects).toEqual(named);
  expect(without.map(({ kind }) => kind)).toEqual(['Role', 'RoleBinding']);
});

test('people have one of another name beside that of a StackCheck', () => {
  const { chart, objstore } = bucket({});
  new StackCheck(chart, 'StackCheck', { objstore, image: { repository: 'registry.example.com/check', tag: '1' } });
  const people = new CheckRole(chart, 'People', { objstore, name: 'thanos-sre', groups: ['sre'] });
  expect(people.roleName).toBe('thanos-sre');
  const names = Testing.synth(chart).filter(({ kind }) => kind === 'Role');
  expect(names.map(({ metadata }) => metadata.name).sort()).toEqual(['thanos-check', 'thanos-sre']);
});

test('the advice where both have one name can be taken', () => {
  const { chart, objstore } = bucket({});
  new StackCheck(chart, 'StackCheck', { objstore, image: { repository: 'registry.example.com/check', tag: '1' } });
  new CheckRole(chart, 'People', { objstore });
  expect(() => render(chart)).toThrow(
    /People: name: .*thanos-check.* exists already .*Give one of the two another name/,
  );
});

test('without exec nothing can be run in a pod', () => {
  expect(rule(made(), 'pods/exec').verbs).toEqual(['get', 'create']);
  expect(rule(made({ exec: false }), 'pods/exec')).toBeUndefined();
});

test.each<[string, Partial<ObjstoreOptions>, string[], string[] | undefined]>([
  ['a Secret', { ca: S3Ca.fromSecretName('minio-tls') }, ['thanos-objstore-config'], ['minio-tls']],
  ['a ConfigMap', { ca: S3Ca.fromConfigMapName('roots') }, ['thanos-objstore-config', 'roots'], undefined],
  ['public roots', { ca: undefined }, ['thanos-objstore-config'], undefined],
])('the CA in %s may be read, and no other object', (_, s3, configs, secrets) => {
  const objects = made({}, s3);
  expect(rule(objects, 'configmaps').resourceNames).toEqual(configs);
  expect(rule(objects, 'secrets')?.resourceNames).toEqual(secrets);
});

test.each<['fromSecretName' | 'fromConfigMapName', string[] | undefined]>([
  // it may hold the keys
  ['fromSecretName', undefined],
  ['fromConfigMapName', ['objstore']],
])("of an objstore.yml of the user's, %s, a ConfigMap may be read", (source, configs) => {
  const scope = chart();
  const objstore = ObjstoreConfig.fromStorage(scope, 'Bucket', ObjectStorage[source]('objstore'));
  new CheckRole(scope, 'Check', { objstore });
  const objects = render(scope);
  expect(rule(objects, 'configmaps')?.resourceNames).toEqual(configs);
  expect(rule(objects, 'secrets')).toBeUndefined();
});

test.each<[Partial<CheckRoleProps>, string]>([
  [{ serviceAccount: false }, 'serviceAccount: is false, and nobody is named in users and groups. Name some'],
  [{ objstore: undefined }, 'objstore: is missing'],
  [{ hashrings: ['A'] }, 'hashrings: [0]: "A" is not an object name'],
  [{ users: [1 as never] }, 'users: [0]: is 1'],
])('%j is refused', (props, message) => {
  expect(() => made(props)).toThrow(`cdk8s-thanos: test/Check: ${message}`);
});
