import type { Identity } from '../support/identity';
import { InputProblem, found } from '../support/problem';

/** A ring's receivers: the pods of a StatefulSet. */
export interface Ring {
  readonly identity: Identity;
  readonly replicas: number;
}

/** Value of `--receive.local-endpoint`: the pod's own address, spelled as in the ring. */
export function localEndpoint(ring: Ring): string {
  return ring.identity.podHost('$(POD_NAME)', 'grpc');
}

/** The hashring file: one ring for all tenants (https://thanos.io/tip/components/receive.md/). */
export function hashringJson(ring: Ring): string {
  const { identity, replicas } = ring;
  const endpoints = Array.from({ length: replicas }, (_, i) => identity.podHost(identity.pod(i), 'grpc'));
  return `${JSON.stringify([{ hashring: 'default', endpoints }], null, 2)}\n`;
}

/** Copies of each sample, where nothing else is asked for. */
export function defaultReplicationFactor(replicas: number): number {
  return replicas >= 3 ? 3 : 1;
}

/** The copies of each sample. Refuses more copies than receivers, as Thanos does at start (ketama). */
export function replicationFactor(text: string | undefined, replicas: number): number {
  const factor = Number(text);
  if (!Number.isSafeInteger(factor) || factor < 1)
    throw new InputProblem(`is ${found(text)}; it must be a whole number of at least 1`);
  if (factor > replicas)
    throw new InputProblem(
      `is ${factor}, but there are ${replicas} replicas; a ring needs as many receivers as copies`,
    );
  return factor;
}
