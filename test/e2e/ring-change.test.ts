import type { ThanosStackProps } from 'cdk8s-thanos';
import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { applyManifests, httpGet } from './support/kubectl';
import { LoadedStack } from './support/loaded-stack';
import { S3_HOST } from './support/minio';
import { dropNamespaces } from './support/namespaces';
import { thanosPods, thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';
import { remoteWrite, writeTo } from './support/prometheus';
import { compare, requireAll, type Samples, thanosSamples, type Window, windowSince } from './support/samples';

const NAMESPACE = 'thanos-e2e-ring';
const HTTP_PORT = 10902;
const RECEIVERS = `http://thanos-receiver.${NAMESPACE}.svc.cluster.local:19291/api/v1/receive`;
const ROUTERS = `http://thanos-receive-router.${NAMESPACE}.svc.cluster.local:19291/api/v1/receive`;

/** docs/receive.md tells people these steps in this order. */
describeOnCluster('a ring that changes while a Prometheus writes without pause', () => {
  const ca = privateCa(S3_HOST);
  const stack = new LoadedStack(NAMESPACE);
  const begin = Date.now();

  beforeAll(() => stack.start(ca));
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('takes in a fourth receiver, and loses nothing', async () => {
    await apply({ receiver: { replicas: 4 } });
    await ringHas(4, 'receiver');
    await step('the fourth stores', () =>
      until('its series', async () => (await ownSamples(3, windowSince(begin))).size > 100),
    );
    await nothingLost('one more receiver');
  });

  test('lets the fourth go, which uploads before it ends what it alone had', async () => {
    const window = windowSince(begin);
    // the newest ones may be its last, which stay on its volume (docs/receive.md)
    const before = withoutNewest(await ownSamples(3, window));
    await apply({ receiver: { replicas: 3 } });
    await ringHas(3, 'receiver');
    const samples = await step('Query finds what it stored, in the bucket', () =>
      until('its samples', async () => requireAll(compare(before, await ownSamples(3, window)))),
    );
    progress(`${samples} samples of the receiver that went, 0 missing`);
    await nothingLost('one receiver less');
  });

  test('gets routers in front, to which the writer moves before the receivers stop to route', async () => {
    const receivers = await stack.identities(true);
    const receiver = { replicas: 3 };
    // 1. routers; no receiver restarts, and each of them still routes
    await apply({ receiver, receiveRouter: {} });
    await ringHas(3, 'receive-router');
    expect(await stack.identities(true)).toEqual(receivers);
    // 2. both addresses, then the routers' alone: a queue whose address is exchanged leaves a gap between the two
    await step('Prometheus writes to both', () => writeTo(stack.outside, RECEIVERS, ROUTERS));
    await step('Prometheus writes to the routers', () => writeTo(stack.outside, ROUTERS));
    await nothingLost('routers in front');
    // 3. nobody writes to the receivers but the routers, so they need no ring; they restart one by one
    await apply({ receiver: { ...receiver, ingestOnly: true }, receiveRouter: {} });
    await nothingLost('receivers that only ingest');
  });

  test('has every sample in the bucket in the end', async () => {
    expect(await stack.requireAllInBucket()).toBeGreaterThan(50_000);
  });

  async function apply(changed: Pick<ThanosStackProps, 'receiver' | 'receiveRouter'>): Promise<void> {
    await applyManifests(stack.manifests(ca.caPem, changed));
    await step('the change is rolled out', () => thanosReady(NAMESPACE));
  }

  async function nothingLost(when: string): Promise<void> {
    await step('the queue is empty', () =>
      until('an empty queue', async () => (await remoteWrite(stack.outside)).pending < 1000),
    );
    const { retried, failed } = await remoteWrite(stack.outside);
    const samples = await stack.requireAllSamples();
    progress(`${when}: 0 of ${samples} samples lost; retried ${retried}, refused ${failed} so far`);
  }
});

/** Waits until every pod that routes has read a ring of so many members: the kubelet and Thanos take up to a minute each. */
async function ringHas(members: number, component: string): Promise<void> {
  await step(`each ${component} has a ring of ${members}`, () =>
    until(`a ring of ${members}`, async () => {
      const pods = (await thanosPods(NAMESPACE, component)).map(({ metadata }) => metadata.name);
      const sizes = await Promise.all(pods.map(ringSize));
      if (sizes.every((size) => size === members)) return true;
      throw new Error(`rings of ${sizes.join(', ')}`);
    }),
  );
}

async function ringSize(pod: string): Promise<number> {
  const page = await httpGet(NAMESPACE, `pods/${pod}:${HTTP_PORT}`, '/metrics');
  return Number(/^thanos_receive_hashring_nodes\{.*\} (\d+)$/m.exec(page)?.[1]);
}

/** All but the samples that have the newest time. */
function withoutNewest(samples: Samples): Samples {
  const newest = Math.max(...[...samples.values()].flatMap((values) => [...values.keys()]));
  return new Map(
    [...samples].map(([series, values]) => [series, new Map([...values].filter(([time]) => time < newest))]),
  );
}

/** What Query finds that one receiver stored itself. */
function ownSamples(receiver: number, window: Window): Promise<Samples> {
  const series = `{job="prometheus",receive_replica="thanos-receiver-${receiver}"}`;
  return thanosSamples(NAMESPACE, 'thanos-query', window, false, series);
}
