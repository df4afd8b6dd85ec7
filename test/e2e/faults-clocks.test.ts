import { describeOnCluster } from '../programs/cluster';
import { FaultRun } from './support/faults/fault-run';
import { Writer } from './support/faults/writer';
import { dropNamespaces } from './support/namespaces';
import { pause, progress, step } from './support/progress';

const NAMESPACE = 'thanos-e2e-clocks';
const MINUTE = 60_000;

describeOnCluster('a stack that is written to and read from while the clock of another writer is wrong', () => {
  let run: FaultRun;

  beforeAll(async () => {
    run = await FaultRun.start(NAMESPACE);
  });
  afterAll(async () => {
    await run?.stop();
    await step('namespaces are gone', dropNamespaces);
  });

  test.each([
    ['clock behind', -30 * MINUTE],
    ['clock ahead', 3 * 60 * MINUTE],
  ])('takes what the others write: %s', async (id, skew) => {
    const other = new Writer(run.stack.writeUrl, id.replace(' ', '_'), skew);
    const outcome = await run.fault(id, async () => {
      other.start();
      await pause(MINUTE);
      await other.stop();
    });
    progress(`the other writer: ${JSON.stringify(other.counts())} ${other.takeTexts().join('; ')}`);
    expect(outcome).toMatchObject({ lost: 0, refused: 0, wrong: 0 });
  });

  test('has every acknowledged sample in the bucket in the end', async () => {
    expect(await run.lostInBucket()).toBe(0);
  });
});
