import { App, Duration, JsonPatch } from 'cdk8s';
import { NetworkPeer, ThanosStack } from 'cdk8s-thanos';
import { parseAllDocuments } from 'yaml';
import { ALL_PORTS, type Party, passes } from '../policy/evaluator';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { applyManifests, applyOwn, kubectl, list } from './support/kubectl';
import { blocks, credentialsSecret, S3_HOST, minioBucket, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady } from './support/pods';
import { ASLEEP, reached, startProbe } from './support/probes';
import { progress, step, until } from './support/progress';
import { startPrometheus } from './support/prometheus';
import { thanosSamples, windowSince } from './support/samples';
import { bucketCounters, failures } from './support/uploads';

const NAMESPACE = 'thanos-e2e-policies';
const OUTSIDE = `${NAMESPACE}-s3`;
/** Pods that are asked at a time: each has a process for every way. */
const AT_ONCE = 3;
/** Three receivers, and one of each other: router, compactor, store, ruler, bucket web, Query, frontend, Grafana. */
const PODS = 3 + 8;
const PROMETHEUS = { app: 'prometheus' };
const STRANGERS: [namespace: string, name: string, labels: Record<string, string>][] = [
  [NAMESPACE, 'stranger', { app: 'shop' }],
  [NAMESPACE, 'like-prometheus', PROMETHEUS],
  [OUTSIDE, 'stranger', { app: 'shop' }],
  [OUTSIDE, 'second-prometheus', PROMETHEUS],
];

/** Every part, closed. */
function manifests(caPem: string, s3Ip: string | undefined): string {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', {
    namespace: NAMESPACE,
    objstore: minioBucket(caPem),
    receiver: { replicas: 3, ingestOnly: true },
    receiveRouter: { replicas: 1 },
    compactor: {},
    storeGateway: { replicas: 1, syncInterval: Duration.seconds(10) },
    ruler: {
      replicas: 1,
      rules: [{ name: 'a', interval: Duration.seconds(5), rules: [{ record: 'e2e:up', expr: 'up' }] }],
    },
    query: { replicas: 1 },
    queryFrontend: { replicas: 1 },
    bucketWeb: {},
    preflight: { retries: 5 },
    grafana: {},
    networkPolicies: {
      // the pods of MinIO: a policy never sees the address behind which they stand
      objstore: NetworkPeer.pods({ namespace: OUTSIDE, labels: { app: 'minio' } }),
      prometheus: NetworkPeer.pods({ namespace: OUTSIDE, labels: PROMETHEUS }),
      writers: NetworkPeer.pods({ namespace: OUTSIDE, labels: PROMETHEUS }),
    },
  });
  // its image can't be had on every test cluster, and its policies are what counts
  const container = '/spec/template/spec/containers/0';
  const { grafana } = stack;
  grafana!.workload.addJsonPatch(
    JsonPatch.replace(`${container}/image`, ASLEEP.image),
    JsonPatch.add(`${container}/command`, ASLEEP.command),
    ...['livenessProbe', 'readinessProbe'].map((probe) => JsonPatch.remove(`${container}/${probe}`)),
  );
  const granted = [stack.receiver, stack.compactor, stack.storeGateway, stack.ruler, stack.bucketWeb];
  const aliases = [{ ip: s3Ip, hostnames: [S3_HOST] }];
  const workloads = [...granted.map((part) => part!.workload), stack.preflight!.job];
  for (const workload of s3Ip ? workloads : [])
    workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
  return app.synthYaml();
}

function party({ metadata }: Json): Party {
  return { namespace: metadata.namespace, labels: metadata.labels };
}

describeOnCluster('a stack behind its NetworkPolicies', () => {
  const ca = privateCa(S3_HOST);
  const begin = Date.now();
  let yaml: string;

  beforeAll(async () => {
    await makeNamespace(OUTSIDE);
    await makeNamespace(NAMESPACE);
    const ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, ca));
    const metadata = { name: 'grafana-admin', namespace: NAMESPACE };
    const stringData = { 'admin-user': 'admin', 'admin-password': 'e2e-admin-password' };
    await applyOwn(credentialsSecret(NAMESPACE), { apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    yaml = manifests(ca.caPem, ip);
    await applyManifests(yaml);
    for (const stranger of STRANGERS) await startProbe(...stranger);
    await step('every pod is ready', () =>
      until('every pod is ready', async () => {
        const pods = await stackPods();
        return pods.length === PODS && pods.every(isReady);
      }),
    );
    await startPrometheus(OUTSIDE, `http://thanos-receive-router.${NAMESPACE}.svc.cluster.local:19291/api/v1/receive`);
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  /** Those of the stack that stay: the preflight ends. */
  async function stackPods(): Promise<Json[]> {
    return list(NAMESPACE, 'pods', '-l', 'app.kubernetes.io/instance=thanos,app.kubernetes.io/component!=preflight');
  }

  test('the preflight opens the bucket, through a policy of its own', async () => {
    await until('the Job is done', async () => (await list(NAMESPACE, 'jobs'))[0].status.succeeded === 1);
  });

  test('what is written is answered, from receivers and store, and recorded by the ruler', async () => {
    const of = (service: string, selector?: string) =>
      thanosSamples(NAMESPACE, service, windowSince(begin), false, selector);
    await until('samples', async () => (await of('thanos-query-frontend')).size > 0);
    await until('what the ruler recorded', async () => (await of('thanos-query', 'e2e:up')).size > 0);
  });

  test('from every pod to every pod exactly what the policies say is open', async () => {
    const policies = parseAllDocuments(yaml).map((document) => document.toJS());
    const others = (await list(OUTSIDE, 'pods')).concat(await list(NAMESPACE, 'pods', '-l', 'app'));
    const own = await stackPods();
    const all = [...own, ...others];
    const askable = all.filter(({ metadata }) => !['minio', 'prometheus'].includes(metadata.name));
    const found: string[] = [];
    const wanted: string[] = [];
    let probes = 0;
    const ask = async (from: Json): Promise<void> => {
      const targets = all.filter((to) => to.metadata.uid !== from.metadata.uid);
      const ways = targets.flatMap((to) => ALL_PORTS.map((port) => ({ to, port, way: `${to.status.podIP} ${port}` })));
      const open = await reached(
        from,
        ways.map(({ way }) => way),
      );
      probes += ways.length;
      const say = ({ to, port }: (typeof ways)[number]): string => `${title(from)} -> ${title(to)} ${port}`;
      found.push(...ways.filter(({ way }) => open.has(way)).map(say));
      wanted.push(...ways.filter(({ to, port }) => passes(policies, party(from), party(to), port)).map(say));
    };
    for (let i = 0; i < askable.length; i += AT_ONCE) await Promise.all(askable.slice(i, i + AT_ONCE).map(ask));
    progress(`${probes} ways between ${all.length} pods, ${found.length} open`);
    expect(found.sort()).toEqual(wanted.sort());
    const within = new Set(own.map(title));
    expect(found.filter((way) => within.has(way.split(' ')[0]) || within.has(way.split(' ')[2])).length).toBeLessThan(
      probes / 10,
    );
  });

  test('blocks reach the bucket, and nothing that opens it failed', async () => {
    expect(failures(await bucketCounters(NAMESPACE))).toEqual([]);
    // they upload when they stop
    await kubectl(['-n', NAMESPACE, 'scale', 'statefulset', 'thanos-receiver', '--replicas=0']);
    await until('a block', async () => (await blocks(OUTSIDE)).length > 0);
  });
});

function title({ metadata: { namespace, name } }: Json): string {
  return `${namespace}/${name.replace(/(-[0-9a-f]{6,10})?-[a-z0-9]{5}$/, '')}`;
}
