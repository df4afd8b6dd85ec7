import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import {
  HttpConfig,
  ObjstoreConfig,
  Query,
  SidecarPodMonitor,
  StoreGateway,
  ThanosSidecar,
  TlsCertificate,
} from 'cdk8s-thanos';
import * as path from 'node:path';
import type { Json } from '../render';
import { describeOnCluster, TEST_DATA } from '../programs/cluster';
import { privateCa } from './support/certificates';
import { applyManifests, applyOwn, kubectl, list } from './support/kubectl';
import { blocks, credentialsSecret, S3_HOST, minioBucket, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from './support/pods';
import { progress, step, until } from './support/progress';
import { PROMETHEUS_IMAGE, prometheusImage } from './support/prometheus';
import { thanosSamples, windowSince } from './support/samples';

const NAMESPACE = 'thanos-e2e-sidecar';
const OUTSIDE = `${NAMESPACE}-s3`;
const LABELS = { app: 'prometheus' };
const KINDS = ['prometheuses', 'thanosrulers', 'podmonitors'];

/** Prometheus with a block each minute, so that one is uploaded while a test looks. */
function prometheus(scope: Chart): ApiObject {
  const config = {
    global: { scrape_interval: '1s', external_labels: { cluster: 'e2e', prometheus_replica: 'a' } },
    scrape_configs: [{ job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] }],
  };
  new ApiObject(scope, 'config', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prometheus' },
    data: { 'prometheus.yml': JSON.stringify(config) },
  } as any);
  const blockLength = ['min', 'max'].map((end) => `--storage.tsdb.${end}-block-duration=1m`);
  return new ApiObject(scope, 'prometheus', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'prometheus' },
    spec: {
      serviceName: 'prometheus',
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          ...RESTRICTED_POD,
          containers: [
            {
              name: 'prometheus',
              image: PROMETHEUS_IMAGE,
              command: [
                'prometheus',
                '--config.file=/config/prometheus.yml',
                '--storage.tsdb.path=/prometheus',
                ...blockLength,
              ],
              volumeMounts: [
                { name: 'config', mountPath: '/config' },
                { name: 'data', mountPath: '/prometheus' },
              ],
              ...RESTRICTED_CONTAINER,
            },
          ],
          volumes: [
            { name: 'config', configMap: { name: 'prometheus' } },
            { name: 'data', emptyDir: {} },
          ],
        },
      },
    },
  } as any);
}

/** A resource of the operator's. */
function resource(scope: Chart, kind: string): ApiObject {
  const spec = kind === 'Prometheus' ? { replicas: 1 } : { queryEndpoints: ['query:10902'] };
  return new ApiObject(scope, kind, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name: 'k8s' },
    spec,
  } as any);
}

/** Whether the API server knows a kind. */
async function isServed(kind: string): Promise<boolean> {
  return (await kubectl(['api-resources', '--api-group=monitoring.coreos.com', '-o', 'name'])).includes(`${kind}.`);
}

function bucketOf(scope: Chart, caPem: string): ObjstoreConfig {
  return new ObjstoreConfig(scope, 'Objstore', minioBucket(caPem));
}

describeOnCluster('a Prometheus with a sidecar', () => {
  const ca = privateCa(S3_HOST);
  const begin = Date.now();
  const crds: string[] = [];

  beforeAll(async () => {
    prometheusImage();
    await makeNamespace(OUTSIDE);
    await makeNamespace(NAMESPACE);
    const ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, ca));
    await applyOwn(credentialsSecret(NAMESPACE));
    const app = new App();
    const chart = new Chart(app, 'sidecar', { namespace: NAMESPACE, disableResourceNameHashes: true });
    const objstore = bucketOf(chart, ca.caPem);
    const workload = prometheus(chart);
    const sidecar = new ThanosSidecar(chart, 'Sidecar', { prometheus: workload, objstore });
    const store = new StoreGateway(chart, 'Store', { objstore, replicas: 1, syncInterval: Duration.seconds(10) });
    new Query(chart, 'Query', { sources: [sidecar, store], replicas: 1 });
    for (const object of ip ? [workload, store.workload] : [])
      object.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', [{ ip, hostnames: [S3_HOST] }]));
    await applyManifests(app.synthYaml());
  });
  afterAll(async () => {
    for (const crd of crds) await kubectl(['delete', 'customresourcedefinition', crd]);
    await step('namespaces are gone', dropNamespaces);
  });

  test('uploads a block over TLS from the private CA', async () => {
    await step('Prometheus and its sidecar are ready', () =>
      until('ready', async () => (await list(NAMESPACE, 'pods', '-l', 'app=prometheus')).some(isReady)),
    );
    await step('a block is in the bucket', () => until('a block', async () => (await blocks(OUTSIDE)).length > 0));
  });

  test('is asked by Query for what is not uploaded yet', async () => {
    const samples = await until('samples', async () => {
      const now = await thanosSamples(NAMESPACE, 'thanos-query', windowSince(begin), false);
      return now.size > 0 && now;
    });
    progress(`${samples.size} series by the sidecar`);
  });

  test('and when it is gone, the store alone answers from the bucket', async () => {
    await kubectl(['-n', NAMESPACE, 'scale', 'statefulset', 'prometheus', '--replicas=0']);
    await until('no Prometheus', async () => (await list(NAMESPACE, 'pods', '-l', 'app=prometheus')).length === 0);
    const samples = await until('samples of the store', async () => {
      const now = await thanosSamples(NAMESPACE, 'thanos-query', windowSince(begin), false);
      return now.size > 0 && now;
    });
    progress(`${samples.size} series by the store alone`);
  });

  test('as resources of the operator: its own CRDs take the fields, strictly', async () => {
    for (const kind of KINDS) {
      const crd = `${kind}.monitoring.coreos.com`;
      if ((await kubectl(['get', 'customresourcedefinition', crd, '--ignore-not-found'])) === '') {
        await kubectl([
          'apply',
          '--server-side',
          '-f',
          path.join(TEST_DATA, `crds/monitoring.coreos.com_${kind}.yaml`),
        ]);
        crds.push(crd);
      }
      await until('the kind is served', () => isServed(kind));
    }
    const app = new App();
    const chart = new Chart(app, 'operated', { namespace: NAMESPACE, disableResourceNameHashes: true });
    const objstore = bucketOf(chart, ca.caPem);
    const tls = { certificate: TlsCertificate.fromSecretName('parts') };
    const sidecar = new ThanosSidecar(chart, 'Sidecar', {
      prometheus: resource(chart, 'Prometheus'),
      objstore,
      instance: 'operated',
      grpcTls: tls,
      httpConfig: HttpConfig.fromSecretName('web', { tls, basicAuth: { secretName: 'login' } }),
    });
    new SidecarPodMonitor(chart, 'Scrape', { sidecar });
    objstore.grantTo(resource(chart, 'ThanosRuler'));
    await applyManifests(app.synthYaml());
    const [{ spec }]: Json[] = await list(NAMESPACE, 'prometheuses');
    expect(spec.thanos.objectStorageConfigFile).toBe('/etc/thanos/objstore/objstore.yml');
    expect(spec.thanos.additionalArgs).toMatchObject([{ name: 'http.config' }]);
    for (const kind of ['thanosrulers', 'podmonitors']) expect(await list(NAMESPACE, kind)).toHaveLength(1);
  });
});
