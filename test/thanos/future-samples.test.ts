import { Duration } from 'cdk8s';
import { Receiver, type ReceiverOptions } from '../../src';
import { make } from '../component/made';
import { writeSamples } from '../programs/remote-write';
import { describeThanos, serveThanos } from '../programs/thanos';
import { PodOnDisk } from './pod-on-disk';

const HOUR = 3_600_000;

/** Why `tsdb.futureWindow` has a default of its own. */
describeThanos('a writer whose clock is three hours ahead', () => {
  /** Status of its write, and of the next one of a writer whose clock is right. */
  async function writes(options: ReceiverOptions): Promise<{ ahead: number; right: number }> {
    const { objects, workload } = make((scope) => new Receiver(scope, 'Receiver', { ingestOnly: true, ...options }));
    const pod = new PodOnDisk(objects, workload);
    const serving = await serveThanos(pod.args, pod.env);
    try {
      await serving.ready();
      const write = async (job: string, time: number): Promise<number> => {
        const series = [{ labels: { __name__: 'up', job }, samples: [{ time, value: 1 }] }];
        return (await writeSamples(`http://${serving.remoteWriteAddress}/api/v1/receive`, series)).status;
      };
      await serving.until('a write', async () => (await write('right', Date.now())) === 200);
      return { ahead: await write('ahead', Date.now() + 3 * HOUR), right: await write('right', Date.now()) };
    } finally {
      await serving.stop();
      pod.remove();
    }
  }

  test('is refused alone', async () => {
    expect(await writes({})).toEqual({ ahead: 409, right: 200 });
  }, 60_000);

  test("has all others refused with Thanos' own default", async () => {
    expect(await writes({ tsdb: { futureWindow: Duration.seconds(0) } })).toEqual({ ahead: 200, right: 409 });
  }, 60_000);
});
