import { describeOnCluster } from '../../../programs/cluster';
import { dropNamespaces } from '../namespaces';
import { step } from '../progress';
import { FaultRun } from './fault-run';
import type { FaultStackOptions } from './fault-stack';

/** What every fault must come out with. */
export const NOTHING_WRONG = { lost: 0, refused: 0, wrong: 0 };

/** How a suite of faults is run. */
export interface SuiteOptions extends FaultStackOptions {
  /** Runs at the end, before the stack is taken down. */
  readonly afterwards?: (run: FaultRun) => Promise<unknown>;
}

/**
 * A suite that makes faults of a stack which is written to and read from, and looks at the end whether the bucket alone has
 * every acknowledged sample. `tests` adds the tests; the run is there when they run.
 */
export function describeFaults(
  name: string,
  namespace: string,
  { afterwards, ...options }: SuiteOptions,
  tests: (run: () => FaultRun) => void,
): void {
  describeOnCluster(name, () => {
    let run: FaultRun | undefined;

    beforeAll(async () => {
      run = await FaultRun.start(namespace, options);
    });
    afterAll(async () => {
      if (run) await afterwards?.(run);
      await run?.stop();
      await step('namespaces are gone', dropNamespaces);
    });

    tests(() => run!);

    test('has every acknowledged sample in the bucket in the end', async () => {
      expect(await run!.lostInBucket()).toBe(0);
    });
  });
}
