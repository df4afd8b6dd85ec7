import { Duration, Size } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerSize } from '../../../src/cli/size/size';
import { Capacity } from '../../../src/index';
import { cli, done } from '../cli';
import { runCommand } from '../run-command';

const size = (...args: string[]) => runCommand(registerSize, ['size', ...args]);
const LOAD = ['--series', '1M', '--scrape-interval', '30s'];
const EVERY = [
  ...LOAD,
  ...[
    '--new-series-per-day',
    '200k',
    '--prometheus-replicas',
    '2',
    '--replication-factor',
    '2',
    '--local-retention',
    '4d',
    '--bytes-per-sample',
    '1.5',
  ],
  ...['--retention-raw', '30d', '--retention-5m', '26w', '--retention-1h', '10y', '--largest-pod', '2Gi'],
  ...['--concurrent-queries', '7', '--queries-per-second', '2.5', '--query-series', '3_000', '--query-range', '1h30m'],
  ...['--index-cache', '512Mi', '--price-gigabyte-month', '0.02', '--price-1000-writes', '0.005'],
  ...['--price-1000-reads', '0.0004'],
];

test('the table of docs/cli.md has each option, and no other', () => {
  const program = new Command();
  registerSize(program);
  const options = program.commands[0].options.flatMap(({ long }) => long ?? []).filter((long) => long !== '--json');
  const section = /^## size$([^]*?)^## /m.exec(readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8'))![1];
  const rows = [...section.matchAll(/^\| (`--[^|]*)\|/gm)].flatMap(([, first]) => first.match(/--[a-z0-9-]+/g)!);
  expect(rows).toEqual(options);
});

test('every option reaches the field of Capacity that it stands for', async () => {
  const capacity = Capacity.of({
    activeSeries: 1_000_000,
    scrapeInterval: Duration.seconds(30),
    newSeriesPerDay: 200_000,
    prometheusReplicas: 2,
    replicationFactor: 2,
    localRetention: Duration.days(4),
    bytesPerSample: 1.5,
    retention: { raw: Duration.days(30), fiveMinutes: Duration.days(182), oneHour: Duration.days(3650) },
    largestPod: Size.gibibytes(2),
    queries: { concurrent: 7, perSecond: 2.5, series: 3000, range: Duration.minutes(90) },
    indexCache: Size.mebibytes(512),
    prices: { gigabyteMonth: 0.02, thousandWrites: 0.005, thousandReads: 0.0004 },
  });
  const { out, code } = await size(...EVERY);
  expect(code).toBe(0);
  const [table] = capacity.toString().split('\nnote:');
  expect(out.startsWith(table)).toBe(true);
});

test.each(EVERY.flatMap((option, at) => (option.startsWith('--') && at > 2 ? [[option, at]] : [])))(
  '%s changes something',
  async (_, at) => {
    const without = EVERY.filter((__, i) => i !== at && i !== Number(at) + 1);
    // the other prices need that of bytes
    const args = EVERY[Number(at)] === '--price-gigabyte-month' ? without.slice(0, -4) : without;
    expect((await size(...args, '--json')).out).not.toBe((await size(...EVERY, '--json')).out);
  },
);

test('--json has the props, sizes in mebibytes and durations in days', async () => {
  const { ok, samplesPerSecond, receiver, compactor, bucket } = JSON.parse((await size(...EVERY, '--json')).out);
  expect([ok, Math.round(samplesPerSecond)]).toEqual([true, 66_667]);
  expect(receiver).toMatchObject({ replicationFactor: 2, retention: { days: 4 } });
  expect(receiver.resources.requests.memory).toEqual({ mebibytes: expect.any(Number) });
  expect(compactor).toMatchObject({ replicas: 1, retention: { oneHour: { days: 3650 } } });
  expect(bucket).toMatchObject({ grows: false, costPerMonth: expect.any(Number) });
});

test('notes name the options as they are here', async () => {
  const { out } = await size(...LOAD);
  expect(out).toContain('give --new-series-per-day');
  expect(out).toContain('where a pair of Prometheus writes it, give --prometheus-replicas');
  expect(out).not.toMatch(/newSeriesPerDay|largestPod|prometheusReplicas/);
});

test.each<[string, string[], string]>([
  ['no series', ['--scrape-interval', '30s'], "required option '--series <number>' not specified"],
  ['no interval', ['--series', '5'], "required option '--scrape-interval <time>' not specified"],
  ['negative series', ['--series', '-5', '--scrape-interval', '30s'], '--series: is -5; it must be a whole number'],
  ['half a series', ['--series', '0.5', '--scrape-interval', '30s'], '--series: is 0.5; it must be a whole number'],
  [
    'words',
    ['--series', 'many', '--scrape-interval', '1s'],
    '--series: "many" is not a number; write such as 200k or 1.5M',
  ],
  [
    'an interval of 0',
    ['--series', '5', '--scrape-interval', '0'],
    '--scrape-interval: is 0 ms; it must be greater than 0',
  ],
  [
    'an interval without unit',
    ['--series', '5', '--scrape-interval', '30'],
    '--scrape-interval: "30" is not a duration',
  ],
  [
    'a retention with blanks',
    [...LOAD, '--retention-raw', '30 d'],
    '--retention-raw: "30 d" is not a duration; write such',
  ],
  [
    'no copies',
    [...LOAD, '--replication-factor', '0'],
    '--replication-factor: is 0; it must be a whole number from 1 to 9',
  ],
  [
    'a size without unit',
    [...LOAD, '--largest-pod', '16'],
    '--largest-pod: "16" is not a size; write such as 512Mi or 16Gi',
  ],
  [
    'a price below 0',
    [...LOAD, '--price-gigabyte-month', '-1'],
    '--price-gigabyte-month: is -1; it must be a number from 0',
  ],
  ['half of the prices', [...LOAD, '--price-1000-reads', '1'], '--price-gigabyte-month: is missing. Give the price'],
  [
    'too much',
    ['--series', '10G', '--scrape-interval', '1ms', '--largest-pod', '8000Ti'],
    '--series: with these intervals',
  ],
])('%s is told with the name of the option', async (_, args, message) => {
  await expect(size(...args)).rejects.toThrow(message);
});

test('as a process: exit code 0, and 2 for what cannot be', async () => {
  const { stdout } = await done(['size', ...LOAD]);
  expect(stdout).toMatch(/^1 000 000 series, a sample every 30 s: 33 333 samples a second, each stored 3 times\n/);
  const refused = await cli(['size', '--series', '1M', '--scrape-interval', '0', '--json']);
  expect(refused.code).toBe(2);
  expect(refused.json).toEqual({ ok: false, error: '--scrape-interval: is 0 ms; it must be greater than 0' });
});
