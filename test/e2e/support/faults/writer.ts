import { writeSamples, type WrittenSeries } from '../../../programs/remote-write';
import { pause, until } from '../progress';
import { labelsOf, LIVE, SERIES, TICK, valueAt } from './known-samples';

/** Ticks that one write may hold: what waited is caught up with as Prometheus does it. */
const AT_ONCE = 20;
const PATIENCE = 10_000;
/** Prometheus' own, ms. */
const FIRST_BACKOFF = 30;
const LONGEST_BACKOFF = 5000;

/** What became of the writes. */
export interface Written {
  readonly acknowledged: number;
  /** Answered 4xx: a Prometheus would not send them again. */
  readonly refused: number;
  /** Writes that had to be sent again. */
  readonly retried: number;
}

/** Writes every series each second, as a Prometheus does: in order, again where it got no answer. Remembers what was acknowledged. */
export class Writer {
  /** Times whose samples were acknowledged. */
  public readonly acknowledged = new Set<number>();
  /** Times whose samples were sent at least once: they may be stored, acknowledged or not. */
  public readonly sent = new Set<number>();
  readonly #queue: number[] = [];
  readonly #log = new Set<string>();
  #refused = 0;
  #retried = 0;
  #running = true;
  #done?: Promise<unknown>;

  /** @param skew what its clock is ahead of the true one, ms */
  constructor(
    private readonly url: string,
    private readonly name = LIVE,
    private readonly skew = 0,
  ) {}

  public start(): void {
    this.#done = Promise.all([this.#tick(), this.#send()]);
  }

  /** Stops when everything is acknowledged, or refused. */
  public async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  /** Waits until what is sent is at most a few seconds behind. */
  public async caughtUp(): Promise<void> {
    await until('the writer has caught up', async () => this.#queue.length <= 3);
  }

  public counts(): Written {
    const samples = (ticks: number): number => ticks * SERIES;
    return {
      acknowledged: samples(this.acknowledged.size),
      refused: samples(this.#refused),
      retried: this.#retried,
    };
  }

  /** What it was answered that was not an acknowledgement, since the last call, each text once. */
  public takeTexts(): string[] {
    const texts = [...this.#log];
    this.#log.clear();
    return texts;
  }

  async #tick(): Promise<void> {
    let next = Math.ceil(Date.now() / TICK) * TICK;
    while (this.#running) {
      await pause(next - Date.now());
      this.#queue.push(next + this.skew);
      next += TICK;
    }
  }

  async #send(): Promise<void> {
    let backoff = FIRST_BACKOFF;
    while (this.#running || this.#queue.length > 0) {
      const times = this.#queue.slice(0, AT_ONCE);
      if (times.length === 0) {
        await pause(20);
        continue;
      }
      for (const time of times) this.sent.add(time);
      const status = await this.#write(times);
      if (status >= 400 && status !== 429 && status < 500) this.#refused += times.length;
      else if (status < 300) for (const time of times) this.acknowledged.add(time);
      else {
        this.#retried += 1;
        await pause(backoff);
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF);
        continue;
      }
      this.#queue.splice(0, times.length);
      backoff = FIRST_BACKOFF;
    }
  }

  /** Status of the answer; 599 where there is none. */
  async #write(times: readonly number[]): Promise<number> {
    const series: WrittenSeries[] = Array.from({ length: SERIES }, (_, n) => ({
      labels: labelsOf(this.name, n),
      samples: times.map((time) => ({ time, value: valueAt(n, time) })),
    }));
    try {
      const { status, text } = await writeSamples(this.url, series, { signal: AbortSignal.timeout(PATIENCE) });
      if (status >= 300) this.#log.add(`${status}: ${short(text)}`);
      return status;
    } catch (error) {
      this.#log.add(String(error));
      return 599;
    }
  }
}

/** Without what differs from one answer to the next. */
function short(text: string): string {
  return text.replace(/\d+\.\d+\.\d+\.\d+(:\d+)?/g, 'ADDRESS').slice(0, 300);
}
