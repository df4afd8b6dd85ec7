import type { Json } from '../../render';
import { httpGet } from './kubectl';
import { askPrometheus } from './prometheus';

/** Every sample of every series: values by timestamp, by the series' labels. */
export type Samples = Map<string, Map<number, string>>;

/** What one store lacks of another. */
export interface Comparison {
  readonly samples: number;
  readonly missing: number;
  readonly different: number;
  /** One of them, for a person to start from. */
  readonly example?: string;
}

/** The time up to which samples are compared, and how far back, seconds. */
export interface Window {
  readonly end: number;
  readonly seconds: number;
}

/** Labels that Thanos adds to a series. */
const ADDED = new Set(['receive_replica', 'rule_replica', 'tenant_id']);
const SELECTOR = '{job="prometheus"}';

/** The window from before a moment (epoch, ms) until now. */
export function windowSince(begin: number): Window {
  const end = Date.now() / 1000;
  return { end, seconds: Math.ceil(end - begin / 1000) + 60 };
}

/** What Prometheus itself holds. */
export async function prometheusSamples(namespace: string, window: Window): Promise<Samples> {
  return samplesOf(await askPrometheus(namespace, `/api/v1/query?${rawQuery(window)}`));
}

/** What Thanos answers; a source that fails is an error, not a gap. `service` is Query or the frontend. */
export async function thanosSamples(
  namespace: string,
  service: string,
  window: Window,
  dedup: boolean,
  selector = SELECTOR,
): Promise<Samples> {
  const url = `/api/v1/query?${rawQuery(window, selector)}&dedup=${dedup}&partial_response=false`;
  return samplesOf(JSON.parse(await httpGet(namespace, `services/${service}:http`, url)).data);
}

/** Compares sample by sample, by timestamp and value. */
export function compare(expected: Samples, actual: Samples): Comparison {
  let samples = 0;
  let missing = 0;
  let different = 0;
  let example: string | undefined;
  for (const [series, values] of expected) {
    for (const [time, value] of values) {
      samples += 1;
      const other = actual.get(series)?.get(time);
      if (other === value) continue;
      if (other === undefined) missing += 1;
      else different += 1;
      example ??= `${series} at ${time}: ${value}, but ${other}`;
    }
  }
  return { samples, missing, different, example };
}

/** @throws unless every sample is there with its value */
export function requireAll({ samples, missing, different, example }: Comparison): number {
  if (samples === 0) throw new Error('there is no sample to compare');
  if (missing + different === 0) return samples;
  throw new Error(`${missing} of ${samples} samples are missing, ${different} differ; ${example}`);
}

/** The longest time in which no series got a sample, seconds: how long a writer paused. */
export function longestPause(samples: Samples): number {
  const times = [...new Set([...samples.values()].flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  return times.slice(1).reduce((longest, time, i) => Math.max(longest, time - times[i]), 0);
}

/** A range selector as an instant query answers with the raw samples. */
function rawQuery({ end, seconds }: Window, selector = SELECTOR): string {
  return `query=${encodeURIComponent(`${selector}[${seconds}s]`)}&time=${end}`;
}

/** Replicas of a series become one: their union. A value that replicas disagree on equals no other. */
function samplesOf(data: Json): Samples {
  const all: Samples = new Map();
  for (const { metric, values } of data.result) {
    const labels = Object.entries(metric).filter(([name]) => !ADDED.has(name));
    const series = JSON.stringify(labels.sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = all.get(series) ?? new Map<number, string>();
    all.set(series, known);
    for (const [time, value] of values) {
      const before = known.get(time);
      known.set(time, before === undefined || before === value ? value : `${before} or ${value}`);
    }
  }
  return all;
}
