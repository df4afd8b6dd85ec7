import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { LoadedStack } from './support/loaded-stack';
import { blocks, S3_HOST } from './support/minio';
import { bringMinioBack, takeMinioAway } from './support/minio-life';
import { dropNamespaces } from './support/namespaces';
import { isReady, thanosPods } from './support/pods';
import { pause, progress, step, until } from './support/progress';
import { remoteWrite } from './support/prometheus';
import { bucketCounters, failures, localBlocks } from './support/uploads';

const NAMESPACE = 'thanos-e2e-away';
const MINUTES = 10;

describeOnCluster(`an S3 store that is away for ${MINUTES} minutes while a Prometheus writes without pause`, () => {
  const ca = privateCa(S3_HOST);
  const stack = new LoadedStack(NAMESPACE, { volume: true });
  let pending: string[];
  let before: string[];

  beforeAll(async () => {
    await stack.start(ca);
    before = await blocks(stack.outside);
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('stops no write: blocks wait on the volumes of the receivers, which stay ready', async () => {
    const receivers = await stack.identities(true);
    await step('MinIO is gone', () => takeMinioAway(stack.outside));
    const begin = Date.now();
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      await pause(begin + minute * 60_000 - Date.now());
      const { retried, failed, pending: queued } = await remoteWrite(stack.outside);
      const waiting = (await localBlocks(NAMESPACE)).pending.length;
      progress(
        `minute ${minute}: ${waiting} blocks wait; samples retried ${retried}, failed ${failed}, queued ${queued}`,
      );
    }
    for (const text of failures(await bucketCounters(NAMESPACE))) progress(text);
    const isReceiver = (pod: string): boolean => pod.startsWith('thanos-receiver');
    expect((await stack.identities(true)).filter(isReceiver)).toEqual(receivers.filter(isReceiver));
    expect((await thanosPods(NAMESPACE, 'receiver')).filter(isReady)).toHaveLength(3);
    expect((await bucketCounters(NAMESPACE, 'receiver')).every((c) => c.syncFailures > 0)).toBe(true);
    expect(await remoteWrite(stack.outside)).toMatchObject({ retried: 0, failed: 0, dropped: 0 });
    pending = (await localBlocks(NAMESPACE)).pending;
    expect(pending.length).toBeGreaterThanOrEqual(3 * (MINUTES - 3));
  });

  test('gets the blocks that waited once it is back, and nobody restarts anything', async () => {
    await step('MinIO is back', () => bringMinioBack(stack.outside));
    const there = await step('every block that waited is in the bucket', () =>
      until('the blocks', async () => {
        const names = (await blocks(stack.outside)).map((name) => name.replace(/\/$/, ''));
        return pending.every((block) => names.includes(block)) && names;
      }),
    );
    progress(`${before.length} blocks before, ${pending.length} waited, ${there.length} now`);
    expect((await localBlocks(NAMESPACE)).uploaded).toEqual(expect.arrayContaining(pending));
  });

  test('has every sample in the end', async () => {
    expect(await stack.requireAllInBucket()).toBeGreaterThan(200_000);
  });
});
