import { Duration, Size } from 'cdk8s';
import { IndexCache } from '../component/index-cache';
import type { ReceiverOptions } from '../component/receiver';
import type { ResourceOptions } from '../pod/resources';
import type { StackCompactorOptions } from '../stack/compactor-shards';
import type { StackQueryOptions } from '../stack/stack-query';
import type { StackStoreGatewayOptions } from '../stack/store-shards';
import type { ThanosStackProps } from '../stack/thanos-stack-props';
import { InputProblem, phrase } from '../support/problem';
import { bytes, milliseconds } from '../support/units';
import { type BucketCapacity, bucketCapacity } from './bucket-capacity';
import { type CapacityOptions, readCapacity } from './capacity-options';
import { type Load, type Need, needsOf } from './model';
import { notesOf } from './notes';
import { capacityTable } from './table';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY = 86_400_000;
/** What a retention for ever is counted over. */
const YEAR = 365;
/** Thanos' own, of `--tsdb.retention` and `--index-cache-size`. */
const LOCAL_DAYS = 15;
const INDEX_CACHE = 250 * MIB;

/**
 * How large a stack must be for what it stores and is asked: replicas, requests, volumes and what the bucket costs. It reckons
 * by the formulas of Prometheus' and Thanos' documentation and by what was measured here on the real Thanos; both stand in
 * docs/capacity.md. A start, to be held against what your own stack then takes.
 *
 * `stack` holds the props of all four components, to be spread into those of a ThanosStack. Ruler, query frontend and Grafana
 * keep their defaults: what they take does not follow from series.
 */
export class Capacity {
  /**
   * What such a load takes.
   * @param options series, intervals, retention, queries, prices
   * @throws an error that names the option, where a value is not possible, or where a volume would come to more than 8 PiB
   */
  public static of(options: CapacityOptions): Capacity {
    try {
      const read = readCapacity(options);
      return new Capacity(read, loadOf(read));
    } catch (error) {
      if (error instanceof InputProblem) throw new InputProblem(phrase('Capacity', ...splitProblem(error.message)));
      throw error;
    }
  }

  /** Samples that are written a second, each counted once. */
  public readonly samplesPerSecond: number;
  /** Replicas, requests and volumes of the receivers. */
  public readonly receiver: ReceiverOptions;
  /** Requests, volume and retention of the compactor. */
  public readonly compactor: StackCompactorOptions;
  /** Replicas, requests and volumes of the store gateways. */
  public readonly storeGateway: StackStoreGatewayOptions;
  /** Replicas and requests of Query. */
  public readonly query: StackQueryOptions;
  /** What the bucket holds, is asked and costs. */
  public readonly bucket: BucketCapacity;
  /** What the figures leave out, and what to watch. */
  public readonly notes: string[];

  readonly #table: string;

  private constructor(options: CapacityOptions, load: Load) {
    const needs = needsOf(load);
    this.samplesPerSecond = needs.samplesPerSecond;
    this.receiver = receiverProps(options, needs.receiver);
    this.compactor = {
      ...(options.retention && { retention: options.retention }),
      resources: requests(needs.compactor),
      storage: storage(needs.compactor),
    };
    this.storeGateway = {
      replicas: needs.store.replicas,
      ...(options.indexCache && { indexCache: IndexCache.inMemory({ maxSize: options.indexCache }) }),
      resources: requests(needs.store),
      storage: storage(needs.store),
    };
    this.query = { replicas: needs.query.replicas, resources: requests(needs.query) };
    this.bucket = bucketCapacity(needs.bucket, options);
    this.notes = notesOf(options, load, needs);
    this.#table = capacityTable(this, needs, load, options);
  }

  /** The four components, to be spread into the props of a ThanosStack: `{ ...capacity.stack, objstore }`. */
  public get stack(): ThanosStackProps {
    const { receiver, compactor, storeGateway, query } = this;
    return { receiver, compactor, storeGateway, query };
  }

  /** All of it as a table for people. */
  public toString(): string {
    return this.#table;
  }
}

function loadOf(options: CapacityOptions): Load {
  const { retention = {}, queries = {}, prometheusReplicas: writers = 1 } = options;
  const days = (kept?: Duration) => (kept && milliseconds(kept, true) / DAY) || YEAR;
  return {
    series: options.activeSeries * writers,
    interval: milliseconds(options.scrapeInterval) / 1000,
    newSeriesPerDay: (options.newSeriesPerDay ?? 0) * writers,
    copies: options.replicationFactor ?? 3,
    kept: { raw: days(retention.raw), fiveMinutes: days(retention.fiveMinutes), oneHour: days(retention.oneHour) },
    localDays: options.localRetention ? milliseconds(options.localRetention) / DAY : LOCAL_DAYS,
    bytesPerSample: options.bytesPerSample ?? 2,
    indexCache: options.indexCache ? bytes(options.indexCache) : INDEX_CACHE,
    largestPod: options.largestPod ? bytes(options.largestPod) : 16 * GIB,
    concurrent: queries.concurrent ?? 4,
    queriesPerSecond: queries.perSecond ?? 0.1,
    // each of them has a series of its own
    querySeries: (queries.series ?? 1000) * writers,
    queryRange: milliseconds(queries.range ?? Duration.hours(6)) / 1000,
  };
}

function receiverProps({ replicationFactor = 3, localRetention }: CapacityOptions, need: Need): ReceiverOptions {
  return {
    replicas: need.replicas,
    replicationFactor,
    ...(localRetention && { retention: localRetention }),
    resources: requests(need),
    storage: storage(need),
  };
}

/** Requests alone: a limit that was guessed is an outage. */
function requests({ memory, cores }: Need): ResourceOptions {
  const cpu = cores === undefined ? {} : { cpu: `${Math.max(50, Math.ceil((cores * 1000) / 50) * 50)}m` };
  return { requests: { ...cpu, memory: upTo(memory, memory < GIB ? 64 * MIB : 256 * MIB) } };
}

function storage({ volume = 0 }: Need): { size: Size } {
  return { size: upTo(volume, GIB) };
}

/** The next whole step. */
function upTo(amount: number, step: number): Size {
  const steps = Math.ceil(amount / step) * step;
  if (steps > Number.MAX_SAFE_INTEGER)
    throw new InputProblem(
      'activeSeries: with these intervals and retentions one pod comes to more than 8 PiB. Give fewer series or a smaller largestPod',
    );
  return Size.mebibytes(steps / MIB);
}

/** The field of a problem, and what it says of it. */
function splitProblem(message: string): [string, string] {
  const [, field, text] = /^([\w.]+(?:: [\w.]+)*?): (.*)$/s.exec(message) ?? [undefined, 'options', message];
  return [field!, text!];
}
