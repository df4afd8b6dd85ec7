import { type Duration, Size } from 'cdk8s';
import { RETENTION, type RetentionOptions } from '../component/retention';
import { InputProblem, found } from '../support/problem';
import { duration, size, struct, wholeNumber } from '../support/rows';
import { readStruct, required, type Row, type StructTable } from '../support/table';
import { bytes, quantity } from '../support/units';

/** Queries at their busiest, those that reach Query itself: what a frontend answers from its cache does not count. */
export interface QueryLoadOptions {
  /**
   * Queries that run at the same time, over all pods of Query: `sum(thanos_query_concurrent_gate_queries_in_flight)`.
   * @default 4
   */
  readonly concurrent?: number;
  /**
   * Queries a second, on average: what they cost at the bucket.
   * @default 0.1
   */
  readonly perSecond?: number;
  /**
   * Series that a query selects.
   * @default 1000
   */
  readonly series?: number;
  /**
   * How far back a query reads, of raw samples.
   * @default Duration.hours(6)
   */
  readonly range?: Duration;
}

/** What the provider of the bucket asks, in any one currency. Without prices there is no cost: none is guessed. */
export interface BucketPriceOptions {
  /** For a gigabyte (10^9 bytes) over a month. */
  readonly gigabyteMonth: number;
  /**
   * For 1000 requests that write or list (PUT, COPY, POST, LIST).
   * @default 0
   */
  readonly thousandWrites?: number;
  /**
   * For 1000 other requests (GET, HEAD).
   * @default 0
   */
  readonly thousandReads?: number;
}

/** What is to be stored and asked. */
export interface CapacityOptions {
  /**
   * Series at the same time, over all that write: `sum(prometheus_tsdb_head_series)`. Of Prometheus that scrape the same, a pair
   * for high availability, those of one, with `prometheusReplicas`.
   */
  readonly activeSeries: number;
  /** How often a series gets a sample. */
  readonly scrapeInterval: Duration;
  /**
   * Series that are new each day, where pods come and go: `sum(increase(prometheus_tsdb_head_series_created_total[1d]))`.
   * @default 0
   */
  readonly newSeriesPerDay?: number;
  /**
   * Prometheus that scrape the same and all write: 2 of a pair for high availability. Receivers store what each of them writes;
   * Query drops what is there twice, and only when it is asked.
   * @default 1
   */
  readonly prometheusReplicas?: number;
  /**
   * Receivers that store each sample. There are at least as many.
   * @default 3
   */
  readonly replicationFactor?: number;
  /**
   * How long the bucket keeps blocks. What is kept for ever is counted over a year.
   * @default - everything, for ever
   */
  readonly retention?: RetentionOptions;
  /**
   * How long blocks stay on the receivers (`--tsdb.retention`).
   * @default Duration.days(15)
   */
  readonly localRetention?: Duration;
  /**
   * Bytes of a raw sample in a block. Prometheus has 1 to 2 (its page on storage); a query for yours stands in docs/capacity.md.
   * @default 2
   */
  readonly bytesPerSample?: number;
  /**
   * Queries.
   * @default - each of its fields' own
   */
  readonly queries?: QueryLoadOptions;
  /**
   * Index cache of each store gateway, in memory.
   * @default - Thanos' own, 250 MB
   */
  readonly indexCache?: Size;
  /**
   * Memory that one pod may ask for, 1 GiB or more. There are so many receivers that each stays below it.
   * @default Size.gibibytes(16)
   */
  readonly largestPod?: Size;
  /**
   * Prices of the bucket.
   * @default - none, and no cost
   */
  readonly prices?: BucketPriceOptions;
}

/** A number of any kind in a range. */
function amount(least: number, most: number): Row<number> {
  return (value) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw new InputProblem(`is ${found(value)}; it must be a number from ${least} to ${most}`);
  };
}

/** So many that no sum of products leaves the range in which whole numbers are exact. */
const MOST_SERIES = 10_000_000_000;
/** More receivers share no ring that anybody runs, and nobody has so many Prometheus scrape the same. */
const MOST_COPIES = 9;

/** Below that nothing runs, and there would be thousands of receivers. */
function podSize(value: unknown): Size {
  const read = size(value);
  if (bytes(read) >= bytes(Size.gibibytes(1))) return read;
  throw new InputProblem(`is ${quantity(read)}; it must be 1Gi or more`);
}

const QUERIES: StructTable<QueryLoadOptions> = {
  concurrent: wholeNumber(1, 10_000),
  perSecond: amount(0, 1e6),
  series: wholeNumber(1, MOST_SERIES),
  range: duration,
};

const PRICES: StructTable<BucketPriceOptions> = {
  gigabyteMonth: required(amount(0, 1e6), 'Give the price of a gigabyte over a month'),
  thousandWrites: amount(0, 1e6),
  thousandReads: amount(0, 1e6),
};

const CAPACITY: StructTable<CapacityOptions> = {
  activeSeries: required(wholeNumber(1, MOST_SERIES), 'Give the number of series'),
  scrapeInterval: required(duration, 'Write Duration.seconds(30)'),
  newSeriesPerDay: wholeNumber(0, MOST_SERIES),
  prometheusReplicas: wholeNumber(1, MOST_COPIES),
  replicationFactor: wholeNumber(1, MOST_COPIES),
  retention: struct(RETENTION),
  localRetention: duration,
  bytesPerSample: amount(0.1, 32),
  queries: struct(QUERIES),
  indexCache: size,
  largestPod: podSize,
  prices: struct(PRICES),
};

/**
 * The options, read and checked. A problem names the field.
 * @internal
 */
export function readCapacity(options: CapacityOptions): CapacityOptions {
  const read = readStruct(CAPACITY, options);
  const { activeSeries, newSeriesPerDay = 0, prometheusReplicas = 1 } = read;
  if (Math.max(activeSeries, newSeriesPerDay) * prometheusReplicas > MOST_SERIES)
    throw new InputProblem(`prometheusReplicas: is ${prometheusReplicas}: these are more than ${MOST_SERIES} series`);
  return read;
}
