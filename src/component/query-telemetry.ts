import { found, InputProblem } from '../support/problem';
import { listOf, oneOf, struct } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { type Arg, written } from './option';

/** A label of Query's metric of its connections. */
export enum ConnectionMetricLabel {
  /** The external labels of what it asks. */
  EXTERNAL_LABELS = 'external_labels',
  /** What kind of component it asks. */
  STORE_TYPE = 'store_type',
}

/** What Query measures of its queries. Upper bounds of histogram buckets, ascending. */
export interface QueryTelemetryOptions {
  /**
   * Bounds for the time of a query, in seconds (`--query.telemetry.request-duration-seconds-quantiles`).
   * @default - Thanos' own, 0.1 to 15
   */
  readonly durationBounds?: number[];
  /**
   * Bounds for the samples of a query (`--query.telemetry.request-samples-quantiles`).
   * @default - Thanos' own, 100 to 1,000,000
   */
  readonly samplesBounds?: number[];
  /**
   * Bounds for the series of a query (`--query.telemetry.request-series-seconds-quantiles`).
   * @default - Thanos' own, 10 to 100,000
   */
  readonly seriesBounds?: number[];
  /**
   * Labels of the metric of its connections (`--query.conn-metric.label`); fewer where the external labels are many.
   * @default - Thanos' own, both
   */
  readonly connectionLabels?: ConnectionMetricLabel[];
}

const TABLE: StructTable<QueryTelemetryOptions> = {
  durationBounds: ascending,
  samplesBounds: ascending,
  seriesBounds: ascending,
  connectionLabels: listOf(oneOf(ConnectionMetricLabel, 'ConnectionMetricLabel')),
};

/** How they are read. */
export const QUERY_TELEMETRY = struct(TABLE);

/** Their flags. */
export function queryTelemetryFlags(telemetry: QueryTelemetryOptions = {}): Arg[] {
  const bounds = (of: string, numbers: number[] = []): Arg[] =>
    written(`--query.telemetry.request-${of}-quantiles`, numbers.map(String));
  return [
    ...bounds('duration-seconds', telemetry.durationBounds),
    ...bounds('samples', telemetry.samplesBounds),
    ...bounds('series-seconds', telemetry.seriesBounds),
    ...written('--query.conn-metric.label', telemetry.connectionLabels),
  ];
}

/** Prometheus' client panics at bounds that do not ascend. */
function ascending(value: unknown): number[] {
  const numbers = listOf(bound)(value);
  const at = numbers.findIndex((number, i) => i > 0 && number <= numbers[i - 1]);
  if (at < 0) return numbers;
  throw new InputProblem(`[${at}]: ${numbers[at]} is not above ${numbers[at - 1]}, the one before it`);
}

const bound: Row<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new InputProblem(`is ${found(value)}; it must be a number above 0`);
};
