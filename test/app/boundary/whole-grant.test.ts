import { JsonPatch } from 'cdk8s';
import { Compactor, Receiver, S3Ca, StoreGateway } from '../../../src';
import { type Json, container } from '../../render';
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

const at = (spec: Json, name: string): string => `${POD}/volumes/${volume(spec, name)}`;

test.each<[string, (spec: Json) => JsonPatch, string]>([
  [
    "the config's volume is another ConfigMap",
    (spec) => JsonPatch.replace(`${at(spec, 'objstore-config')}/configMap/name`, 'mine'),
    'volumes[0]: the volume objstore-config is no longer what the Grant mounts at /etc/thanos/objstore',
  ],
  [
    "the CA's items take another key",
    (spec) => JsonPatch.replace(`${at(spec, 's3-ca-cert')}/secret/items/0/key`, 'other.crt'),
    'the volume s3-ca-cert is no longer Secret/thanos-s3-ca-cert, the CA',
  ],
  [
    'the checksum is gone',
    () => JsonPatch.remove('/spec/template/metadata/annotations'),
    'spec.template.metadata.annotations.checksum/objstore: is not the checksum of the config and the CA',
  ],
  [
    'the checksum is a text of its own',
    () => JsonPatch.replace('/spec/template/metadata/annotations/checksum~1objstore', 'x'),
    'is not the checksum of the config and the CA',
  ],
  [
    "a key's variable is text",
    () => JsonPatch.replace(`${POD}/containers/0/env/1`, { name: 'AWS_SECRET_ACCESS_KEY', value: 'hunter2' }),
    'containers[0].env[1]: AWS_SECRET_ACCESS_KEY no longer comes from Secret s3-keys',
  ],
  [
    "a key's variable stands a second time, as text",
    () => JsonPatch.add(`${POD}/containers/0/env/-`, { name: 'AWS_ACCESS_KEY_ID', value: 'mine' }),
    'AWS_ACCESS_KEY_ID no longer comes from Secret s3-keys',
  ],
])('a patch after which %s is refused', (_, patch, text) => {
  const found = patched((spec) => [patch(spec)]);
  expect(found).toEqual([expect.stringContaining(text)]);
  expect(found[0]).not.toContain('hunter2');
});

test('an env of the user that stands in for a key is refused, though no patch made it', () => {
  const env = [{ name: 'AWS_SECRET_ACCESS_KEY', value: 'hunter2' }];
  const found = patched(() => [], {}, { env });
  expect(found).toEqual([expect.stringContaining('AWS_SECRET_ACCESS_KEY no longer comes from Secret s3-keys')]);
  expect(found[0]).not.toContain('hunter2');
});

test.each([
  ['/etc/thanos/certs/', undefined],
  ['/etc//thanos/certs', undefined],
  ['/etc/thanos/certs/ca.crt', 'ca.crt'],
  ['/etc/thanos/objstore/./objstore.yml', 'objstore.yml'],
])('a mount over the Grant, at %s, is refused', (mountPath, subPath) => {
  const more = { volumes: [{ name: 'mine', emptyDir: {} }], volumeMounts: [{ name: 'mine', mountPath, subPath }] };
  expect(patched(() => [], {}, more)).toEqual([
    expect.stringMatching(/volumeMounts\[\d\]: mounts mine over \/etc\/thanos\/(certs|objstore), where the Grant's/),
  ]);
});

test("a mount beside the Grant, or above it, is the user's business", () => {
  const volumes = [{ name: 'mine', emptyDir: {} }];
  const volumeMounts = ['/etc/thanos/certs-2', '/etc/thanos'].map((mountPath) => ({ name: 'mine', mountPath }));
  expect(patched(() => [], {}, { volumes, volumeMounts })).toEqual([]);
});

test('a compactor that a patch doubles is refused: two corrupt the bucket', () => {
  const { scope, config } = guardedChart();
  const { workload } = new Compactor(scope, 'Compactor', { objstore: config });
  workload.addJsonPatch(JsonPatch.replace('/spec/replicas', 2));
  expect(problems(scope)).toEqual([expect.stringContaining('spec.replicas: is 2; two compactors corrupt the bucket')]);
  workload.addJsonPatch(JsonPatch.replace('/spec/replicas', 0));
  expect(problems(scope)).toEqual([]);
});

describe('an objstore.yml that was patched', () => {
  const patch = (change: (text: string) => string): { found: string[]; warned: string } => {
    const { scope, config } = guardedChart();
    new StoreGateway(scope, 'Store', { objstore: config });
    config.configMap.addJsonPatch(JsonPatch.replace('/data/objstore.yml', change(config.yaml)));
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const found = problems(scope);
    const warned = write.mock.calls.join('\n');
    write.mockRestore();
    return { found, warned };
  };

  test.each<[string, (text: string) => string, string]>([
    ['another CA', (text) => text.replace('/etc/thanos/certs/ca.crt', '/tmp/ca.crt'), 'names /tmp/ca.crt, but the CA'],
    ['no CA', (text) => text.replace(/^.*ca_file.*\n/m, ''), 'names no ca_file, but the CA lies at /etc/thanos/certs'],
  ])('is refused where it names %s', (_, change, text) => {
    expect(patch(change).found).toEqual([expect.stringContaining(`data["objstore.yml"]: ${text}`)]);
  });

  test('is warned of otherwise, since no pod rolls for it', () => {
    const { found, warned } = patch((text) => `${text}# mine\n`);
    expect(found).toEqual([]);
    expect(warned).toContain('was patched; the checksum of the pods knows nothing of ConfigMap thanos-objstore-config');
  });
});
