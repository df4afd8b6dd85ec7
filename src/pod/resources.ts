import { Quantity, type ResourceRequirements } from '../support/k8s';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { quantity } from '../support/units';
import type { ResourceAmounts, ResourceOptions } from './pod-options';

/** Requests and limits as given; where none are given, requests by measured footprint and no limits. */
export function resourceRequirements(
  options: ResourceOptions | undefined,
  measured: ResourceAmounts,
): ResourceRequirements | undefined {
  const given = options ?? { requests: measured };
  knownFields(given, ['requests', 'limits']);
  const requests = given.requests && amounts(given.requests);
  const limits = given.limits && amounts(given.limits);
  return requests || limits ? { requests, limits } : undefined;
}

function amounts(given: ResourceAmounts): Record<string, Quantity> | undefined {
  knownFields(given, ['cpu', 'memory', 'ephemeralStorage']);
  const result: Record<string, Quantity> = {};
  if (given.cpu !== undefined) result.cpu = Quantity.fromString(cpu(given.cpu));
  if (given.memory !== undefined) result.memory = Quantity.fromString(quantity(given.memory));
  if (given.ephemeralStorage !== undefined)
    result['ephemeral-storage'] = Quantity.fromString(quantity(given.ephemeralStorage));
  return Object.keys(result).length > 0 ? result : undefined;
}

function cpu(text: string): string {
  if (typeof text !== 'string' || !/^(\d+m|\d+(\.\d{1,3})?)$/.test(text) || Number.parseFloat(text) <= 0) {
    throw new InputProblem(`cpu ${found(text)} is not an amount greater than 0; write "500m" or "2"`);
  }
  return text;
}
