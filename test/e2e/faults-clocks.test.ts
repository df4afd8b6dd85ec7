import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { Writer } from './support/faults/writer';
import { pause, progress } from './support/progress';

const NAMESPACE = 'thanos-e2e-clocks';
const MINUTE = 60_000;

describeFaults(
  'a stack that is written to and read from while the clock of another writer is wrong',
  NAMESPACE,
  {},
  (run) => {
    test.each([
      ['clock behind', -30 * MINUTE],
      ['clock ahead', 3 * 60 * MINUTE],
    ])('takes what the others write: %s', async (id, skew) => {
      const other = new Writer(run().stack.writeUrl, id.replace(' ', '_'), skew);
      const outcome = await run().fault(id, async () => {
        other.start();
        await pause(MINUTE);
        await other.stop();
      });
      progress(`the other writer: ${JSON.stringify(other.counts())} ${other.takeTexts().join('; ')}`);
      expect(outcome).toMatchObject(NOTHING_WRONG);
    });
  },
);
