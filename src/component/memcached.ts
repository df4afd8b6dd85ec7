import type { Duration, Size } from 'cdk8s';
import { InputProblem, found } from '../support/problem';
import { duration, listOf, size, wholeNumber, yesOrNo } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { goDuration, thanosSize } from '../support/units';

/** A cache in a memcached that exists. */
export interface MemcachedOptions {
  /** Addresses, `host:port`; with `dns+` or `dnssrv+` before a name they are looked up. */
  readonly addresses: string[];
  /**
   * Timeout of one request.
   * @default - Thanos' own, 500 ms
   */
  readonly timeout?: Duration;
  /**
   * Size of the largest item; memcached's own limit must be as high.
   * @default - Thanos' own, 1 MiB
   */
  readonly maxItemSize?: Size;
  /**
   * How often the addresses are looked up.
   * @default - Thanos' own, 10 s
   */
  readonly dnsUpdateInterval?: Duration;
  /**
   * Connections to each server that stay open unused.
   * @default - Thanos' own, 100
   */
  readonly maxIdleConnections?: number;
  /**
   * Requests for several items that run at once.
   * @default - Thanos' own, 100
   */
  readonly fetchConcurrency?: number;
  /**
   * Items of one such request; 0: all.
   * @default - Thanos' own, 0
   */
  readonly fetchBatchSize?: number;
  /**
   * Writes that run at once.
   * @default - Thanos' own, 20
   */
  readonly asyncConcurrency?: number;
  /**
   * Writes that wait; more are dropped.
   * @default - Thanos' own, 10000
   */
  readonly asyncBufferSize?: number;
  /**
   * Ask the address for the cluster's nodes, as managed services have it.
   * @default - Thanos' own, false
   */
  readonly autoDiscovery?: boolean;
}

/** How it is read. */
export const MEMCACHED: StructTable<MemcachedOptions> = {
  addresses: required(memcachedAddresses, 'Give host:port'),
  timeout: duration,
  maxItemSize: size,
  dnsUpdateInterval: duration,
  maxIdleConnections: wholeNumber(1),
  fetchConcurrency: wholeNumber(1),
  fetchBatchSize: wholeNumber(0),
  asyncConcurrency: wholeNumber(1),
  asyncBufferSize: wholeNumber(1),
  autoDiscovery: yesOrNo,
};

/** The `config` of a memcached. */
export function memcachedConfig(read: MemcachedOptions): Record<string, unknown> {
  return {
    addresses: read.addresses,
    timeout: read.timeout && goDuration(read.timeout),
    max_item_size: read.maxItemSize && thanosSize(read.maxItemSize),
    dns_provider_update_interval: read.dnsUpdateInterval && goDuration(read.dnsUpdateInterval),
    max_idle_connections: read.maxIdleConnections,
    max_get_multi_concurrency: read.fetchConcurrency,
    max_get_multi_batch_size: read.fetchBatchSize,
    max_async_concurrency: read.asyncConcurrency,
    max_async_buffer_size: read.asyncBufferSize,
    auto_discovery: read.autoDiscovery,
  };
}

const ADDRESS = /^((dns\+)?[^\s+]+:\d{1,5}|(dnssrv|dnssrvnoa)\+[^\s+:]+(:\d{1,5})?)$/;

/** Reads addresses, and refuses those with which Thanos ends at its start: no port, or a name that nothing looks up. */
function memcachedAddresses(given: unknown): string[] {
  const addresses = listOf(address)(given);
  if (addresses.length === 0) throw new InputProblem('is empty; Thanos needs one');
  return addresses;
}

function address(given: unknown): string {
  if (typeof given === 'string' && ADDRESS.test(given)) return given;
  throw new InputProblem(
    `${found(given)} is not an address of memcached; write "host:port", "dns+host:port" or "dnssrv+_memcached._tcp.name"`,
  );
}
