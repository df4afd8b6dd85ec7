import type { Size } from 'cdk8s';
import { quantity } from '../support/units';
import type { ResourceOptions } from '../pod/resources';
import type { BucketCapacity } from './bucket-capacity';
import type { CapacityOptions } from './capacity-options';
import type { Load, Needs } from './model';

/** What a table shows of a Capacity. */
interface Shown {
  readonly receiver: Sized;
  readonly compactor: Sized;
  readonly storeGateway: Sized;
  readonly query: Sized;
  readonly bucket: BucketCapacity;
  readonly notes: readonly string[];
}

interface Sized {
  readonly replicas?: number;
  readonly resources?: ResourceOptions;
  readonly storage?: { readonly size?: Size };
}

const HEAD = ['component', 'replicas', 'cpu', 'memory', 'volume'];
const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/**
 * A Capacity as a table for people: each pod's requests and volume, then the bucket.
 * @internal
 */
export function capacityTable(
  shown: Shown,
  needs: Needs,
  load: Load,
  { activeSeries, prometheusReplicas = 1 }: CapacityOptions,
): string {
  const { bucket, notes } = shown;
  const cost =
    bucket.costPerMonth === undefined ? [] : [`cost of the bucket a month: ${bucket.costPerMonth.toFixed(2)}`];
  const pair = prometheusReplicas === 1 ? '' : ` (${prometheusReplicas} Prometheus with ${count(activeSeries)} each)`;
  return [
    `${count(load.series)} series${pair}, a sample every ${load.interval} s: ${count(needs.samplesPerSecond)} samples a second, each stored ${load.copies} times`,
    '',
    ...aligned([
      HEAD,
      row('receiver', shown.receiver),
      row('compactor', { ...shown.compactor, replicas: 1 }),
      row('store gateway', shown.storeGateway),
      row('query', shown.query),
    ]),
    '',
    `bucket: ${rounded(bucket.size)}B${bucket.grows ? ' after a year' : ''}, ${rounded(bucket.perDay)}B uploaded a day, ${count(bucket.blocks)} blocks`,
    `requests of the bucket a month: ${count(bucket.writesPerMonth)} that write or list, ${count(bucket.readsPerMonth)} that read`,
    ...cost,
    '',
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

function row(name: string, { replicas, resources, storage }: Sized): string[] {
  const { cpu = '-', memory } = resources?.requests ?? {};
  return [name, String(replicas), cpu, memory ? quantity(memory) : '-', storage?.size ? quantity(storage.size) : '-'];
}

function aligned(rows: readonly string[][]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

/** Thousands apart. */
function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Three digits, and the unit that fits. */
function rounded(size: Size): string {
  let value = size.toMebibytes() * 1024 ** 2;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${Number(value.toPrecision(value < 1000 ? 3 : 4))} ${UNITS[unit]}`;
}
