import { readFileSync } from 'node:fs';
import { ringHash } from '../../src/cli/check/ring';
import { type HashringOptions, Receiver, ReceiveRouter } from '../../src';
import { make } from '../component/made';
import { freePorts } from '../programs/ports';
import { remoteWrite } from '../programs/remote-write';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';
import { PodOnDisk } from './pod-on-disk';

const SERIES = Array.from({ length: 60 }, (_, i) => ({ __name__: 'a', i: `${i}` }));

/** A router before receivers, all of them running. */
class Ring {
  readonly #pods: PodOnDisk[] = [];
  public readonly receivers: Serving[] = [];

  /** So many receivers that only ingest. */
  public async add(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { objects, workload } = make((scope) => new Receiver(scope, 'Receiver', { ingestOnly: true }));
      this.receivers.push(await this.#serve(new PodOnDisk(objects, workload)));
    }
  }

  /** Writes the series of a tenant over a ring, and says how many each receiver has more then. */
  public async write(tenant: string, replicationFactor: number, ring: HashringOptions): Promise<number[]> {
    const before = await this.#series();
    const made = make((scope) => new ReceiveRouter(scope, 'Router', { rings: [ring], replicationFactor }));
    const router = await this.#serve(new PodOnDisk(made.objects, made.workload));
    await router.ready();
    const written = async () =>
      (await remoteWrite(router.remoteWriteAddress, SERIES, { 'THANOS-TENANT': tenant })).status === 200;
    await router.until('a write', async () => (await written()) || undefined);
    await router.stop();
    return (await this.#series()).map((series, i) => series - before[i]);
  }

  public get addresses(): string[] {
    return this.receivers.map(({ grpcAddress }) => grpcAddress);
  }

  public async stop(): Promise<void> {
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    for (const pod of this.#pods) pod.remove();
  }

  async #serve(pod: PodOnDisk): Promise<Serving> {
    this.#pods.push(pod);
    return serveThanos(pod.args, pod.env);
  }

  #series(): Promise<number[]> {
    return Promise.all(
      this.receivers.map(async (receiver) => {
        const lines = (await receiver.text('/metrics')).match(/^prometheus_tsdb_head_series\{.*\} \d+/gm) ?? [];
        return lines.reduce((sum, line) => sum + Number(line.split('} ')[1]), 0);
      }),
    );
  }
}

describeThanos('rings', () => {
  test('place the copies of each sample in different zones, and the series of a tenant on its shard', async () => {
    const ring = new Ring();
    try {
      await ring.add(4);
      const [a, b, c, d] = ring.addresses;
      const zoneEndpoints = { a: [a, b], b: [c, d] };
      const [a0, a1, b0, b1] = await ring.write('zoned', 2, { zoneEndpoints });
      expect([a0 + a1, b0 + b1]).toEqual([SERIES.length, SERIES.length]);
      expect([a0, a1, b0, b1].every((some) => some > 0)).toBe(true);

      const shuffleSharding = { shardSize: 1, overrides: [{ shardSize: 4, tenants: ['big'] }] };
      const few = await ring.write('small', 1, { endpoints: [a, b, c, d], shuffleSharding });
      expect(few.filter((some) => some > 0)).toEqual([SERIES.length]);
      const all = await ring.write('big', 1, { endpoints: [a, b, c, d], shuffleSharding });
      expect(all.every((some) => some > 0)).toBe(true);

      const ofEach = await ring.write('both', 2, { zoneEndpoints, shuffleSharding: { shardSize: 2 } });
      expect([...ofEach].sort((one, other) => one - other)).toEqual([0, 0, SERIES.length, SERIES.length]);
      expect(ofEach[0] + ofEach[1]).toBe(SERIES.length);
    } finally {
      await ring.stop();
    }
  }, 120_000);

  test('are told apart by the hash that check makes of their file', async () => {
    const { objects, workload } = make((scope) => new Receiver(scope, 'Receiver', { replicas: 2 }));
    const pod = new PodOnDisk(objects, workload);
    const serving = await serveThanos(pod.args, pod.env);
    try {
      const flag = '--receive.hashrings-file=';
      const file = pod.args.find((arg) => arg.startsWith(flag))!.slice(flag.length);
      const hash = await serving.until('the hash', async () => {
        const value = /^thanos_receive_config_hash (\S+)$/m.exec(await serving.text('/metrics'))?.[1];
        return Number(value) || undefined;
      });
      expect(hash).toBe(ringHash(readFileSync(file, 'utf8')));
    } finally {
      await serving.stop();
      pod.remove();
    }
  });

  test('with more copies than their zones have places for are never loaded', async () => {
    const ports = await freePorts(5);
    const [a, ...b] = ports.map((port) => `127.0.0.1:${port}`);
    const made = make((scope) => new ReceiveRouter(scope, 'Router', { rings: [{ zoneEndpoints: { a: [a], b } }] }));
    const pod = new PodOnDisk(made.objects, made.workload);
    const isReady = async (factor: number): Promise<boolean> => {
      const args = pod.args.map((arg) => arg.replace(/^(--receive.replication-factor)=.*/, `$1=${factor}`));
      const serving = await serveThanos(args, pod.env);
      const ready = async () => (await serving.text('/-/ready')) === 'OK' || undefined;
      try {
        return await serving.until('/-/ready', ready, 5);
      } catch {
        return false;
      } finally {
        await serving.stop();
      }
    };
    try {
      expect(await isReady(3)).toBe(true);
      expect(await isReady(4)).toBe(false);
    } finally {
      pod.remove();
    }
  }, 90_000);
});
