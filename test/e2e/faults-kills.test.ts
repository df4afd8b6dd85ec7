import { KILLED_KINDS } from './support/faults/catalogue';
import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { NodePod } from './support/faults/node-pod';
import { kubectl } from './support/kubectl';
import { until } from './support/progress';

const NAMESPACE = 'thanos-e2e-kills';

describeFaults('a stack that is written to and read from while its pods are killed', NAMESPACE, {}, (run) => {
  let node: NodePod;

  beforeAll(async () => {
    node = await NodePod.start(`${NAMESPACE}-node`);
  });

  test.each(KILLED_KINDS)('loses nothing, and never answers wrong, when a %s is deleted', async (kind) => {
    const [victim] = await run().stack.pods(kind);
    const outcome = await run().fault(`delete ${kind}`, async () => {
      await kubectl(['-n', NAMESPACE, 'delete', 'pod', victim]);
    });
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test.each(KILLED_KINDS)('loses nothing, and never answers wrong, when a %s gets SIGKILL', async (kind) => {
    const [victim] = await run().stack.pods(kind);
    const restarts = await restartsOf(victim);
    const outcome = await run().fault(`kill ${kind}`, async () => {
      await node.kill(NAMESPACE, victim);
      await until('the restart', async () => (await restartsOf(victim)) > restarts);
    });
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  async function restartsOf(pod: string): Promise<number> {
    const path = 'jsonpath={.status.containerStatuses[0].restartCount}';
    return Number(await kubectl(['-n', NAMESPACE, 'get', 'pod', pod, '-o', path]));
  }
});
