import { App, Duration, JsonPatch } from 'cdk8s';
import { ThanosStack } from 'cdk8s-thanos';
import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { applyManifests, applyOwn, kubectl } from './support/kubectl';
import { credentialsSecret, S3_HOST, minioBucket, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';
import { type RemoteWrite, remoteWrite, startPrometheus } from './support/prometheus';
import { compare, prometheusSamples, requireAll, thanosSamples, windowSince } from './support/samples';

const OUTSIDE = 'thanos-e2e-outside';
const NAMESPACE = 'thanos-e2e-roll';
const ROLLS = 3;
const CONTROL_ROLLS = 6;

describeOnCluster('a rolling restart of the receivers under continuous writes', () => {
  const begin = Date.now();
  const ca = privateCa(S3_HOST);
  let s3Ip: string | undefined;

  beforeAll(async () => {
    await step('namespaces', async () => {
      await makeNamespace(OUTSIDE);
      await makeNamespace(NAMESPACE);
    });
    s3Ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, ca));
    await applyOwn(credentialsSecret(NAMESPACE));
    await applyManifests(manifests(ca.caPem, s3Ip));
    await step('the stack is ready', () => thanosReady(NAMESPACE));
    await step('Prometheus writes', async () => {
      await startPrometheus(OUTSIDE, `http://thanos-receiver.${NAMESPACE}.svc.cluster.local:19291/api/v1/receive`);
      await until('a hundred samples', async () => requireSome(begin));
    });
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('loses no sample, and in the best of three rolls none is even retried', async () => {
    const retried: number[] = [];
    while (retried.length < ROLLS && !retried.includes(0)) {
      retried.push((await roll(`roll ${retried.length + 1}`)).retried);
      await allThere(begin);
    }
    progress(`retried samples with minReady at its default: ${retried.join(', ')}`);
    expect(Math.min(...retried)).toBe(0);
  });

  test('is seen to retry samples, though it loses none, when receivers count as available at once', async () => {
    await applyManifests(manifests(ca.caPem, s3Ip, Duration.seconds(0)));
    const retried: number[] = [];
    while (retried.length < CONTROL_ROLLS && !retried.some((samples) => samples > 0)) {
      retried.push((await roll(`control roll ${retried.length + 1}`)).retried);
      await allThere(begin);
    }
    progress(`retried samples with minReady 0: ${retried.join(', ')}`);
    expect(Math.max(...retried)).toBeGreaterThan(0);
  });
});

/** The smallest stack that writes, uploads and answers. */
function manifests(caPem: string, s3Ip?: string, minReady?: Duration): string {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', {
    namespace: NAMESPACE,
    objstore: minioBucket(caPem),
    receiver: { replicas: 3, minReady },
    storeGateway: { replicas: 1, syncInterval: Duration.seconds(10) },
    query: { replicas: 1 },
  });
  for (const part of s3Ip ? [stack.receiver, stack.storeGateway] : []) {
    const aliases = [{ ip: s3Ip, hostnames: [S3_HOST] }];
    part!.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
  }
  return app.synthYaml();
}

/** Restarts every receiver, and returns by how much the counters of the remote write queue rose. */
async function roll(name: string): Promise<RemoteWrite> {
  const before = await remoteWrite(OUTSIDE);
  await step(name, async () => {
    await kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'statefulset/thanos-receiver']);
    await thanosReady(NAMESPACE);
    await until('the queue is empty', async () => (await remoteWrite(OUTSIDE)).pending < 1000);
  });
  const after = await remoteWrite(OUTSIDE);
  const rise = {
    retried: after.retried - before.retried,
    failed: after.failed - before.failed,
    dropped: after.dropped - before.dropped,
    pending: after.pending,
  };
  progress(`${name}: retried ${rise.retried}, failed ${rise.failed}, dropped ${rise.dropped}`);
  return rise;
}

/** Every sample that Prometheus holds by now is answered, whether Query merges the replicas or not. */
async function allThere(begin: number): Promise<void> {
  const window = windowSince(begin);
  const expected = await prometheusSamples(OUTSIDE, window);
  for (const dedup of [false, true]) {
    const samples = await step(`Query has all samples, dedup ${dedup}`, () =>
      until('all samples', async () =>
        requireAll(compare(expected, await thanosSamples(NAMESPACE, 'thanos-query', window, dedup))),
      ),
    );
    progress(`${samples} samples compared, 0 missing`);
  }
}

async function requireSome(begin: number): Promise<boolean> {
  const samples = await thanosSamples(NAMESPACE, 'thanos-query', windowSince(begin), false);
  return [...samples.values()].reduce((sum, values) => sum + values.size, 0) > 100;
}
