import { JsonPatch, Size } from 'cdk8s';
import type { ThanosStack } from 'cdk8s-thanos';
import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { exec } from './support/kubectl';
import { pause, progress } from './support/progress';

const NAMESPACE = 'thanos-e2e-volumes';
const FILL = '/var/thanos/data/fill';
/** Room for a block, of which Thanos takes 512 MiB at once before it writes one. */
const VOLUME = Size.mebibytes(700);
const FULL = 60_000;

/** Volumes of a size that is enforced: memory, since not every storage class of a test cluster has it. */
function inMemory({ receiver }: ThanosStack): void {
  const volume = { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: `${VOLUME.toMebibytes()}Mi` } };
  receiver!.workload.addJsonPatch(
    JsonPatch.remove('/spec/volumeClaimTemplates'),
    JsonPatch.add('/spec/template/spec/volumes/-', volume),
  );
}

/** What lies on a volume in memory counts as memory of the pod. */
const OPTIONS = { patch: inMemory, unmeasured: ['receiver'] };

describeFaults('a stack that is written to and read from while its volumes are full', NAMESPACE, OPTIONS, (run) => {
  /** Fills the volumes of these receivers, and frees them after a while. */
  async function full(receivers: string[]): Promise<void> {
    const shell = (script: string) => Promise.all(receivers.map((pod) => exec(NAMESPACE, pod, 'sh', '-c', script)));
    await shell(`cat /dev/zero >${FILL} 2>/dev/null || true`);
    try {
      await pause(FULL);
      progress((await shell('df -h /var/thanos/data | tail -n 1')).join(''));
    } finally {
      await shell(`: >${FILL}`);
    }
  }

  test('loses nothing when the volume of one receiver is full', async () => {
    const [receiver] = await run().stack.pods('receiver');
    const outcome = await run().fault('volume full', () => full([receiver]));
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });

  test('acknowledges nothing that it loses when the volumes of all receivers are full', async () => {
    const receivers = await run().stack.pods('receiver');
    const outcome = await run().fault('volumes full', () => full(receivers));
    expect(outcome).toMatchObject(NOTHING_WRONG);
  });
});
