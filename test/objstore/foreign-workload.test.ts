import { ApiObject, JsonPatch } from 'cdk8s';
import { ObjstoreConfig, Query, S3Ca, S3Credentials } from '../../src';
import { AppRegistry } from '../../src/app/registry';
import { bucket, message } from '../fixtures/bucket';
import { ECDSA_CA } from '../fixtures/certificates';
import { cronJob, deployment, pod, podSpec } from '../fixtures/workloads';
import { type Json, chart, render } from '../render';

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
  expect(message(() => other.grantTo(workload, { containers: ['b'] }))).toContain(
    'Pod app has a volume "objstore-config" already',
  );
});

test.each<[string, (scope: ReturnType<typeof chart>) => unknown, object, string]>([
  ['nothing', () => undefined, {}, 'undefined is no ApiObject'],
  ['JSON', () => ({ kind: 'Pod' }), {}, 'an object is no ApiObject'],
  [
    'a component of the library',
    (scope) => new Query(scope, 'Query').workload,
    {},
    'thanos-query is a component of this library',
  ],
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
  ['no container', deployment, { containers: [] }, 'containers is empty'],
  ['an unknown option', deployment, { container: 'app' }, 'has no field "container"; did you mean "containers"?'],
  [
    'a taken path',
    (scope) =>
      deployment(scope, {
        containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/etc/thanos/certs' }] }],
      }),
    {},
    'container "app" mounts /etc/thanos/certs already',
  ],
])('%s is refused', (_, make, options, text) => {
  const { scope, config } = setUp();
  const workload = make(scope) as ApiObject;
  const said = message(() => config.grantTo(workload, options));
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: grantTo: /);
  expect(said).toContain(text);
});

test('a second grant is refused: Kubernetes takes no volume twice', () => {
  const { scope, config } = setUp();
  const workload = deployment(scope);
  config.grantTo(workload);
  expect(message(() => config.grantTo(workload))).toContain('it was granted before, or must rename its own');
});

test('a pod without fsGroup is warned of: the files are for its group', () => {
  const { scope, config } = setUp();
  config.grantTo(deployment(scope, podSpec({ securityContext: { fsGroup: 1 } })));
  expect(AppRegistry.of(scope).warnings).toEqual([]);
  config.grantTo(cronJob(scope));
  expect(AppRegistry.of(scope).warnings).toEqual([
    'test/Bucket: grantTo: CronJob app sets no fsGroup, so only root can read the mounted files (mode 0440)',
  ]);
});
