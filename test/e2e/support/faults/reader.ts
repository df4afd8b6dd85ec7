import type { Json } from '../../../render';
import { pause } from '../progress';
import { LIVE, OLD, RECORDED, SERIES, TICK, valueAt } from './known-samples';
import type { Writer } from './writer';

/** As long as Query itself, ms: `--query.timeout`. */
const PATIENCE = 120_000;
const EVERY = 1000;
/** Seconds of the live series that are asked for. */
const LOOKBACK = 30;
/** A sample that was acknowledged so long ago must be answered, ms. */
const SETTLED = 2000;

/** What the questions were answered with. */
export interface Read {
  readonly asked: number;
  readonly answered: number;
  /** Answered with a warning that a part is missing. */
  readonly warned: number;
  /** A value that nobody wrote, or a gap without a warning. */
  readonly wrong: number;
  /** The longest that a question took, answered or not, seconds. */
  readonly slowest: number;
}

interface Question {
  readonly query: string;
  /** Epoch, seconds. */
  readonly time: number;
  /** What is wrong with the answer; with a warning it may have gaps. */
  readonly judge: (result: Json[], gapsAllowed: boolean) => string | undefined;
}

/** Asks without pause, and knows what is right. */
export class Reader {
  readonly #warnings = new Set<string>();
  readonly #errors = new Set<string>();
  public readonly wrongs: string[] = [];
  #asked = 0;
  #answered = 0;
  #warned = 0;
  #slowest = 0;
  #running = true;
  #begin = Infinity;
  #done?: Promise<unknown>;

  /** @param old times of the samples that lie in the bucket alone */
  constructor(
    private readonly url: string,
    private readonly writer: Writer,
    private readonly old: readonly number[],
    private readonly every = EVERY,
  ) {}

  public start(): void {
    this.#begin = Date.now();
    const questions = [() => this.#live(), () => this.#bucket(), () => recorded(this.#begin)];
    this.#done = Promise.all(questions.map((question) => this.#loop(question)));
  }

  public async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  /** Counts since the last call. */
  public take(): Read {
    const counts = { asked: this.#asked, answered: this.#answered, warned: this.#warned, wrong: this.wrongs.length };
    const slowest = this.#slowest / 1000;
    this.#asked = this.#answered = this.#warned = this.#slowest = 0;
    this.wrongs.length = 0;
    return { ...counts, slowest };
  }

  /** Texts of the warnings, and of the answers that were none, since the last call. */
  public takeTexts(): { warnings: string[]; errors: string[] } {
    const texts = { warnings: [...this.#warnings], errors: [...this.#errors] };
    this.#warnings.clear();
    this.#errors.clear();
    return texts;
  }

  /** The live series of the last seconds: complete, but for what was not acknowledged in time. */
  #live(): Question {
    // between two samples, so that no sample lies on an end of the range
    const time = Math.floor(Date.now() / TICK) + 0.5;
    const [first, last] = [(time - LOOKBACK) * 1000, Math.min(time * 1000, Date.now() - SETTLED)];
    const due = [...this.writer.acknowledged].filter((at) => at > first && at < last);
    const query = `${LIVE}[${LOOKBACK}s]`;
    return {
      query,
      time,
      judge: (result, gapsAllowed) =>
        unwritten(result, (at) => this.writer.sent.has(at)) ?? (gapsAllowed ? undefined : missing(result, due)),
    };
  }

  /** What the store gateways alone can answer. */
  #bucket(): Question {
    const last = this.old[this.old.length - 1];
    const seconds = (last - this.old[0]) / 1000 + 1;
    const known = new Set(this.old);
    return {
      query: `${OLD}[${seconds}s]`,
      time: last / 1000 + 0.5,
      judge: (result, gapsAllowed) =>
        unwritten(result, (at) => known.has(at)) ?? (gapsAllowed ? undefined : missing(result, this.old)),
    };
  }

  async #loop(ask: () => Question): Promise<void> {
    while (this.#running) {
      const begun = Date.now();
      await this.#ask(ask());
      await pause(begun + this.every - Date.now());
    }
  }

  async #ask({ query, time, judge }: Question): Promise<void> {
    const url = `${this.url}/api/v1/query?query=${encodeURIComponent(query)}&time=${time}&dedup=true&partial_response=true`;
    const begun = Date.now();
    const answer = await this.#get(url);
    this.#slowest = Math.max(this.#slowest, Date.now() - begun);
    this.#asked += 1;
    if (answer === undefined) return;
    this.#answered += 1;
    const warnings: string[] = answer.warnings ?? [];
    if (warnings.length > 0) this.#warned += 1;
    for (const text of warnings) this.#warnings.add(general(text));
    const wrong = judge(answer.data.result, warnings.length > 0);
    if (wrong !== undefined) this.wrongs.push(`${new Date().toISOString()} ${query}: ${wrong}`);
  }

  /** The answer, or undefined where there is none. */
  async #get(url: string): Promise<Json | undefined> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
      const text = await response.text();
      if (response.status === 200) return JSON.parse(text);
      this.#errors.add(`${response.status}: ${general(text)}`);
    } catch (error) {
      this.#errors.add(String(error));
    }
    return undefined;
  }
}

/** What the rulers recorded since a moment (epoch, ms): they must never have counted a part of the series. */
function recorded(begin: number): Question {
  return {
    query: `${RECORDED}[${LOOKBACK}s]`,
    time: Date.now() / 1000,
    judge: (result) =>
      result
        .flatMap(({ values }) => values)
        .filter(([time, value]: [number, string]) => time * 1000 > begin && Number(value) !== SERIES)
        .map(([time, value]: [number, string]) => `${value} at ${time}, not ${SERIES}`)[0],
  };
}

/** A value that nobody wrote. */
function unwritten(result: Json[], isKnown: (time: number) => boolean): string | undefined {
  for (const { metric, values } of result) {
    const seen = new Set<number>();
    for (const [seconds, value] of values) {
      const time = Math.round(seconds * 1000);
      if (!isKnown(time) || Number(value) !== valueAt(Number(metric.series), time) || seen.has(time))
        return `${value} at ${seconds} of ${JSON.stringify(metric)}`;
      seen.add(time);
    }
  }
  return undefined;
}

/** A sample that is not answered, though nothing warns. */
function missing(result: Json[], due: readonly number[]): string | undefined {
  if (due.length === 0) return undefined;
  const bySeries = new Map(
    result.map(({ metric, values }) => [
      Number(metric.series),
      new Set(values.map(([seconds]: [number, string]) => Math.round(seconds * 1000))),
    ]),
  );
  const gaps = Array.from({ length: SERIES }, (_, n) => due.filter((time) => !bySeries.get(n)?.has(time)).length);
  const gone = gaps.filter((gap) => gap > 0);
  if (gone.length === 0) return undefined;
  return `${gone.length} of ${SERIES} series lack up to ${Math.max(...gone)} of ${due.length} samples, and nothing warns`;
}

/** Without what differs from one answer to the next. */
function general(text: string): string {
  return text
    .replace(/\d+\.\d+\.\d+\.\d+(:\d+)?/g, 'ADDRESS')
    .replace(/[0-9A-Z]{26}/g, 'BLOCK')
    .replace(/\d{10,}/g, 'TIME')
    .slice(0, 300);
}
