import { describeOnCluster } from '../programs/cluster';
import { KILLED_KINDS } from './support/faults/catalogue';
import { FaultRun } from './support/faults/fault-run';
import { NodePod } from './support/faults/node-pod';
import { kubectl } from './support/kubectl';
import { dropNamespaces } from './support/namespaces';
import { step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-kills';

describeOnCluster('a stack that is written to and read from while its pods are killed', () => {
  let run: FaultRun;
  let node: NodePod;

  beforeAll(async () => {
    node = await NodePod.start(`${NAMESPACE}-node`);
    run = await FaultRun.start(NAMESPACE);
  });
  afterAll(async () => {
    await run?.stop();
    await step('namespaces are gone', dropNamespaces);
  });

  test.each(KILLED_KINDS)('loses nothing, and never answers wrong, when a %s is deleted', async (kind) => {
    const [victim] = await run.stack.pods(kind);
    const outcome = await run.fault(`delete ${kind}`, async () => {
      await kubectl(['-n', NAMESPACE, 'delete', 'pod', victim]);
    });
    expect(outcome).toMatchObject({ lost: 0, refused: 0, wrong: 0 });
  });

  test.each(KILLED_KINDS)('loses nothing, and never answers wrong, when a %s gets SIGKILL', async (kind) => {
    const [victim] = await run.stack.pods(kind);
    const restarts = await restartsOf(victim);
    const outcome = await run.fault(`kill ${kind}`, async () => {
      await node.kill(NAMESPACE, victim);
      await until('the restart', async () => (await restartsOf(victim)) > restarts);
    });
    expect(outcome).toMatchObject({ lost: 0, refused: 0, wrong: 0 });
  });

  test('has every acknowledged sample in the bucket in the end', async () => {
    expect(await run.lostInBucket()).toBe(0);
  });

  async function restartsOf(pod: string): Promise<number> {
    const path = 'jsonpath={.status.containerStatuses[0].restartCount}';
    return Number(await kubectl(['-n', NAMESPACE, 'get', 'pod', pod, '-o', path]));
  }
});
