import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  Compactor,
  ObjstoreConfig,
  Query,
  S3Ca,
  S3CaSecret,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  StoreGateway,
  ThanosStack,
} from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA } from '../../fixtures/certificates';
import { cronJob, deployment, pod, podSpec } from '../../fixtures/workloads';
import { type Json } from '../../render';
import { guardedChart, problems } from './boundary';

const CA = 'thanos-s3-ca-cert';
const secretVolume = { name: 'x', secret: { secretName: CA } };

/** Every way by which a pod gets at the CA's Secret, and the field that is then named. */
const WAYS_IN: [string, Json, string][] = [
  ['volume', { volumes: [secretVolume] }, 'volumes[0].secret'],
  ['second volume', { volumes: [{ name: 'a', emptyDir: {} }, secretVolume] }, 'volumes[1].secret'],
  [
    'projected volume',
    { volumes: [{ name: 'x', projected: { sources: [{ downwardAPI: {} }, { secret: { name: CA } }] } }] },
    'volumes[0].projected.sources[1].secret',
  ],
  [
    'CSI volume',
    { volumes: [{ name: 'x', csi: { driver: 'd', nodePublishSecretRef: { name: CA } } }] },
    'volumes[0].csi.nodePublishSecretRef',
  ],
  [
    'flex volume',
    { volumes: [{ name: 'x', flexVolume: { driver: 'd', secretRef: { name: CA } } }] },
    'volumes[0].flexVolume.secretRef',
  ],
  ['Azure volume', { volumes: [{ name: 'x', azureFile: { secretName: CA } }] }, 'volumes[0].azureFile.secretName'],
  [
    'env',
    { containers: [{ name: 'app', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: CA, key: 'ca.crt' } } }] }] },
    'containers[0].env[0].valueFrom.secretKeyRef',
  ],
  [
    'envFrom',
    { containers: [{ name: 'app', envFrom: [{ secretRef: { name: CA } }] }] },
    'containers[0].envFrom[0].secretRef',
  ],
  [
    'env of an init container',
    { initContainers: [{ name: 'i', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: CA, key: 'k' } } }] }] },
    'initContainers[0].env[0].valueFrom.secretKeyRef',
  ],
  [
    'envFrom of an ephemeral container',
    { ephemeralContainers: [{ name: 'e', envFrom: [{ secretRef: { name: CA } }] }] },
    'ephemeralContainers[0].envFrom[0].secretRef',
  ],
];

describe.each([
  ['Deployment', deployment, 'App', 'spec.template.spec'],
  ['CronJob', cronJob, 'Cron', 'spec.jobTemplate.spec.template.spec'],
  ['Pod', pod, 'Pod', 'spec'],
] as const)('a %s that opens no bucket', (_, make, id, path) => {
  test.each(WAYS_IN)('may not get at the CA by %s', (_way, spec, field) => {
    const { scope } = guardedChart();
    make(scope, podSpec(spec));
    expect(problems(scope)).toEqual([
      expect.stringContaining(`cdk8s-thanos: test/${id}: ${path}.${field}: uses the CA (Secret ${CA})`),
    ]);
  });

  test('passes with Secrets of its own', () => {
    const { scope } = guardedChart();
    make(scope, podSpec({ volumes: [{ name: 'x', secret: { secretName: 'mine' } }] }));
    expect(problems(scope)).toEqual([]);
  });
});

test.each([
  ['the objstore config', { volumes: [{ name: 'x', configMap: { name: 'thanos-objstore-config' } }] }],
  [
    'the objstore config',
    { volumes: [{ name: 'x', projected: { sources: [{ configMap: { name: 'thanos-objstore-config' } }] } }] },
  ],
  [
    'the objstore config',
    { containers: [{ name: 'a', envFrom: [{ configMapRef: { name: 'thanos-objstore-config' } }] }] },
  ],
  [
    'the objstore config',
    {
      containers: [
        {
          name: 'a',
          env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'thanos-objstore-config', key: 'k' } } }],
        },
      ],
    },
  ],
  ['the S3 keys', { containers: [{ name: 'a', envFrom: [{ secretRef: { name: 's3-keys' } }] }] }],
  ['the S3 client certificate', { volumes: [{ name: 'x', secret: { secretName: 's3-tls' } }] }],
  ['the SSE-C key', { volumes: [{ name: 'x', secret: { secretName: 's3-sse' } }] }],
])('%s is guarded too', (holds, spec) => {
  const { scope } = guardedChart({
    clientCertificate: S3ClientCertificate.fromSecretName('s3-tls'),
    encryption: S3Encryption.customerKeyFromSecretName('s3-sse'),
  });
  deployment(scope, podSpec(spec));
  expect(problems(scope)).toEqual([expect.stringContaining(`uses ${holds} (`)]);
});

test.each([
  ['secrets', { secrets: [CA] }, 'spec.secrets[0]'],
  ['secrets of objects', { secrets: [{ name: CA }] }, 'spec.secrets[0]'],
  ['volumes', { volumes: [secretVolume] }, 'spec.volumes[0].secret'],
  [
    'containers',
    { containers: [{ name: 'c', envFrom: [{ secretRef: { name: CA } }] }] },
    'spec.containers[0].envFrom[0].secretRef',
  ],
  [
    'a remote write',
    { remoteWrite: [{ tlsConfig: { ca: { secret: { name: CA, key: 'ca.crt' } } } }] },
    'spec.remoteWrite[0].tlsConfig.ca.secret',
  ],
  ['a sidecar', { thanos: { objectStorageConfig: { name: CA, key: 'x' } } }, 'spec.thanos.objectStorageConfig'],
  [
    'a sidecar beside lists',
    { secrets: [], thanos: { volumeMounts: [], objectStorageConfig: { name: CA } } },
    'spec.thanos.objectStorageConfig',
  ],
  [
    'a nested pod',
    { secrets: [], podTemplate: { spec: podSpec({ volumes: [secretVolume] }) } },
    'spec.podTemplate.spec.volumes[0].secret',
  ],
])('a custom resource may not pass the CA on by %s', (_, spec, field) => {
  const { scope } = guardedChart();
  new ApiObject(scope, 'Prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'k8s', namespace: 'monitoring' },
    spec,
  });
  expect(problems(scope)).toEqual([expect.stringContaining(`test/Prometheus: ${field}: uses the CA`)]);
});

test('a custom resource may not pass the config on', () => {
  const { scope } = guardedChart();
  new ApiObject(scope, 'Am', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Alertmanager',
    metadata: { name: 'm', namespace: 'monitoring' },
    spec: { configMaps: ['thanos-objstore-config'] },
  });
  expect(problems(scope)).toEqual([expect.stringContaining('spec.configMaps[0]: uses the objstore config')]);
});

test('an object without a spec is looked into, and its metadata is not', () => {
  const { scope } = guardedChart();
  const metadata = { name: 't', namespace: 'monitoring' };
  new ApiObject(scope, 'T', {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata,
    template: { spec: podSpec({ volumes: [secretVolume] }) },
  });
  new ApiObject(scope, 'L', {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { ...metadata, annotations: { secrets: CA } },
  });
  expect(problems(scope)).toEqual([expect.stringContaining('test/T: template.spec.volumes[0].secret: uses the CA')]);
});

test("a user's patch is judged with the rest", () => {
  const { scope } = guardedChart();
  deployment(scope).addJsonPatch(JsonPatch.add('/spec/template/spec/volumes', [secretVolume]));
  expect(problems(scope)).toEqual([
    expect.stringContaining('test/App: spec.template.spec.volumes[0].secret: uses the CA'),
  ]);
});

test('a patch after a first synth is judged too', () => {
  const { scope } = guardedChart();
  const app = deployment(scope);
  expect(problems(scope)).toEqual([]);
  app.addJsonPatch(JsonPatch.add('/spec/template/spec/volumes', [secretVolume]));
  expect(problems(scope)).toHaveLength(1);
});

describe('the escape hatches', () => {
  const reads = { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's3-keys', key: 'k' } } }] };

  test.each([
    ['volumes', { volumes: [secretVolume] }],
    ['sidecars', { sidecars: [{ name: 's', image: 'i', ...reads }] }],
    ['initContainers', { initContainers: [{ name: 's', image: 'i', ...reads }] }],
    ['env', { env: [{ name: 'A', secretName: 's3-keys', key: 'k' }] }],
    ['envFrom', { envFrom: [{ secretName: 's3-keys' }] }],
  ])('of a Query can not bring it in by %s', (_, options) => {
    const { scope } = guardedChart();
    new Query(scope, 'Query', options);
    expect(problems(scope)).toEqual([expect.stringContaining('test/Query/Resource: spec.template.spec.')]);
  });

  test.each([
    [
      'mounting its volume',
      { name: 's', image: 'i', volumeMounts: [{ name: 's3-ca-cert', mountPath: '/x' }] },
      'gives the CA',
    ],
    ['reading its keys', { name: 's', image: 'i', ...reads }, 'gives the S3 keys'],
    ['all its keys', { name: 's', image: 'i', envFrom: [{ secretRef: { name: 's3-keys' } }] }, 'gives the S3 keys'],
  ])('of a granted component can not share with a sidecar %s', (_, sidecar, text) => {
    const { scope, config } = guardedChart();
    new StoreGateway(scope, 'Store', { objstore: config, sidecars: [sidecar] });
    expect(problems(scope)).toEqual([expect.stringContaining(`${text}`)]);
    expect(problems(scope)[0]).toContain("to the container s, which doesn't open the bucket. Remove it");
  });

  test('of a granted component can not give a sidecar a second volume of the CA', () => {
    const { scope, config } = guardedChart();
    const sidecar = { name: 's', image: 'i', volumeMounts: [{ name: 'x', mountPath: '/x' }] };
    new Compactor(scope, 'Compactor', { objstore: config, sidecars: [sidecar], volumes: [secretVolume] });
    expect(problems(scope)).toEqual([
      expect.stringContaining('gives the CA (Secret thanos-s3-ca-cert) to the container s'),
    ]);
  });

  test('of a granted component take a sidecar of its own', () => {
    const { scope, config } = guardedChart();
    new StoreGateway(scope, 'Store', { objstore: config, sidecars: [{ name: 's', image: 'i' }] });
    expect(problems(scope)).toEqual([]);
  });
});

describe('a workload that was let in', () => {
  test('may use all of the grant, in the granted containers only', () => {
    const { scope, config } = guardedChart();
    const app = pod(scope, { containers: [{ name: 'a' }, { name: 'b' }] });
    config.grantTo(app, { containers: ['a'] });
    expect(problems(scope)).toEqual([]);
    app.addJsonPatch(JsonPatch.add('/spec/containers/1/volumeMounts', [{ name: 's3-ca-cert', mountPath: '/x' }]));
    expect(problems(scope)).toEqual([expect.stringContaining('spec.containers[1].volumeMounts[0]: gives the CA')]);
  });

  test('may not mount by subPath, which never sees an update', () => {
    const { scope, config } = guardedChart();
    const app = deployment(scope);
    config.grantTo(app);
    const mount = { name: 's3-ca-cert', mountPath: '/ca.crt', subPath: 'ca.crt' };
    app.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/volumeMounts', [mount]));
    expect(problems(scope)).toEqual([expect.stringContaining('mounts the CA (Secret thanos-s3-ca-cert) by subPath')]);
  });

  test('by one bucket has no right to another', () => {
    const { scope, config } = guardedChart();
    new ObjstoreConfig(
      scope,
      'Other',
      bucket({ instance: 'other', credentials: S3Credentials.fromSecretName('other-keys') }),
    );
    const app = deployment(
      scope,
      podSpec({ containers: [{ name: 'app', envFrom: [{ secretRef: { name: 'other-keys' } }] }] }),
    );
    config.grantTo(app);
    expect(problems(scope)).toEqual([expect.stringContaining('uses the S3 keys (Secret other-keys)')]);
  });
});

describe('a CA that is only referenced', () => {
  const uses = podSpec({ volumes: [{ name: 'x', configMap: { name: 'corp-ca' } }] });

  test('is shared unless the user says otherwise', () => {
    const { scope } = guardedChart({ ca: S3Ca.fromConfigMapName('corp-ca') });
    deployment(scope, uses);
    expect(problems(scope)).toEqual([]);
  });

  test('is guarded when it is exclusive', () => {
    const { scope } = guardedChart({ ca: S3Ca.fromConfigMapName('corp-ca', { exclusive: true }) });
    deployment(scope, uses);
    expect(problems(scope)).toEqual([expect.stringContaining('uses the CA (ConfigMap corp-ca)')]);
  });

  test('may be the Secret of another S3CaSecret, by name', () => {
    const { scope } = guardedChart({ ca: undefined, instance: 'a' });
    new S3CaSecret(scope, 'Ca', { ca: S3Ca.fromPem(ECDSA_CA) });
    const named = new ObjstoreConfig(scope, 'Named', bucket({ ca: S3Ca.fromSecretName(CA), instance: 'b' }));
    new StoreGateway(scope, 'Store', { objstore: named });
    expect(problems(scope)).toEqual([]);
  });
});

describe('the same name elsewhere', () => {
  const uses = podSpec({ volumes: [secretVolume] });

  test('in another namespace is another Secret', () => {
    const { scope } = guardedChart();
    deployment(scope, uses, { namespace: 'other' });
    expect(problems(scope)).toEqual([]);
  });

  test('in no namespace may be this one, since kubectl decides', () => {
    const { scope } = guardedChart();
    deployment(scope, uses, { namespace: undefined });
    expect(problems(scope)).toEqual([
      expect.stringContaining('The object has no namespace; give it one if it means another Secret'),
    ]);
  });

  test("in another cluster's stack is another Secret", () => {
    const app = new App();
    const objstore = bucket({ ca: S3Ca.fromPem(ECDSA_CA), endpoint: 'minio.store.svc:9000' });
    const stacks = ['a', 'b'].map((cluster) => new ThanosStack(app, cluster, { cluster, objstore, storeGateway: {} }));
    expect(problems(stacks[0])).toEqual([]);
    deployment(stacks[1], uses, { id: 'Leak' });
    expect(problems(stacks[0])).toEqual([
      expect.stringContaining('b/Leak: spec.template.spec.volumes[0].secret: uses the CA'),
    ]);
  });
});

test('an app without buckets is not looked at', () => {
  const scope = new Chart(new App(), 'test');
  deployment(scope, podSpec({ volumes: [secretVolume] }));
  new Query(scope, 'Query', { endpoints: ['a:1'] });
  expect(problems(scope)).toEqual([]);
});
