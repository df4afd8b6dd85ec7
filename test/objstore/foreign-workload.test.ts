import { ApiObject, Cron, JsonPatch } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import type { IConstruct } from 'constructs';
import { ObjstoreConfig, Query, S3Ca, S3Credentials } from '../../src';
import { podSpecs } from '../../src/manifest/pod-specs';
import { problems } from '../app/boundary/boundary';
import { bucket, message } from '../fixtures/bucket';
import { ECDSA_CA } from '../fixtures/certificates';
import { cronJob, deployment, pod, podSpec } from '../fixtures/workloads';
import { type Json, chart, find, render } from '../render';

const ca = S3Ca.fromPem(ECDSA_CA);
const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((name) => ({
  name,
  valueFrom: { secretKeyRef: { name: 'thanos-s3-keys', key: name } },
}));
const mounts = [
  { name: 'objstore-config', mountPath: '/etc/thanos/objstore', readOnly: true },
  { name: 's3-ca-cert', mountPath: '/etc/thanos/certs', readOnly: true },
];

function setUp() {
  const scope = chart();
  return { scope, config: new ObjstoreConfig(scope, 'Bucket', bucket({ ca })) };
}

test.each<[string, typeof deployment, (json: Json) => Json]>([
  ['Deployment', deployment, (json) => json.spec.template],
  ['CronJob', cronJob, (json) => json.spec.jobTemplate.spec.template],
  ['Pod', pod, (json) => json],
])('a bare %s gets config, CA, keys and checksum', (_, make, template) => {
  const { scope, config } = setUp();
  const workload = make(scope);
  config.grantTo(workload);
  const { metadata, spec } = template(workload.toJson());
  expect(metadata.annotations).toEqual({ 'checksum/objstore': config.checksum });
  expect(spec.containers).toEqual([{ name: 'app', image: 'app:1', volumeMounts: mounts, env: keys }]);
  expect(spec.volumes.map((v: Json) => v.name)).toEqual(['objstore-config', 's3-ca-cert']);
  expect(() => render(scope)).not.toThrow();
});

test('what the workload had stays', () => {
  const { scope, config } = setUp();
  const own = {
    name: 'app',
    image: 'app:1',
    env: [{ name: 'A', value: 'b' }],
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  };
  const workload = deployment(scope, { containers: [own], volumes: [{ name: 'v', emptyDir: {} }] });
  workload.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { mine: 'x' }));
  config.grantTo(workload);
  const { metadata, spec } = workload.toJson().spec.template;
  expect(metadata).toEqual({
    labels: { app: 'app' },
    annotations: { mine: 'x', 'checksum/objstore': config.checksum },
  });
  expect(spec.volumes[0]).toEqual({ name: 'v', emptyDir: {} });
  expect(spec.containers[0].env).toEqual([{ name: 'A', value: 'b' }, ...keys]);
  expect(spec.containers[0].volumeMounts).toEqual([{ name: 'v', mountPath: '/v' }, ...mounts]);
});

test('only the named containers get it', () => {
  const { scope, config } = setUp();
  const workload = pod(scope, { containers: [{ name: 'prometheus' }, { name: 'sidecar' }] });
  config.grantTo(workload, { containers: ['sidecar'] });
  const [prometheus, sidecar] = workload.toJson().spec.containers;
  expect(prometheus).toEqual({ name: 'prometheus' });
  expect(sidecar.volumeMounts).toEqual(mounts);
  expect(() => render(scope)).not.toThrow();
});

test('the service account of the credentials comes along', () => {
  const scope = chart();
  const credentials = S3Credentials.fromServiceAccountName('thanos');
  const workload = deployment(scope);
  new ObjstoreConfig(scope, 'Bucket', bucket({ credentials })).grantTo(workload);
  expect(workload.toJson().spec.template.spec.serviceAccountName).toBe('thanos');
});

test('two buckets fit one workload by different containers only where their volumes differ', () => {
  const { scope, config } = setUp();
  const other = new ObjstoreConfig(scope, 'Other', bucket({ instance: 'other' }));
  const workload = pod(scope, { containers: [{ name: 'a' }, { name: 'b' }] });
  config.grantTo(workload, { containers: ['a'] });
  other.grantTo(workload, { containers: ['b'] });
  expect(problems(scope)).toEqual([expect.stringContaining('Pod app has a volume "objstore-config" already')]);
});

test.each<[string, (scope: ReturnType<typeof chart>) => unknown, object, string]>([
  ['nothing', () => undefined, {}, 'undefined is not a workload'],
  ['JSON', () => ({ kind: 'Pod' }), {}, 'an object is not a workload'],
  [
    'a component of the library',
    (scope) => new Query(scope, 'Query').workload,
    {},
    'thanos-query is a component of this library',
  ],
  ['no container', deployment, { containers: [] }, 'containers is empty'],
  ['an unknown option', deployment, { container: 'app' }, 'has no field "container"; did you mean "containers"?'],
])('%s is refused', (_, make, options, text) => {
  const { scope, config } = setUp();
  const workload = make(scope) as ApiObject;
  const said = message(() => config.grantTo(workload, options));
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: grantTo: /);
  expect(said).toContain(text);
});

test.each<[string, (scope: ReturnType<typeof chart>) => unknown, object, string]>([
  [
    'no pod template',
    (scope) => new ApiObject(scope, 'X', { apiVersion: 'v1', kind: 'Service' }),
    {},
    'has no pod template',
  ],
  [
    'another namespace',
    (scope) => deployment(scope, podSpec(), { namespace: 'x' }),
    {},
    'Deployment app is in namespace x',
  ],
  ['no namespace', (scope) => deployment(scope, podSpec(), { namespace: undefined }), {}, 'is in namespace default'],
  ['a wrong container', deployment, { containers: ['ap'] }, 'Deployment app has no container "ap"; it has app'],
  [
    'a taken path',
    (scope) =>
      deployment(scope, {
        containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/etc/thanos/certs' }] }],
      }),
    {},
    'container "app" mounts /etc/thanos/certs already',
  ],
  [
    'a variable that the Grant sets',
    (scope) => deployment(scope, { containers: [{ name: 'app', env: [{ name: 'AWS_ACCESS_KEY_ID', value: 'x' }] }] }),
    {},
    'container "app" sets AWS_ACCESS_KEY_ID already, which the Grant sets',
  ],
])('%s is an error at synth, when the workload is finished', (_, make, options, text) => {
  const { scope, config } = setUp();
  config.grantTo(make(scope) as ApiObject, options);
  const said = problems(scope);
  expect(said).toEqual([expect.stringContaining('cdk8s-thanos: test/Bucket: grantTo: ')]);
  expect(said[0]).toContain(text);
});

test('a second grant is refused: Kubernetes takes no volume twice', () => {
  const { scope, config } = setUp();
  const workload = deployment(scope);
  config.grantTo(workload);
  config.grantTo(workload);
  expect(problems(scope)).toEqual([
    expect.stringContaining('already. If it was granted before, grant it once and name all containers there'),
  ]);
});

test('a pod without fsGroup is warned of: the files are for its group', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { scope, config } = setUp();
  config.grantTo(deployment(scope, podSpec({ securityContext: { fsGroup: 1 } })));
  render(scope);
  expect(write.mock.calls.join()).not.toContain('fsGroup');
  config.grantTo(cronJob(scope));
  render(scope);
  expect(write.mock.calls.join()).toContain(
    'warning: test/Cron: spec.jobTemplate.spec.template.spec.securityContext: sets no fsGroup, so only root can read',
  );
  write.mockRestore();
});

describe('in any order of calls', () => {
  const paths = (workload: Json): string[] =>
    workload.spec.template.spec.containers[0].volumeMounts.map(({ mountPath }: Json) => mountPath);
  const patch = JsonPatch.add('/spec/template/spec/volumes', [{ name: 'mine', emptyDir: {} }]);

  test('a patch of whole lists after the grant does not take it away, nor is it lost', () => {
    const { scope, config } = setUp();
    const workload = deployment(scope);
    config.grantTo(workload);
    workload.addJsonPatch(patch);
    const names = (json: Json): string[] => json.spec.template.spec.volumes.map(({ name }: Json) => name);
    for (let i = 0; i < 2; i++) expect(names(workload.toJson())).toEqual(['mine', 'objstore-config', 's3-ca-cert']);
    expect(problems(scope)).toEqual([]);
  });

  describe.each([
    ['cdk8s-plus-28', kplus28],
    // the newest
    ['cdk8s-plus-33', kplus33 as unknown as typeof kplus28],
  ])('%s', (_, kplus) => {
    const metadata = { namespace: 'monitoring' };
    const containers = [{ image: 'app:1', portNumber: 80 }];
    const folder = (scope: ReturnType<typeof chart>): kplus28.Volume => kplus.Volume.fromEmptyDir(scope, 'V', 'mine');

    test('a Deployment that gets container, mount and variable after the grant has all of it, at each synth', () => {
      const { scope, config } = setUp();
      const workload = new kplus.Deployment(scope, 'App', { metadata });
      config.grantTo(workload);
      const container = workload.addContainer({ image: 'app:1' });
      container.mount('/mine', folder(scope));
      container.env.addVariable('TZ', kplus.EnvValue.fromValue('UTC'));
      for (let i = 0; i < 2; i++) {
        const made = find(render(scope), 'Deployment');
        expect(paths(made)).toEqual(['/mine', '/etc/thanos/objstore', '/etc/thanos/certs']);
        expect(made.spec.template.spec.containers[0].env).toEqual([{ name: 'TZ', value: 'UTC' }, ...keys]);
      }
    });

    test('the same before the grant gives the same', () => {
      const { scope, config } = setUp();
      const workload = new kplus.Deployment(scope, 'App', { metadata, containers });
      workload.containers[0].mount('/mine', folder(scope));
      config.grantTo(workload);
      expect(paths(find(render(scope), 'Deployment'))).toEqual(['/mine', '/etc/thanos/objstore', '/etc/thanos/certs']);
    });

    test.each<[string, (scope: ReturnType<typeof chart>) => IConstruct]>([
      ['StatefulSet', (scope) => new kplus.StatefulSet(scope, 'App', { metadata, containers })],
      ['DaemonSet', (scope) => new kplus.DaemonSet(scope, 'App', { metadata, containers })],
      ['Job', (scope) => new kplus.Job(scope, 'App', { metadata, containers })],
      ['CronJob', (scope) => new kplus.CronJob(scope, 'App', { metadata, containers, schedule: Cron.daily() })],
      ['Pod', (scope) => new kplus.Pod(scope, 'App', { metadata, containers })],
    ])('a %s', (kind, make) => {
      const { scope, config } = setUp();
      config.grantTo(make(scope));
      const [found] = podSpecs(find(render(scope), kind)).filter(({ spec }) => spec.containers);
      expect(found.spec.containers[0].volumeMounts).toEqual(mounts);
      expect(found.spec.containers[0].env).toEqual(keys);
    });
  });

  test('a construct that wraps no object is told what to give', () => {
    const { scope, config } = setUp();
    expect(message(() => config.grantTo(scope))).toContain(
      'an object is not a workload. Give a construct of cdk8s-plus, or ApiObject.of(it)',
    );
  });
});
