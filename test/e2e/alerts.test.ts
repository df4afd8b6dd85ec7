import { App, Duration } from 'cdk8s';
import { type ThanosStack } from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { alarm, type Fault } from './support/alarm';
import { SLOW_FAULTS } from './support/alerts-fired';
import { startBlackbox } from './support/blackbox';
import { privateCa } from './support/certificates';
import { ApiProxy } from './support/faults/api-proxy';
import { NodePod } from './support/faults/node-pod';
import { type Mode, setMode, startS3Proxy } from './support/faults/s3-proxy';
import { applyOwn, clusterIp, kubectl } from './support/kubectl';
import { credentialsSecret, minioBucket, S3_HOST, S3_PORT, serviceHost, startMinio } from './support/minio';
import { serveCertificate } from './support/minio-life';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady, thanosPods, thanosReady } from './support/pods';
import { step, until } from './support/progress';
import { applyWatched, rulesOf, startAlertmanager, startReading, watchedStack } from './support/watched-stack';
import { atPace, findAgain, squeezed, startWatching, watchBy } from './support/watching';

const STACK = 'thanos-e2e-alerts';
const WHERE = { stack: STACK, outside: `${STACK}-s3` };
/** So that some reads end in each time that a rate looks at while each takes long. */
const READERS = 2;
/** Above the longest time that Thanos measures of a write. */
const SLOW_REQUEST = Duration.seconds(6);
const SLOW_ANSWER = 7000;
const OTHER_RING = 'other-ring';
/** Seconds; less than the 600 in which a roll must get on. */
const LONG = 500;

function stackOf(app: App, caPem: string): ThanosStack {
  return watchedStack(app, WHERE, minioBucket(caPem), {
    monitoring: {
      alerts: { slowRequest: SLOW_REQUEST, noUpload: Duration.minutes(3), noCompaction: Duration.minutes(3) },
      scrapeAnnotations: {},
    },
    certificateAlerts: { serverSelector: 'job="blackbox"' },
  });
}

function rulesBy(caPem: string): Json {
  const app = new App();
  stackOf(app, caPem);
  return atPace(rulesOf(app), squeezed);
}

/** Reads and writes first: their objectives look back at all that failed since the start. */
describeOnCluster('each other alert fires in its fault', () => {
  const ca = privateCa(S3_HOST, { days: 90 });
  const dying = privateCa(S3_HOST);
  const app = new App();
  const stack = stackOf(app, ca.caPem);
  let api: ApiProxy;
  let node: NodePod;

  beforeAll(async () => {
    api = await ApiProxy.start();
    await makeNamespace(WHERE.outside);
    await makeNamespace(STACK);
    node = await NodePod.start(`${STACK}-node`);
    // by another name than the guide's in DNS: other files may run in the same cluster
    await step('MinIO serves TLS', () => startMinio(WHERE.outside, ca, { byService: true }));
    const proxy = await startS3Proxy(WHERE.outside);
    const probe = await startBlackbox(WHERE.outside, `${serviceHost(WHERE.outside)}:${S3_PORT}`);
    await step('an Alertmanager', () => startAlertmanager(WHERE.outside));
    await applyOwn(credentialsSecret(STACK));
    await applyWatched(app, stack, await clusterIp(WHERE.outside, proxy));
    await step('every pod is ready', () => thanosReady(STACK));
    await step('Prometheus watches', () => startWatching(WHERE, rulesBy(ca.caPem), stack.remoteWriteUrl!, [probe]));
    await startReading(WHERE, READERS);
  });
  afterAll(async () => {
    api?.stop();
    await step('namespaces are gone', dropNamespaces);
  });

  const s3 = async (mode: Mode): Promise<void> => void (await setMode(api, WHERE.outside, mode));

  let goOn: (() => Promise<void>) | undefined;
  const faults: Record<keyof typeof SLOW_FAULTS, Fault> = {
    'neither receivers nor Queries': {
      make: async () => {
        await scale('statefulset/thanos-receiver', 0);
        await scale('deployment/thanos-query', 0);
      },
      mend: async () => {
        await scale('statefulset/thanos-receiver', 2);
        await scale('deployment/thanos-query', 1);
        await allFound();
      },
    },
    'a roll of the routers that stands still with another hashring': {
      make: haltedRoll,
      mend: async () => {
        const ring = await volumesWith('thanos-receive-router', OTHER_RING, RING);
        await patch('thanos-receive-router', { minReadySeconds: null, template: { spec: { volumes: ring } } });
        await allFound();
      },
    },
    'a Query whose DNS server is gone': {
      make: async () => {
        const dnsConfig = { nameservers: ['127.0.0.1'], searches: [], options: [] };
        await patch('thanos-query', { template: { spec: { dnsPolicy: 'None', dnsConfig } } });
        await allFound();
      },
      mend: async () => {
        await kubectl(['-n', STACK, 'rollout', 'undo', 'deployment/thanos-query']);
        await allFound();
      },
    },
    'a receiver that stands still most of the time': {
      make: async () => {
        goOn = await node.hold(STACK, 'thanos-receiver-1');
      },
      mend: async () => {
        await goOn?.();
        await thanosReady(STACK);
      },
    },
    'an S3 server that is slow': {
      make: () => s3({ mode: 'slow', milliseconds: SLOW_ANSWER }),
      mend: () => s3({ mode: 'pass' }),
    },
    'an S3 server that ends every connection': {
      make: () => s3({ mode: 'cut' }),
      mend: () => s3({ mode: 'pass' }),
    },
    'a CA and a certificate that end in two days': {
      make: async () => {
        await serveCertificate(WHERE.outside, dying);
        await watchBy(WHERE, rulesBy(ca.caPem + dying.caPem));
      },
      mend: async () => {
        await serveCertificate(WHERE.outside, ca);
        await watchBy(WHERE, rulesBy(ca.caPem));
      },
    },
  };
  test.each(Object.keys(faults) as (keyof typeof SLOW_FAULTS)[])('%s: its alerts fire, and clear after it', (what) =>
    alarm(WHERE, what, SLOW_FAULTS[what], faults[what]),
  );
});

const RING = 'thanos-receive-router-hashrings';

async function get(kind: string, name: string): Promise<Json> {
  return JSON.parse(await kubectl(['-n', STACK, 'get', kind, name, '-o', 'json']));
}

async function scale(workload: string, replicas: number): Promise<void> {
  await kubectl(['-n', STACK, 'scale', workload, `--replicas=${replicas}`]);
}

async function patch(deployment: string, spec: Json): Promise<void> {
  const text = JSON.stringify({ spec });
  await kubectl(['-n', STACK, 'patch', 'deployment', deployment, '--type=merge', '--patch', text]);
}

/** Waits until all pods are ready, and has Prometheus scrape those that are new. */
async function allFound(): Promise<void> {
  await thanosReady(STACK);
  await findAgain(WHERE);
}

/** The volumes of a Deployment with another ConfigMap in the place of one. */
async function volumesWith(deployment: string, before: string, after: string): Promise<Json[]> {
  const { volumes } = (await get('deployment', deployment)).spec.template.spec;
  return volumes.map((volume: Json) =>
    volume.configMap?.name === before ? { ...volume, configMap: { ...volume.configMap, name: after } } : volume,
  );
}

/** Rolls the routers to a ring without the last receiver, so slowly that old and new ones stand side by side. */
async function haltedRoll(): Promise<void> {
  const { data } = await get('configmap', RING);
  const rings: Json[] = JSON.parse(data['hashrings.json']);
  const fewer = rings.map((ring) => ({ ...ring, endpoints: ring.endpoints.slice(0, -1) }));
  const metadata = { name: OTHER_RING, namespace: STACK };
  await applyOwn({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata },
    data: { 'hashrings.json': JSON.stringify(fewer) },
  });
  const volumes = await volumesWith('thanos-receive-router', RING, OTHER_RING);
  await patch('thanos-receive-router', { minReadySeconds: LONG, template: { spec: { volumes } } });
  await until('an old and a new router', async () => {
    const routers = await thanosPods(STACK, 'receive-router');
    return routers.filter(isReady).length === 2;
  });
  await findAgain(WHERE);
}
