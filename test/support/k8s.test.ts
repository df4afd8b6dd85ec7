/* eslint-disable @typescript-eslint/no-require-imports -- a fresh copy of the library for each stack */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CLASSES = join(ROOT, 'node_modules/cdk8s-plus-28/lib/imports/k8s.js');

/** A stack with what the options can bring into a manifest, made by a fresh copy of the library. */
function stackJson(): unknown[] {
  let json: unknown[] = [];
  jest.isolateModules(() => {
    const { App, Duration, Size, Testing } = require('cdk8s');
    const { IndexCache, S3Ca, S3Credentials, ThanosStack } = require('../../src');
    const pod = {
      env: [
        { name: 'A', value: '$(B)' },
        { name: 'C', secretName: 's', key: 'k' },
      ],
      envFrom: [{ configMapName: 'more', prefix: 'P_' }],
      resources: { requests: { cpu: '250m', memory: Size.mebibytes(256) }, limits: { memory: Size.gibibytes(1) } },
      tolerations: [{ key: 'thanos', value: 'yes', effect: 'NoSchedule' }],
      topologySpread: [{ topologyKey: 'topology.kubernetes.io/zone' }],
      nodeSelector: { 'kubernetes.io/os': 'linux', clusterIp: 'a-label' },
      podAnnotations: { hostPid: 'text' },
      podLabels: { team: 'a' },
      image: { digest: `sha256:${'0'.repeat(64)}`, pullSecrets: ['registry'] },
      priorityClassName: 'high',
      sidecars: [{ name: 'side', image: 'side:1', newerThan128: { hostPid: 1 } }],
      volumes: [{ name: 'extra', emptyDir: {} }],
      volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
    };
    const stack = new ThanosStack(new App({ outdir: 'manifests' }), 'thanos', {
      createNamespace: true,
      objstore: {
        bucket: 'thanos',
        endpoint: 's3.example.com',
        ca: S3Ca.fromFile(join(ROOT, 'examples/guide/certs/minio-ca.crt')),
        credentials: S3Credentials.unsafePlainText({ accessKey: 'key', secretKey: 'secret' }),
      },
      receiver: { ...pod, replicas: 3 },
      compactor: { retention: { raw: Duration.days(30) } },
      storeGateway: { indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }) },
      ruler: { rules: [{ name: 'up', rules: [{ record: 'job:up:sum', expr: 'sum by (job) (up)' }] }] },
      query: pod,
      queryFrontend: {},
      bucketWeb: {},
      grafana: {},
    });
    json = Testing.synth(stack);
  });
  return json;
}

test('the manifests are what the classes of cdk8s-plus-28 would map', () => {
  const ours = stackJson();
  jest.doMock('../../src/support/k8s', () => {
    const classes = require('cdk8s-plus-28/lib/imports/k8s');
    return { ...classes, partJson: classes.toJson_Volume };
  });
  const theirs = stackJson();
  expect(ours.length).toBeGreaterThan(25);
  expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
});

test('no other field is used that the classes spell in their own way', () => {
  const spellings = [...readFileSync(CLASSES, 'utf8').matchAll(/^\s+'(\w+)': .*?obj\.(\w+)/gm)];
  const own = new Set(spellings.filter(([, json, name]) => json !== name).map(([, , name]) => name));
  expect(own.has('hostPid')).toBe(true);
  const used = new RegExp(`\\b(${[...own].join('|')})\\b`, 'g');
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.ts'),
  );
  const found = sources.flatMap((file) => readFileSync(join(ROOT, 'src', file), 'utf8').match(used) ?? []);
  expect([...new Set(found)]).toEqual(['clusterIp', 'loadBalancerIp']);
});

test('what is not a plain value waits for synth', () => {
  const { Lazy } = jest.requireActual('cdk8s');
  const { KubeConfigMap } = jest.requireActual('../../src/support/k8s');
  const lazy = Lazy.any({ produce: () => 'later' });
  expect(KubeConfigMap.manifest({ data: { key: lazy, gone: undefined } }).data).toEqual({ key: lazy });
  expect(KubeConfigMap.manifest({ data: { key: lazy } }).data.key).toBe(lazy);
});
