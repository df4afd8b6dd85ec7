import { JsonPatch } from 'cdk8s';
import { Receiver, S3Ca, StoreGateway } from '../../src';
import { type Json, container } from '../render';
import { guardedChart, problems } from './boundary';

const POD = '/spec/template/spec';

/** What synth says of a store gateway after a patch that is made of its pod spec. */
function patched(
  make: (spec: Json) => JsonPatch[],
  options: Record<string, unknown> = {},
  more: object = {},
): string[] {
  const { scope, config } = guardedChart(options);
  const { workload } = new StoreGateway(scope, 'Store', { objstore: config, ...more });
  workload.addJsonPatch(...make(workload.toJson().spec.template.spec));
  return problems(scope);
}

const volume = (spec: Json, name: string): number => spec.volumes.findIndex((v: Json) => v.name === name);
const mount = (spec: Json, name: string): number =>
  spec.containers[0].volumeMounts.findIndex((m: Json) => m.name === name);

test('a store gateway as it is made is whole', () => {
  expect(patched(() => [])).toEqual([]);
});

test('a volume that was dropped is missed', () => {
  expect(patched((spec) => [JsonPatch.remove(`${POD}/volumes/${volume(spec, 's3-ca-cert')}`)])).toEqual([
    expect.stringContaining(
      'spec.template.spec: lost the volume s3-ca-cert at /etc/thanos/certs by a patch; Thanos would not start',
    ),
  ]);
});

test('a mount that was dropped is missed', () => {
  const name = 'objstore-config';
  expect(patched((spec) => [JsonPatch.remove(`${POD}/containers/0/volumeMounts/${mount(spec, name)}`)])).toEqual([
    expect.stringContaining('lost the volume objstore-config at /etc/thanos/objstore'),
  ]);
});

test('a mount that was moved is missed, since objstore.yml names the old path', () => {
  const at = (spec: Json) => `${POD}/containers/0/volumeMounts/${mount(spec, 's3-ca-cert')}/mountPath`;
  expect(patched((spec) => [JsonPatch.replace(at(spec), '/elsewhere')])).toEqual([
    expect.stringContaining('lost the volume s3-ca-cert at /etc/thanos/certs'),
  ]);
});

test.each([
  ['made by the library', {}],
  ['shared', { ca: S3Ca.fromConfigMapName('corp') }],
])('a subPath on a CA that is %s is refused', (_, options) => {
  const at = (spec: Json) => `${POD}/containers/0/volumeMounts/${mount(spec, 's3-ca-cert')}/subPath`;
  expect(patched((spec) => [JsonPatch.add(at(spec), 'ca.crt')], options)).toEqual([
    expect.stringMatching(
      /containers\[0\]\.volumeMounts\[\d\]: mounts the volume s3-ca-cert by subPath, which never sees/,
    ),
  ]);
});

test("a volume that is another's is no longer the CA", () => {
  const at = (spec: Json) => `${POD}/volumes/${volume(spec, 's3-ca-cert')}`;
  expect(patched((spec) => [JsonPatch.replace(at(spec), { name: 's3-ca-cert', emptyDir: {} })])).toEqual([
    expect.stringContaining('the volume s3-ca-cert is no longer Secret/thanos-s3-ca-cert, the CA'),
  ]);
});

test.each([
  ['removed', JsonPatch.remove(`${POD}/securityContext/fsGroup`)],
  ['null', JsonPatch.replace(`${POD}/securityContext/fsGroup`, null)],
  ['removed with its context', JsonPatch.remove(`${POD}/securityContext`)],
])('fsGroup that is %s leaves files that nobody can read', (_, patch) => {
  expect(patched(() => [patch])).toEqual([
    expect.stringContaining("spec.template.spec.securityContext.fsGroup: is missing: without it the pod can't read"),
  ]);
});

test('OpenShift sets fsGroup by itself', () => {
  expect(patched(() => [], {}, { security: { openShift: true } })).toEqual([]);
});

test('keys that were dropped are missed: Thanos would go on unsigned', () => {
  expect(patched(() => [JsonPatch.remove(`${POD}/containers/0/env`)])).toEqual([
    expect.stringContaining('containers[0].env: lost AWS_ACCESS_KEY_ID'),
    expect.stringContaining('containers[0].env: lost AWS_SECRET_ACCESS_KEY'),
  ]);
});

test('the flag that was dropped is missed: a receiver would go on without uploads', () => {
  const { scope, config } = guardedChart();
  const { workload } = new Receiver(scope, 'Receiver', { objstore: config });
  const args = container(workload).args.filter((arg: string) => !arg.startsWith('--objstore'));
  workload.addJsonPatch(JsonPatch.replace(`${POD}/containers/0/args`, args));
  expect(problems(scope)).toEqual([
    expect.stringContaining(
      'containers[0].args: no longer name /etc/thanos/objstore/objstore.yml: Thanos would run without',
    ),
  ]);
});

test('a container that was renamed is missed', () => {
  expect(patched(() => [JsonPatch.replace(`${POD}/containers/0/name`, 'thanos')])).toEqual(
    expect.arrayContaining([expect.stringContaining('lost the container store by a patch')]),
  );
});

test("other patches are the user's business", () => {
  expect(
    patched(() => [
      JsonPatch.add(`${POD}/hostNetwork`, true),
      JsonPatch.add(`${POD}/volumes/-`, { name: 'mine', emptyDir: {} }),
      JsonPatch.replace('/spec/replicas', 7),
    ]),
  ).toEqual([]);
});
