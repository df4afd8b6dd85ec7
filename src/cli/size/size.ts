import type { Size } from 'cdk8s';
import type { Command } from 'commander';
import { Capacity } from '../../capacity/capacity';
import { InputProblem } from '../../support/problem';
import { commonOptions } from '../options';
import { emit, type Report, wantsJson } from '../output';
import { CliProblem } from '../problem';
import { amount, duration, type Read, size } from './values';

/** An option of the command: a field of CapacityOptions, of which a dot leads to one of its own. */
interface Given {
  readonly flags: string;
  readonly field: string;
  readonly read: Read<unknown>;
  readonly text: string;
  readonly required?: boolean;
}

const GIVEN: readonly Given[] = [
  {
    flags: '--series <number>',
    field: 'activeSeries',
    read: amount,
    text: 'series at the same time: 200k, 1.5M',
    required: true,
  },
  {
    flags: '--scrape-interval <time>',
    field: 'scrapeInterval',
    read: duration,
    text: 'time between two samples: 30s',
    required: true,
  },
  {
    flags: '--new-series-per-day <number>',
    field: 'newSeriesPerDay',
    read: amount,
    text: 'series that begin each day (0)',
  },
  {
    flags: '--prometheus-replicas <number>',
    field: 'prometheusReplicas',
    read: amount,
    text: 'that scrape the same and all write: 2 of a pair (1)',
  },
  { flags: '--replication-factor <number>', field: 'replicationFactor', read: amount, text: 'copies of a sample (3)' },
  {
    flags: '--retention-raw <time>',
    field: 'retention.raw',
    read: duration,
    text: 'raw samples in the bucket (0: for ever)',
  },
  {
    flags: '--retention-5m <time>',
    field: 'retention.fiveMinutes',
    read: duration,
    text: 'samples of 5 minutes in the bucket (0: for ever)',
  },
  {
    flags: '--retention-1h <time>',
    field: 'retention.oneHour',
    read: duration,
    text: 'samples of 1 hour in the bucket (0: for ever)',
  },
  { flags: '--local-retention <time>', field: 'localRetention', read: duration, text: 'blocks on the receivers (15d)' },
  { flags: '--bytes-per-sample <number>', field: 'bytesPerSample', read: amount, text: 'of a raw sample (2)' },
  { flags: '--concurrent-queries <number>', field: 'queries.concurrent', read: amount, text: 'at the same time (4)' },
  { flags: '--queries-per-second <number>', field: 'queries.perSecond', read: amount, text: 'on average (0.1)' },
  { flags: '--query-series <number>', field: 'queries.series', read: amount, text: 'that a query selects (1000)' },
  { flags: '--query-range <time>', field: 'queries.range', read: duration, text: 'how far back it reads (6h)' },
  { flags: '--index-cache <size>', field: 'indexCache', read: size, text: 'of a store gateway, in memory (250Mi)' },
  { flags: '--largest-pod <size>', field: 'largestPod', read: size, text: 'memory that one pod may ask for (16Gi)' },
  { flags: '--price-gigabyte-month <price>', field: 'prices.gigabyteMonth', read: amount, text: 'of 10^9 bytes' },
  {
    flags: '--price-1000-writes <price>',
    field: 'prices.thousandWrites',
    read: amount,
    text: 'PUT, COPY, POST, LIST (0)',
  },
  { flags: '--price-1000-reads <price>', field: 'prices.thousandReads', read: amount, text: 'GET, HEAD (0)' },
];

const HELP = `
Formulas and measurements: docs/capacity.md of the package. In an app: Capacity.of({ ... }), with the fields of --json.
The series of a Prometheus: prometheus_tsdb_head_series; of a pair that scrapes the same, those of one. Those of a day: increase(prometheus_tsdb_head_series_created_total[1d]).

Examples:
  $ cdk8s-thanos size --series 1M --scrape-interval 30s
  $ cdk8s-thanos size --series 1M --scrape-interval 30s --retention-raw 30d --retention-5m 180d --retention-1h 10y \\
      --price-gigabyte-month 0.023 --price-1000-writes 0.005 --price-1000-reads 0.0004`;

/** Adds `size`: replicas, requests, volumes and the bucket's cost, from what is to be stored and asked. */
export function registerSize(program: Command): void {
  const command = program.command('size').description('reckon replicas, requests, volumes and the cost of the bucket');
  for (const { flags, text, required } of GIVEN)
    if (required) command.requiredOption(flags, text);
    else command.option(flags, text);
  command
    .addHelpText('after', HELP)
    .action((given: Record<string, string>) => emit(report(reckon(given)), wantsJson(command)));
  commonOptions(command);
}

function reckon(given: Record<string, string>): Capacity {
  const options: Record<string, any> = {};
  for (const option of GIVEN) {
    const text = given[keyOf(option)];
    if (text === undefined) continue;
    const [field, inner] = option.field.split('.');
    const value = option.read(nameOf(option), text);
    options[field] = inner === undefined ? value : { ...options[field], [inner]: value };
  }
  try {
    return Capacity.of(options as never);
  } catch (error) {
    if (error instanceof InputProblem) throw new CliProblem(asOptions(error.message));
    throw error;
  }
}

function report(capacity: Capacity): Report {
  const { samplesPerSecond, receiver, compactor, storeGateway, query, bucket, notes } = capacity;
  const data = {
    samplesPerSecond,
    receiver,
    compactor: { ...compactor, replicas: 1 },
    storeGateway: { ...storeGateway, indexCache: undefined },
    query,
    bucket,
    notes,
  };
  return { ok: true, data: plain(data) as object, lines: () => asOptions(capacity.toString()).split('\n') };
}

/** Sizes and durations in the units that their fields are named after in the help: mebibytes, days. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? asOptions(value) : value;
  if ('toMebibytes' in value) return { mebibytes: (value as Size).toMebibytes() };
  if ('toDays' in value) return { days: (value as any).toDays({ integral: false }) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Fields that a text names, as the options that they are here. */
function asOptions(text: string): string {
  const fields = GIVEN.map((option) => [option.field.replace('.', ': '), nameOf(option)] as const);
  const named = fields.reduce((all, [field, name]) => all.replaceAll(`Capacity: ${field}: `, `${name}: `), text);
  return fields
    .reduce((all, [field, name]) => all.replace(new RegExp(`\\b${field}\\b`, 'g'), name), named)
    .replace('cdk8s-thanos: ', '');
}

function nameOf({ flags }: Given): string {
  return flags.split(' ')[0];
}

function keyOf(option: Given): string {
  return nameOf(option)
    .slice(2)
    .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
