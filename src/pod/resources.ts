import { type Size } from 'cdk8s';
import { Quantity, type ResourceRequirements } from '../support/k8s';
import { InputProblem, found } from '../support/problem';
import { size, struct } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { bytes, quantity } from '../support/units';

/** An amount of each resource. */
export interface ResourceAmounts {
  /**
   * CPU as a Kubernetes quantity: `500m`, `2`.
   * @default - none
   */
  readonly cpu?: string;
  /**
   * Memory.
   * @default - none
   */
  readonly memory?: Size;
  /**
   * Ephemeral storage: logs and emptyDir.
   * @default - none
   */
  readonly ephemeralStorage?: Size;
}

/** Resources of the Thanos container. */
export interface ResourceOptions {
  /**
   * What the scheduler sets aside.
   * @default - CPU and memory by measured footprint
   */
  readonly requests?: ResourceAmounts;
  /**
   * What the container may not exceed.
   * @default - none: a guessed limit is an outage
   */
  readonly limits?: ResourceAmounts;
}

const AMOUNTS: StructTable<ResourceAmounts> = { cpu, memory: size, ephemeralStorage: size };

/** How requests and limits are read. */
export const RESOURCES: Row<ResourceOptions> = struct<ResourceOptions>(
  { requests: struct(AMOUNTS), limits: struct(AMOUNTS) },
  requireRoom,
);

/**
 * Requests and limits as given; where none are given, requests by measured footprint and no limits.
 * @internal
 */
export function resourceRequirements(
  options: ResourceOptions | undefined,
  measured: ResourceAmounts,
): ResourceRequirements | undefined {
  const given = options ?? { requests: measured };
  const requests = given.requests && amounts(given.requests);
  const limits = given.limits && amounts(given.limits);
  return requests || limits ? { requests, limits } : undefined;
}

function amounts(given: ResourceAmounts): Record<string, Quantity> | undefined {
  const result: Record<string, Quantity> = {};
  if (given.cpu !== undefined) result.cpu = Quantity.fromString(given.cpu);
  if (given.memory !== undefined) result.memory = Quantity.fromString(quantity(given.memory));
  if (given.ephemeralStorage !== undefined)
    result['ephemeral-storage'] = Quantity.fromString(quantity(given.ephemeralStorage));
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Kubernetes refuses a request over its limit. */
function requireRoom({ requests = {}, limits = {} }: ResourceOptions): void {
  for (const resource of ['cpu', 'memory', 'ephemeralStorage'] as const) {
    const request = requests[resource];
    const limit = limits[resource];
    if (request === undefined || limit === undefined || amount(request) <= amount(limit)) continue;
    throw new InputProblem(`requests: ${resource}: is ${shown(request)}, over the limit of ${shown(limit)}`);
  }
}

function amount(value: string | Size): number {
  if (typeof value !== 'string') return bytes(value);
  return value.endsWith('m') ? Number.parseInt(value, 10) : Number(value) * 1000;
}

function shown(value: string | Size): string {
  return typeof value === 'string' ? value : quantity(value);
}

function cpu(text: unknown): string {
  if (typeof text !== 'string' || !/^(\d+m|\d+(\.\d{1,3})?)$/.test(text) || Number.parseFloat(text) <= 0) {
    throw new InputProblem(`${found(text)} is not an amount greater than 0; write "500m" or "2"`);
  }
  return text;
}
