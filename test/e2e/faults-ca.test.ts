import { Duration } from 'cdk8s';
import { type PrivateCa, privateCa } from './support/certificates';
import type { FaultRun } from './support/faults/fault-run';
import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { applyManifests, applyOwn } from './support/kubectl';
import { minioCertificate, S3_HOST } from './support/minio';
import { bringMinioBack, serveCertificate, takeMinioAway } from './support/minio-life';
import { thanosReady } from './support/pods';
import { pause, progress, step, until } from './support/progress';
import { bucketCounters, failures } from './support/uploads';

const NAMESPACE = 'thanos-e2e-ca';
const TWO_MINUTES = 120_000;

describeFaults(
  'a stack that is written to and read from while the CA of its bucket is changed',
  NAMESPACE,
  // no connection outlives a look at the bucket, so that none goes on trusting what a new one would not
  { shortBlocks: true, volume: true, http: { idleConnTimeout: Duration.seconds(5) } },
  (run) => {
    const [second, third] = [1, 2].map(() => privateCa(S3_HOST));

    test('notices nothing when the stack trusts both roots before the server has its new certificate', async () => {
      const { stack } = run();
      const outcome = await run().fault('ca', async () => {
        await trust(run(), stack.ca, second);
        await step('MinIO serves a certificate of the new root', () => serveCertificate(stack.outside, second));
        await uploaded();
        expect(failures(await bucketCounters(NAMESPACE))).toEqual([]);
        await trust(run(), second);
        await uploaded();
      });
      expect(failures(await bucketCounters(NAMESPACE))).toEqual([]);
      expect(outcome).toMatchObject(NOTHING_WRONG);
      expect(outcome.answered).toBe(outcome.asked);
    });

    test('loses nothing when the server comes first, and says of each gap that it is one', async () => {
      const { outside } = run().stack;
      const outcome = await run().fault('ca late', async () => {
        await applyOwn(minioCertificate(outside, third));
        await takeMinioAway(outside);
        await bringMinioBack(outside);
        await pause(TWO_MINUTES);
        const failed = failures(await bucketCounters(NAMESPACE));
        for (const text of failed) progress(text);
        for (const part of ['receiver', 'store']) expect(failed.join()).toContain(`thanos-${part}-0`);
        await trust(run(), third);
        await uploaded();
      });
      expect(outcome).toMatchObject(NOTHING_WRONG);
      expect(outcome.warned).toBeGreaterThan(0);
    });
  },
);

/** Applies the stack with these roots, and waits until it runs with them. */
async function trust({ stack }: FaultRun, ...roots: PrivateCa[]): Promise<void> {
  await applyManifests(stack.manifests(roots.map(({ caPem }) => caPem).join('')));
  await step(`the granted pods trust ${roots.length} roots`, () => thanosReady(NAMESPACE));
}

/** Waits until every receiver has uploaded since now. */
async function uploaded(): Promise<void> {
  const before = await bucketCounters(NAMESPACE, 'receiver');
  await step('every receiver uploads', () =>
    until('uploads', async () => {
      const now = await bucketCounters(NAMESPACE, 'receiver');
      return now.every(({ uploads }, i) => uploads > before[i].uploads);
    }),
  );
}
