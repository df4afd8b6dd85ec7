import { Size } from 'cdk8s';
import { Quantity, type ResourceRequirements } from '../support/k8s';
import { InputProblem, found } from '../support/problem';
import { size, struct } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { bytes, quantity } from '../support/units';
import { orNone } from './or-none';

/** An amount of each resource. */
export interface ResourceAmounts {
  /**
   * CPU as a Kubernetes quantity: `500m`, `2`.
   * @default - requests by measured footprint; no limit
   */
  readonly cpu?: string;
  /**
   * Memory.
   * @default - requests by measured footprint; no limit, but Grafana's
   */
  readonly memory?: Size;
  /**
   * Ephemeral storage: logs and emptyDir.
   * @default - requests what a node keeps of the logs; no limit
   */
  readonly ephemeralStorage?: Size;
}

/** Resources of the main container. Each amount that is not given keeps its default. */
export interface ResourceOptions {
  /**
   * What the scheduler sets aside.
   * @default - by measured footprint, or the limit where that is lower
   */
  readonly requests?: ResourceAmounts;
  /**
   * What the container may not exceed.
   * @default - none, since a guessed limit is an outage; for Grafana 1 GiB of memory, or its request where that is higher
   */
  readonly limits?: ResourceAmounts;
}

const AMOUNTS: StructTable<ResourceAmounts> = { cpu, memory: size, ephemeralStorage: size };

/** How requests and limits are read. */
export const RESOURCES: Row<ResourceOptions> = struct<ResourceOptions>(
  { requests: struct(AMOUNTS), limits: struct(AMOUNTS) },
  requireRoom,
);

/** What a node keeps of a container's log: the kubelet's own five files of 10 MiB, and room for what is yet to be rotated. */
const LOGS = Size.mebibytes(64);

/**
 * Requests and limits, amount by amount: what is given, else what is measured. Where only one of a pair is given, the
 * measured other gives way to it, since Kubernetes refuses a request over its limit.
 * @internal
 */
export function resourceRequirements(
  { requests = {}, limits = {} }: ResourceOptions = {},
  measured: ResourceAmounts,
  measuredLimits: ResourceAmounts = {},
): ResourceRequirements {
  const usual = { ephemeralStorage: LOGS, ...measured };
  return {
    requests: amounts((resource) => requests[resource] ?? lower(usual[resource], limits[resource])),
    limits: orNone(amounts((resource) => limits[resource] ?? higher(measuredLimits[resource], requests[resource]))),
  };
}

const WRITTEN = { cpu: 'cpu', memory: 'memory', ephemeralStorage: 'ephemeral-storage' } as const;
type Resource = keyof typeof WRITTEN;
type Amount = string | Size;
const RESOURCE_NAMES = Object.keys(WRITTEN) as Resource[];

function amounts(amountOf: (resource: Resource) => Amount | undefined): Record<string, Quantity> {
  const given = RESOURCE_NAMES.map((resource) => [WRITTEN[resource], amountOf(resource)] as const);
  return Object.fromEntries(
    given.flatMap(([name, it]) => (it === undefined ? [] : [[name, Quantity.fromString(shown(it))]])),
  );
}

function lower(value: Amount | undefined, most: Amount | undefined): Amount | undefined {
  return value !== undefined && most !== undefined && amount(value) > amount(most) ? most : value;
}

function higher(value: Amount | undefined, least: Amount | undefined): Amount | undefined {
  return value !== undefined && least !== undefined && amount(value) < amount(least) ? least : value;
}

/** Kubernetes refuses a request over its limit. */
function requireRoom({ requests = {}, limits = {} }: ResourceOptions): void {
  for (const resource of RESOURCE_NAMES) {
    const request = requests[resource];
    const limit = limits[resource];
    if (request === undefined || limit === undefined || amount(request) <= amount(limit)) continue;
    throw new InputProblem(`requests: ${resource}: is ${shown(request)}, over the limit of ${shown(limit)}`);
  }
}

function amount(value: Amount): number {
  if (typeof value !== 'string') return bytes(value);
  return value.endsWith('m') ? Number.parseInt(value, 10) : Number(value) * 1000;
}

function shown(value: Amount): string {
  return typeof value === 'string' ? value : quantity(value);
}

function cpu(text: unknown): string {
  if (isCpu(text)) return text;
  throw new InputProblem(`${found(text)} is not an amount greater than 0; write "500m" or "2"`);
}

/** Whether a value is an amount of CPU greater than 0. */
export function isCpu(value: unknown): value is string {
  return typeof value === 'string' && /^(\d+m|\d+(\.\d{1,3})?)$/.test(value) && Number.parseFloat(value) > 0;
}
