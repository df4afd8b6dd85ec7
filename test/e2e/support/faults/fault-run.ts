import { privateCa } from '../certificates';
import { kubectl } from '../kubectl';
import { S3_HOST } from '../minio';
import { thanosPods, thanosReady } from '../pods';
import { pause, progress, step, until } from '../progress';
import { thanosSamples } from '../samples';
import { ApiProxy } from './api-proxy';
import { type Fault, faultOf } from './catalogue';
import { FaultStack, type FaultStackOptions, writeLast } from './fault-stack';
import { labelsOf, LIVE, OLD, RECORDED, SERIES, valueAt } from './known-samples';
import { Memory } from './memory';
import { Reader } from './reader';
import { type Outcome, writeRow } from './table';
import { Writer } from './writer';

/** Time in which the stack must do well before the next fault, ms. */
const AFTERWARDS = 8_000;

// a second try of a fault would hide the first
jest.retryTimes(0);

/** A stack that is written to and read from without pause, and what faults do to it. */
export class FaultRun {
  public static async start(namespace: string, options: FaultStackOptions = {}): Promise<FaultRun> {
    const api = await ApiProxy.start();
    const stack = new FaultStack(namespace, privateCa(S3_HOST), api, options);
    await stack.start();
    const writer = new Writer(stack.writeUrl);
    const run = new FaultRun(
      api,
      stack,
      writer,
      new Reader(stack.readUrl, writer, stack.old),
      new Memory(api, namespace, options.unmeasured),
    );
    await run.#begin();
    return run;
  }

  private constructor(
    public readonly api: ApiProxy,
    public readonly stack: FaultStack,
    public readonly writer: Writer,
    private readonly reader: Reader,
    private readonly memory: Memory,
  ) {}

  /** Makes a fault, waits until the stack is whole again, and writes the row of what happened. */
  public async fault(id: string, make: () => Promise<void>): Promise<Outcome> {
    const fault = faultOf(id);
    this.reader.take();
    this.memory.take();
    const before = this.writer.counts();
    await step(fault.title, make);
    await step('the stack is whole again', () => thanosReady(this.stack.namespace));
    await this.writer.caughtUp();
    await pause(AFTERWARDS);
    for (const wrong of this.reader.wrongs.slice(0, 5)) progress(`WRONG ${wrong}`);
    const read = this.reader.take();
    const memory = this.memory.take();
    const after = this.writer.counts();
    const outcome: Outcome = {
      ...read,
      lost: await this.#lost(),
      memory,
      acknowledged: after.acknowledged - before.acknowledged,
      refused: after.refused - before.refused,
      retried: after.retried - before.retried,
    };
    this.#say(outcome);
    writeRow(fault, outcome);
    this.#requireSeen(fault, outcome);
    return outcome;
  }

  /** Nothing is lost and nothing wrong where nobody wrote, read or looked. */
  #requireSeen({ answered: least }: Fault, { acknowledged, asked, answered, memory }: Outcome): void {
    const unseen = this.memory.kinds().filter((kind) => memory[kind] === undefined);
    const wrong = [
      ...(acknowledged > 0 ? [] : ['no sample was acknowledged']),
      ...(asked > 0 && answered / asked >= least ? [] : [`${answered} of ${asked} reads were answered`]),
      ...(unseen.length === 0 ? [] : [`nobody saw the memory of ${unseen.join(', ')}`]),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  }

  /** Stops the receivers, which flush, and returns how many acknowledged samples the bucket alone does not answer. */
  public async lostInBucket(): Promise<number> {
    await this.writer.stop();
    await this.reader.stop();
    await writeLast(this.stack.writeUrl);
    await kubectl(['-n', this.stack.namespace, 'scale', 'statefulset', 'thanos-receiver', '--replicas=0']);
    await step('the receivers are gone', () =>
      until('no receiver', async () => (await thanosPods(this.stack.namespace, 'receiver')).length === 0),
    );
    return this.#lost();
  }

  public async stop(): Promise<void> {
    await Promise.all([this.writer.stop(), this.reader.stop(), this.memory.stop()]);
    this.api.stop();
  }

  async #begin(): Promise<void> {
    this.writer.start();
    this.memory.start();
    await step('samples are taken, recorded and read', () =>
      until('recorded samples', async () => {
        const now = { end: Date.now() / 1000, seconds: 10 };
        const found = await thanosSamples(
          this.stack.namespace,
          'thanos-query-frontend',
          now,
          true,
          `{__name__="${RECORDED}"}`,
        );
        return found.size === 1 && (await this.#oldThere());
      }),
    );
    // the first record may have counted while the first write was half stored
    await pause(5000);
    this.reader.start();
    await pause(3000);
  }

  async #oldThere(): Promise<boolean> {
    const { old, namespace } = this.stack;
    const window = { end: old[old.length - 1] / 1000 + 0.5, seconds: old.length };
    const found = await thanosSamples(namespace, 'thanos-query-frontend', window, true, `{__name__="${OLD}"}`);
    return found.size === SERIES && [...found.values()].every((values) => values.size === old.length);
  }

  /** Acknowledged samples that Query does not answer in the end, its replicas merged or not. */
  async #lost(): Promise<number> {
    const times = [...this.writer.acknowledged].sort((a, b) => a - b);
    let lost = Infinity;
    await step('every acknowledged sample is answered', () =>
      until(
        'every sample',
        async () => {
          lost = Math.max(await this.#missing(times, true), await this.#missing(times, false));
          return lost === 0;
        },
        120,
      ),
    ).catch((error) => progress(`${lost} of ${times.length * SERIES} acknowledged samples are lost: ${error.message}`));
    return lost;
  }

  async #missing(times: readonly number[], dedup: boolean): Promise<number> {
    const [first, last] = [times[0], times[times.length - 1]];
    const window = { end: last / 1000 + 0.5, seconds: (last - first) / 1000 + 1 };
    const found = await thanosSamples(
      this.stack.namespace,
      this.stack.queryService,
      window,
      dedup,
      `{__name__="${LIVE}"}`,
    );
    let missing = 0;
    for (let n = 0; n < SERIES; n += 1) {
      const labels = Object.entries(labelsOf(LIVE, n)).sort(([a], [b]) => (a < b ? -1 : 1));
      const values = found.get(JSON.stringify(labels));
      missing += times.filter((time) => values?.get(time / 1000) !== String(valueAt(n, time))).length;
    }
    return missing;
  }

  #say({ memory, ...counts }: Outcome): void {
    progress(JSON.stringify(counts));
    progress(JSON.stringify(memory, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value)));
    const texts = { writer: this.writer.takeTexts(), ...this.reader.takeTexts() };
    for (const [what, lines] of Object.entries(texts))
      for (const text of lines.slice(0, 6)) progress(`  ${what}: ${text}`);
  }
}
