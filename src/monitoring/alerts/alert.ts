import type { Watched } from '../parts';
import type { Severity } from './severity';

/** What expressions are told: where the limits lie. */
export interface Limits {
  /** Share of failed calls above which an alert fires, 0 to 1. */
  readonly errors: number;
  /** 99th percentile of a request above which an alert fires, seconds. */
  readonly latency: number;
  /** How long a pod that takes samples may upload nothing, seconds. */
  readonly upload: number;
  /** How long a compactor may finish no round, seconds. */
  readonly compaction: number;
}

/** An alert, before it is known which parts a stack has. */
export interface Alert {
  readonly name: string;
  /** Kinds of components whose metrics it reads: the label `app.kubernetes.io/component`. */
  readonly kinds: readonly string[];
  /** Only those of them that open the bucket. */
  readonly bucket?: true;
  readonly severity: Severity;
  /** How long it must hold, minutes. */
  readonly minutes: number;
  readonly summary: string;
  readonly description: string;
  /** The expression; `select` is what stands inside the braces of every metric: these parts. */
  expr(select: string, limits: Limits, parts: readonly Watched[]): string;
}

/** Labels that tell whose alert it is. */
export const BY_JOB = 'namespace, job';
/** The same, for each pod. */
export const BY_POD = 'namespace, job, pod';

/**
 * When the first process of a pod started that ran within a time, seconds, or an hour before: one that restarts again and again
 * is as old as the time that it does so. Of pods that ran within the last quarter of an hour.
 */
export function since(select: string, time: number): string {
  const start = `process_start_time_seconds{${select}}`;
  const first = `min by (${BY_POD}) (min_over_time(${start}[${time + 3600}s]))`;
  return `(${first} and max by (${BY_POD}) (last_over_time(${start}[15m])))`;
}

/** Share of the calls of a counter that a matcher names, over five minutes. */
export function share(metric: string, select: string, failed: string, by = BY_JOB): string {
  const rate = (matchers: string): string => `sum by (${by}) (rate(${metric}{${matchers}}[5m]))`;
  return `${rate(`${select},${failed}`)} / ${rate(select)}`;
}

/** 99th percentile of a histogram of seconds, over five minutes. */
export function percentile(metric: string, select: string): string {
  return `histogram_quantile(0.99, sum by (${BY_JOB}, le) (rate(${metric}_bucket{${select}}[5m])))`;
}
