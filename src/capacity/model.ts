import { BLOCKS_A_DAY, blocksOf, type DaysKept, LONGEST_BLOCK } from './blocks';
import { MEASURED } from './measured';

/** What is stored and asked, in seconds, days and bytes. */
export interface Load {
  /** Of all that write. */
  readonly series: number;
  readonly interval: number;
  readonly newSeriesPerDay: number;
  readonly copies: number;
  /** Counted over a year where it is for ever. */
  readonly kept: DaysKept;
  readonly localDays: number;
  readonly bytesPerSample: number;
  readonly indexCache: number;
  readonly largestPod: number;
  readonly concurrent: number;
  readonly queriesPerSecond: number;
  readonly querySeries: number;
  readonly queryRange: number;
}

/** What a pod of a component needs: bytes, and cores where they follow from the load. */
export interface Need {
  readonly replicas: number;
  readonly memory: number;
  /** What of the memory stays with each pod, into however many parts the load goes. */
  readonly fixed?: number;
  readonly volume?: number;
  readonly cores?: number;
}

/** What the bucket holds and is asked. */
export interface BucketNeed {
  readonly bytes: number;
  /** What is uploaded a day, before anything is merged. */
  readonly bytesPerDay: number;
  readonly blocks: number;
  readonly writesPerMonth: number;
  readonly readsPerMonth: number;
}

/** All of it. */
export interface Needs {
  readonly samplesPerSecond: number;
  readonly receiver: Need;
  readonly compactor: Need;
  readonly store: Need;
  readonly query: Need;
  readonly bucket: BucketNeed;
}

const DAY = 86_400;
const MONTH = 30 * DAY;
const MB = 1_000_000;
/** A head is cut when it spans 3 hours. */
const HEAD = 3 * 3600;
/**
 * What is left free of memory and volumes: a fifth. Prometheus says so of its disk ("at most, 80-85% of your allocated
 * Prometheus disk space"); here also for a ring that is not quite even.
 */
export const SPARE = 1.25;
/** Prometheus keeps three segments of its write-ahead log. */
const LEAST_WAL = 3 * 128 * 1024 * 1024;
/** What Thanos says of the store gateway: "an average of 6 MB of local disk space is required per TSDB block". */
const HEADER = 6 * MB;
/** Two, so that one can be away: each must do with the whole load. */
const PAIR = 2;
/** Thanos waits so long between two looks at the bucket, seconds: store, compactor. */
const SYNCS = { store: 15 * 60, compactor: 5 * 60 };
/** Days for which the compactor leaves a block that it has merged (`--delete-delay`). */
const DELETE_DELAY = 2;
/** index, meta.json, a file of chunks, and later the mark by which it is deleted. */
const FILES_OF_BLOCK = 4;
/** Objects that S3 lists with one request. */
const LISTED = 1000;
/** A receiver of a ring hands on as much as it stores: what was measured is one that only stores. */
const FORWARDED = 2;
/** Parts in which minio-go uploads a large file. */
const PART = 64 * 1024 * 1024;

/** Replicas, memory, volumes and what the bucket holds. The sources of each line stand in docs/capacity.md. */
export function needsOf(load: Load): Needs {
  const samplesPerSecond = load.series / load.interval;
  const receiver = receiverOf(load);
  const stream = streamOf(load, receiver.replicas);
  return {
    samplesPerSecond,
    receiver,
    compactor: compactorOf(load, stream),
    store: storeOf(load, stream),
    query: queryOf(load),
    bucket: bucketOf(load, stream),
  };
}

/** What one receiver has of the series: they are the blocks' streams too, since each labels its own. */
interface Stream {
  readonly count: number;
  readonly series: number;
  readonly newSeriesPerDay: number;
  readonly samplesPerSecond: number;
}

function streamOf({ series, newSeriesPerDay, interval, copies }: Load, receivers: number): Stream {
  const share = copies / receivers;
  return {
    count: receivers,
    series: series * share,
    newSeriesPerDay: newSeriesPerDay * share,
    samplesPerSecond: (series * share) / interval,
  };
}

function receiverOf(load: Load): Need {
  const { interval, copies, localDays, bytesPerSample, largestPod } = load;
  const { idle, perSeries, perSample, walPerSample, coreSecondsPerSample } = MEASURED.receiver;
  const ofSeries = (perSeries + perSample * (HEAD / interval)) * SPARE;
  const room = Math.max(largestPod - idle * SPARE, 1);
  const replicas = Math.max(copies, Math.ceil((load.series * copies * ofSeries) / room));
  const { series, samplesPerSecond } = streamOf(load, replicas);
  const wal = Math.max(LEAST_WAL, samplesPerSecond * HEAD * walPerSample);
  return {
    replicas,
    memory: idle * SPARE + series * ofSeries,
    // needed_disk_space = retention_time_seconds * ingested_samples_per_second * bytes_per_sample
    volume: (localDays * DAY * samplesPerSecond * bytesPerSample + wal) * SPARE,
    cores: FORWARDED * samplesPerSecond * coreSecondsPerSample * SPARE,
  };
}

function compactorOf({ bytesPerSample }: Load, stream: Stream): Need {
  const { idle, perSeries } = MEASURED.compactor;
  const longest = LONGEST_BLOCK * DAY * stream.samplesPerSecond * bytesPerSample;
  return {
    replicas: 1,
    memory: (idle + seriesOf(stream, LONGEST_BLOCK) * perSeries) * SPARE,
    // the sources of the longest block, and what is made of them
    volume: 2 * longest * SPARE,
  };
}

function storeOf(load: Load, stream: Stream): Need {
  const { idle, perBlock, perSeries, headerPerSeries, perQueriedSample } = MEASURED.store;
  const groups = blocksOf(load.kept);
  const blocks = stream.count * sum(groups.map(({ count }) => count));
  const series = stream.count * sum(groups.map(({ days, count }) => count * seriesOf(stream, days)));
  const queries = load.concurrent * samplesOf(load) * perQueriedSample;
  const fixed = idle * SPARE + load.indexCache;
  return {
    replicas: PAIR,
    memory: fixed + (blocks * perBlock + series * perSeries + queries) * SPARE,
    fixed,
    volume: Math.max(blocks * HEADER, series * headerPerSeries) * SPARE,
  };
}

function queryOf(load: Load): Need {
  const { idle, perQueriedSample } = MEASURED.query;
  const away = PAIR - 1;
  return {
    replicas: PAIR,
    memory: (idle + (load.concurrent / away) * samplesOf(load) * perQueriedSample) * SPARE,
  };
}

/** Raw samples that a query reads: those of each copy, which Query makes one of. */
function samplesOf({ querySeries, queryRange, interval, copies }: Load): number {
  return querySeries * copies * Math.max(1, queryRange / interval);
}

/** Series of a block: those that are there all the time, and those that begin meanwhile. */
function seriesOf({ series, newSeriesPerDay }: Stream, days: number): number {
  return series + newSeriesPerDay * days;
}

function bucketOf(load: Load, stream: Stream): BucketNeed {
  const { kept, bytesPerSample, series, copies, queriesPerSecond, queryRange } = load;
  const { fiveMinutesPoint, oneHourPoint } = MEASURED.bucket;
  const raw = stream.count * stream.samplesPerSecond * bytesPerSample * DAY;
  // "only slightly smaller or relatively similar size to raw block": no more than raw
  const fiveMinutes = Math.min(raw, (series * copies * fiveMinutesPoint * DAY) / 300);
  const oneHour = Math.min(fiveMinutes, (series * copies * oneHourPoint * DAY) / 3600);
  // each sample is written once more at each level, and what it was in stays until the delay is over
  const merged = 3 * DELETE_DELAY * raw;
  const blocks = stream.count * sum(blocksOf(kept).map(({ count }) => count));
  const month = MONTH / DAY;
  const made = stream.count * sum(Object.values(BLOCKS_A_DAY)) * month;
  const parts = (month * (4 * raw + fiveMinutes + oneHour)) / PART;
  const syncs = { store: (PAIR * MONTH) / SYNCS.store, compactor: MONTH / SYNCS.compactor };
  const touched = stream.count * Math.max(1, Math.ceil(queryRange / DAY / LONGEST_BLOCK));
  const { reads } = MEASURED;
  const lists = Math.max(1, blocks / LISTED);
  return {
    bytes: raw * kept.raw + fiveMinutes * kept.fiveMinutes + oneHour * kept.oneHour + merged,
    bytesPerDay: raw,
    blocks,
    writesPerMonth: made * FILES_OF_BLOCK + parts + lists * (syncs.store + syncs.compactor),
    readsPerMonth:
      blocks * (syncs.store * reads.store + syncs.compactor * reads.compactor) +
      queriesPerSecond * MONTH * PAIR * touched * reads.query,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
