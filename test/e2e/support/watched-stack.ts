import { App, Duration, JsonPatch } from 'cdk8s';
import { type ObjstoreOptions, ThanosStack, type ThanosStackProps } from 'cdk8s-thanos';
import { parseAllDocuments } from 'yaml';
import type { Json } from '../../render';
import { ASLEEP } from './probes';
import { applyManifests, applyOwn } from './kubectl';
import { S3_HOST } from './minio';
import { debianImage } from './prometheus';
import { type Namespaces, ownPod, PACE, podReady } from './watching';

const ALERTMANAGER_IMAGE = process.env.E2E_ALERTMANAGER_IMAGE ?? 'local/alertmanager:test';
const TEMPLATES = ['default', 'email'].map((name) => `/usr/share/prometheus/alertmanager/${name}.tmpl`);
const SHORT_BLOCKS = ['--tsdb.min-block-duration=1m', '--tsdb.max-block-duration=1m'];
const ASKED = 'asked';

/** A stack of all parts, which is watched; small, and with a block each minute. */
export function watchedStack(
  app: App,
  { stack: namespace, outside }: Namespaces,
  objstore: ObjstoreOptions,
  more: Partial<ThanosStackProps> = {},
): ThanosStack {
  const one = { replicas: 1 };
  const interval = Duration.seconds(5);
  return new ThanosStack(app, 'thanos', {
    namespace,
    objstore,
    receiver: { replicas: 2, ingestOnly: true, extraArgs: SHORT_BLOCKS },
    receiveRouter: one,
    compactor: { waitInterval: interval, consistencyDelay: Duration.seconds(1) },
    storeGateway: { ...one, syncInterval: Duration.seconds(10) },
    ruler: {
      ...one,
      evaluationInterval: interval,
      alertmanagers: [`http://alertmanager.${outside}.svc.cluster.local:9093`],
      rules: [
        {
          name: 'own',
          interval,
          rules: [
            { record: 'e2e:up', expr: 'up' },
            { alert: 'Watchdog', expr: 'vector(1)' },
          ],
        },
      ],
      extraArgs: ['--tsdb.block-duration=1m', `--resend-delay=${60 / PACE}s`],
    },
    query: one,
    queryFrontend: one,
    bucketWeb: {},
    monitoring: { alerts: {}, scrapeAnnotations: {}, dashboards: {} },
    ...more,
  });
}

/** Applies it without the object of an operator that the cluster may not have. */
export async function applyWatched(app: App, stack: ThanosStack, s3Ip: string): Promise<void> {
  const openers = [...stack.receivers, stack.compactor, stack.storeGateway, stack.ruler, stack.bucketWeb];
  const aliases = [{ ip: s3Ip, hostnames: [S3_HOST] }];
  for (const part of openers) part!.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
  await applyManifests(
    objectsOf(app)
      .filter(({ kind }) => kind !== 'PrometheusRule')
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
}

/** The rules that an app writes, as groups of a Prometheus' file. */
export function rulesOf(app: App): Json[] {
  return objectsOf(app)
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => spec.groups);
}

function objectsOf(app: App): Json[] {
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
}

/** An Alertmanager that takes what the ruler sends. */
export async function startAlertmanager(namespace: string): Promise<void> {
  if (!process.env.E2E_ALERTMANAGER_IMAGE)
    debianImage(ALERTMANAGER_IMAGE, 'prometheus-alertmanager', 'alertmanager', ...TEMPLATES);
  const metadata = { name: 'alertmanager', namespace };
  const alertmanager = JSON.stringify({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] });
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'alertmanager.yml': alertmanager } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'alertmanager' }, ports: [{ port: 9093 }] },
    },
    ownPod(namespace, 'alertmanager', {
      image: ALERTMANAGER_IMAGE,
      command: [
        ...['alertmanager', '--config.file=/config/alertmanager.yml', '--storage.path=/data'],
        '--cluster.listen-address=',
      ],
      readinessProbe: { httpGet: { path: '/-/ready', port: 9093 }, periodSeconds: 2 },
    }),
  );
  await podReady(namespace, 'alertmanager');
}

/**
 * Asks the query frontend each second, at a moment and over an hour, so many times at once; whether it is ready or not, as who
 * knows its address.
 */
export async function startReading({ stack, outside }: Namespaces, readers = 1): Promise<void> {
  const selector = { 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/component': 'query-frontend' };
  await applyOwn({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: ASKED, namespace: stack },
    spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector, ports: [{ port: 10902 }] },
  });
  const api = `http://${ASKED}.${stack}.svc.cluster.local:10902/api/v1`;
  const script = `ask() { while true; do end=$(date +%s)
      wget -q -O /dev/null "${api}/query?query=up"
      wget -q -O /dev/null "${api}/query_range?query=up&start=$((end - 3600))&end=$end&step=15"
      sleep 1; done; }
    trap exit TERM; ${'ask & '.repeat(readers)} wait`;
  await applyOwn(ownPod(outside, 'reader', { image: ASLEEP.image, command: ['sh', '-c', script] }, false));
}
