import { placesWith, readablePlaces } from '../keys';
import { exec } from '../kubectl';
import { blocks, S3_KEYS } from '../minio';
import { pause, progress, step, until } from '../progress';
import { bucketCounters, failures, localBlocks } from '../uploads';
import { type Mode, setMode, startS3Proxy } from './s3-proxy';
import { describeFaults, NOTHING_WRONG, type SuiteOptions } from './suite';

/** A fault of the store: its id, what it does to requests, and for how many seconds. */
export type S3Fault = readonly [id: string, mode: Mode, seconds: number];

/** A suite that makes some faults of the S3 store, one after the other. */
export function describeS3Faults(name: string, namespace: string, faults: readonly S3Fault[]): void {
  const options: SuiteOptions = {
    shortBlocks: true,
    inFront: startS3Proxy,
    afterwards: ({ api, stack }) => setMode(api, stack.outside, { mode: 'pass' }),
  };
  describeFaults(name, namespace, options, (run) => {
    /** Lets the proxy do that for some time, and waits until everything that waited is uploaded. */
    async function during(mode: Mode, milliseconds: number): Promise<Record<string, number>> {
      const { stack, api } = run();
      const { outside } = stack;
      await setMode(api, outside, mode);
      await pause(milliseconds);
      for (const text of failures(await bucketCounters(namespace))) progress(text);
      const waiting = (await localBlocks(namespace)).pending;
      const did = await setMode(api, outside, { mode: 'pass' });
      progress(`${mode.mode}: ${JSON.stringify(did)}; ${waiting.length} blocks waited`);
      await step('what waited is in the bucket', () =>
        until('the blocks', async () => {
          const there = (await blocks(outside)).map((name) => name.replace(/\/$/, ''));
          return waiting.every((block) => there.includes(block));
        }),
      );
      return did;
    }

    test.each([...faults])('loses nothing, and never answers wrong: %s', async (id, mode, seconds) => {
      let did: Record<string, number> = {};
      const outcome = await run().fault(id, async () => {
        did = await during(mode, seconds * 1000);
      });
      const broken = mode.mode === 'truncate' ? did.truncated : mode.mode === 'slow' ? did.passed : did[mode.mode];
      expect(broken).toBeGreaterThan(10);
      expect(outcome).toMatchObject(NOTHING_WRONG);
    });

    test('leaves no halted compactor', async () => {
      const [compactor] = await run().stack.pods('compactor');
      const metrics = await exec(namespace, compactor, 'wget', '-qO-', 'http://127.0.0.1:10902/metrics');
      expect(/^thanos_compact_halted (\d+)$/m.exec(metrics)?.[1]).toBe('0');
    });

    test('told no log, metric or page its keys, though much failed', async () => {
      const places = await readablePlaces(namespace);
      for (const key of Object.values(S3_KEYS)) expect(placesWith(key, places)).toEqual([]);
    });
  });
}
