import { Duration } from 'cdk8s';
import { type PrivateCa, privateCa } from './support/certificates';
import { type Checked, runCheck } from './support/check-command';
import { describeOnCluster } from '../programs/cluster';
import { applyManifests, exec } from './support/kubectl';
import { LoadedStack, PODS } from './support/loaded-stack';
import { S3_HOST } from './support/minio';
import { serveCertificate } from './support/minio-life';
import { dropNamespaces } from './support/namespaces';
import { thanosPods, thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';
import { remoteWrite } from './support/prometheus';
import { type BucketCounters, bucketCounters, failures } from './support/uploads';

const NAMESPACE = 'thanos-e2e-rotation';
const CA_FILE = '/etc/thanos/certs/ca.crt';

describeOnCluster('a rotation of the CA while a Prometheus writes without pause', () => {
  const [first, second, third] = [1, 2, 3].map(() => privateCa(S3_HOST));
  // no connection outlives a look at the bucket, so that none goes on trusting what a new one would not
  const stack = new LoadedStack(NAMESPACE, { http: { idleConnTimeout: Duration.seconds(5) } });
  let bystanders: string[];

  beforeAll(async () => {
    await stack.start(first);
    bystanders = await stack.identities(false);
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  /** Applies the stack with these roots, and looks at who was rolled, and whether anything failed. */
  async function roll(what: string, roots: PrivateCa[], minReady?: Duration): Promise<void> {
    const before = { pods: await stack.identities(true), queue: await remoteWrite(stack.outside) };
    await applyManifests(stack.manifests(roots.map((ca) => ca.caPem).join(''), { receiver: { minReady } }));
    await step(what, () => thanosReady(NAMESPACE));
    const { retried, failed } = await remoteWrite(stack.outside);
    progress(`${what}: retried ${retried - before.queue.retried}, failed ${failed - before.queue.failed} samples`);
    const after = await stack.identities(true);
    expect(after.map(nameOf)).toEqual(before.pods.map(nameOf));
    expect(after.filter((pod) => before.pods.includes(pod))).toEqual([]);
    expect(await stack.identities(false)).toEqual(bystanders);
    expect(failures(await bucketCounters(NAMESPACE))).toEqual([]);
  }

  /** Waits until every receiver uploaded, and the store looked, since these counts; without them since the pods' start. Nothing may fail. */
  async function uploads(since: BucketCounters[] = []): Promise<void> {
    await step('every receiver uploads, and the store looks', () =>
      until('uploads', async () =>
        (await bucketCounters(NAMESPACE, 'receiver', 'store')).every((now) => {
          const old = since.find(({ pod }) => pod === now.pod);
          const looked = now.operations > (old?.operations ?? 0);
          return looked && (now.uploads > (old?.uploads ?? 0) || !now.pod.includes('receiver'));
        }),
      ),
    );
    expect(failures(await bucketCounters(NAMESPACE))).toEqual([]);
  }

  test('starts with a bundle of the old and the new root, which rolls the granted pods alone', async () => {
    await roll('the granted pods trust both roots', [first, second]);
  });

  test('goes on with a new certificate of the server, which nothing notices', async () => {
    await step('MinIO serves a certificate of the new root', () => serveCertificate(stack.outside, second));
    await uploads(await bucketCounters(NAMESPACE));
  });

  test('ends with the new root alone, with which every granted pod opens the bucket anew', async () => {
    await roll('the granted pods trust the new root alone', [second]);
    await uploads();
  });

  test('is proved by the command check', () => {
    const { status, checks } = runCheck(NAMESPACE, second.caPem);
    expect(status).toBe(0);
    const passed = checks.filter(({ result }) => result === 'pass').map(({ check }) => check);
    for (const name of ['pods ready', 'CA matches', 'CA in the granted pods', 'CA in no other pod', 'last upload'])
      expect(passed).toContain(name);
    expect(passed).toContain('bucket operations');
  });

  test('loses no sample', async () => {
    expect(await stack.requireAllSamples()).toBeGreaterThan(50_000);
  });

  test("fails in silence without the library's steps: every pod is ready, and uploads nothing", async () => {
    const before = await stack.identities(true);
    await step('MinIO serves a certificate of a third root', () => serveCertificate(stack.outside, third));
    await step("the CA's Secret is replaced, and no template", () => applyManifests(secretOf(stack, third)));
    await step('every receiver has the third root as a file', () => filesAre(third));
    const early = await bucketCounters(NAMESPACE, 'receiver');
    await step('uploads fail in every receiver, though the file is right', () =>
      until('new failures', async () => {
        const now = await bucketCounters(NAMESPACE, 'receiver');
        return now.every((c, i) => c.syncFailures > early[i].syncFailures);
      }),
    );
    for (const text of failures(await bucketCounters(NAMESPACE))) progress(text);
    expect(await thanosReady(NAMESPACE, 5)).toHaveLength(PODS);
    expect(await stack.identities(true)).toEqual(before);
  });

  test('is then refused by the command check, which names the cause and what to do', () => {
    const { status, checks } = runCheck(NAMESPACE, third.caPem);
    expect(status).toBe(1);
    const logs = failed(checks, 'no bucket error in the log').filter(({ of }) => of.includes('receiver'));
    expect(logs).toHaveLength(3);
    for (const { detail, fix } of logs) {
      expect(detail).toContain('certificate signed by unknown authority');
      expect(fix).toContain('restart the granted pods');
    }
    const stale = checks.find(({ check }) => check === 'started after the last change');
    expect(stale?.detail).toContain('Secret thanos-s3-ca-cert');
  });

  test("heals by the library's step, and the bucket then holds every sample", async () => {
    await roll('the granted pods trust the third root', [third], Duration.seconds(0));
    await uploads();
    expect(await stack.requireAllInBucket()).toBeGreaterThan(100_000);
  });

  function filesAre({ caPem }: PrivateCa): Promise<boolean> {
    return until('the new file', async () => {
      const receivers = await thanosPods(NAMESPACE, 'receiver');
      const files = await Promise.all(receivers.map((pod) => exec(NAMESPACE, pod.metadata.name, 'cat', CA_FILE)));
      return files.every((file) => file.trim() === caPem.trim());
    });
  }
});

/** The rendered Secret of the CA, and nothing else of the stack. */
function secretOf(stack: LoadedStack, { caPem }: PrivateCa): string {
  const documents = stack.manifests(caPem).split(/^---$/m);
  return documents.find((text) => /^kind: Secret$/m.test(text) && text.includes('name: thanos-s3-ca-cert'))!;
}

/** The name of a pod, without what tells it from its predecessor. */
function nameOf(identity: string): string {
  return identity.split(' ')[0];
}

function failed(checks: Checked[], name: string): Checked[] {
  return checks.filter(({ check, result }) => check === name && result === 'fail');
}
