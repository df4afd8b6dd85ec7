/** Units of Grafana, by what they are of (https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit). */
export const UNITS = {
  number: 'short',
  share: 'percentunit',
  seconds: 's',
  days: 'd',
  bytes: 'bytes',
  bytesPerSecond: 'Bps',
  perSecond: 'cps',
  requestsPerSecond: 'reqps',
  operationsPerSecond: 'ops',
  yesOrNo: 'bool_yes_no',
} as const;

/** What a panel draws: an expression, and the text of each of its series. */
export type Query = readonly [expr: string, legend: string];

/** A panel, before it is known which parts a stack has. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  /** How it is drawn: lines over time, or the last value as a number or as rows of a table. */
  readonly draw?: 'lines' | 'number' | 'table';
  readonly unit: keyof typeof UNITS;
  /** Kinds of components whose metrics it reads: the label `app.kubernetes.io/component`. */
  readonly kinds: readonly string[];
  /** Only those of them that open the bucket. */
  readonly bucket?: true;
  /** What colours a number, from this value on, or below it. */
  readonly red?: { readonly from: number } | { readonly below: number };
  /** The queries; `select` is what stands inside the braces of every metric. */
  queries(select: string): readonly Query[];
}

/** Panels below one title. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A dashboard, before it is known which parts a stack has. */
export interface Board {
  /** Part of the names of its ConfigMap and file. */
  readonly name: string;
  readonly title: string;
  /** Kinds of components of which one must be there; undefined: any. */
  readonly kinds?: readonly string[];
  /** Of them one that opens the bucket. */
  readonly bucket?: true;
  readonly rows: readonly Row[];
}

const WINDOW = '$__rate_interval';

/** Rate of counters, added up by labels. */
export function rate(metric: string, select: string, by: string): string {
  return `sum by (${by}) (rate(${metric}{${select}}[${WINDOW}]))`;
}

/** Share of the calls of a counter that a matcher names; 0 where none of them is there yet. */
export function failing(metric: string, select: string, failed: string, by: string): string {
  const all = rate(metric, select, by);
  return `(${rate(metric, `${select},${failed}`, by)} or 0 * ${all}) / ${all}`;
}

/** Share of one counter in another. */
export function part(metric: string, whole: string, select: string, by: string): string {
  return `${rate(metric, select, by)} / ${rate(whole, select, by)}`;
}

/** Median and 99th percentile of a histogram. */
export function percentiles(metric: string, select: string, by: string): Query[] {
  const legend = by.split(', ').map((label) => `{{${label}}}`);
  return [0.5, 0.99].map((quantile) => [
    `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${metric}_bucket{${select}}[${WINDOW}])))`,
    [...legend, `p${quantile * 100}`].join(' '),
  ]);
}
