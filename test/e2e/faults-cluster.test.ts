import { describeOnCluster } from '../programs/cluster';
import { withoutDns } from './support/faults/dns';
import { FaultRun } from './support/faults/fault-run';
import { dropNamespaces } from './support/namespaces';
import { pause, step } from './support/progress';

const NAMESPACE = 'thanos-e2e-around';
const NOTHING_WRONG = { lost: 0, refused: 0, wrong: 0 };
const TWO_MINUTES = 120_000;

describeOnCluster('a stack that is written to and read from while the DNS of its cluster is away', () => {
  let run: FaultRun;

  beforeAll(async () => {
    run = await FaultRun.start(NAMESPACE, { byDns: true });
  });
  afterAll(async () => {
    await run?.stop();
    await step('namespaces are gone', dropNamespaces);
  });

  test('goes on with the addresses it knows when DNS is away', async () => {
    const outcome = await run.fault('dns', () => withoutDns(() => pause(TWO_MINUTES)));
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test('has every acknowledged sample in the bucket in the end', async () => {
    expect(await run.lostInBucket()).toBe(0);
  });
});
