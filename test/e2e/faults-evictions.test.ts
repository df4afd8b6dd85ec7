import { KILLED_KINDS } from './support/faults/catalogue';
import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { kubectl, list } from './support/kubectl';
import { thanosPods, thanosReady } from './support/pods';
import { pause, progress } from './support/progress';

const NAMESPACE = 'thanos-e2e-evictions';
/** Time after which a drain asks again, ms. */
const DRAIN_AGAIN = 5000;
const DRAIN_LIMIT = 240_000;

describeFaults('a stack that is written to and read from while its pods have to go', NAMESPACE, {}, (run) => {
  test('loses nothing when a pod of each kind is deleted with force', async () => {
    const outcome = await run().fault('force', async () => {
      for (const kind of KILLED_KINDS) {
        const [victim] = await run().stack.pods(kind);
        await kubectl(['-n', NAMESPACE, 'delete', 'pod', victim, '--grace-period=0', '--force']);
        await thanosReady(NAMESPACE);
      }
    });
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test('has budgets that refuse to let a second pod of a kind go', async () => {
    const answers: Record<string, number[]> = {};
    const outcome = await run().fault('evict', async () => {
      for (const kind of KILLED_KINDS) {
        const victims = (await run().stack.pods(kind)).slice(0, 2);
        answers[kind] = await Promise.all(victims.map(evict));
        await thanosReady(NAMESPACE);
      }
    });
    for (const kind of KILLED_KINDS.filter((one) => one !== 'compactor'))
      expect([kind, answers[kind].sort()]).toEqual([kind, [201, 429]]);
    expect(answers.compactor).toEqual([201]);
    expect(await list(NAMESPACE, 'poddisruptionbudgets')).toHaveLength(KILLED_KINDS.length - 1);
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test('loses nothing when every pod is drained', async () => {
    let refused = 0;
    const drain = async (pod: string): Promise<void> => {
      const end = Date.now() + DRAIN_LIMIT;
      for (;;) {
        const status = await evict(pod);
        if (status === 201) return;
        if (status !== 429 || Date.now() > end) throw new Error(`the eviction of ${pod} is answered ${status}`);
        refused += 1;
        await pause(DRAIN_AGAIN);
      }
    };
    const outcome = await run().fault('drain', async () => {
      const pods = (await thanosPods(NAMESPACE)).map(({ metadata }) => metadata.name);
      await Promise.all(pods.map(drain));
      progress(`${pods.length} pods are evicted, ${refused} times a budget said no`);
    });
    expect(refused).toBeGreaterThan(0);
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test('loses nothing when everything restarts at once', async () => {
    const outcome = await run().fault('roll', async () => {
      for (const kind of ['statefulset', 'deployment'])
        await kubectl(['-n', NAMESPACE, 'rollout', 'restart', kind, '-l', 'app.kubernetes.io/name=thanos']);
    });
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  /** Status of the answer to an eviction. */
  async function evict(name: string): Promise<number> {
    const url = run().api.url(`/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`);
    const body = JSON.stringify({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace: NAMESPACE },
    });
    const { status } = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return status;
  }
});
