import { InputProblem } from '../support/problem';

/** Addresses of a ring's receivers, one for each pod of the StatefulSet. */
export interface Ring {
  readonly workload: string;
  readonly replicas: number;
  /** `<headless>.<namespace>.svc.<domain>:<port>`. */
  readonly peers: string;
}

/** Value of `--receive.local-endpoint`: the pod's own address, spelled as in the ring. */
export function localEndpoint(ring: Ring): string {
  return `$(POD_NAME).${ring.peers}`;
}

/** The hashring file: one ring for all tenants (https://thanos.io/tip/components/receive.md/). */
export function hashringJson(ring: Ring): string {
  const endpoints = Array.from({ length: ring.replicas }, (_, i) => `${ring.workload}-${i}.${ring.peers}`);
  return `${JSON.stringify([{ hashring: 'default', endpoints }], null, 2)}\n`;
}

/** How many receivers store each sample; judged as Thanos does at start (ketama). */
export function replicationFactor(given: number | undefined, replicas: number): number {
  const factor = given ?? (replicas >= 3 ? 3 : 1);
  if (!Number.isInteger(factor) || factor < 1)
    throw new InputProblem(`is ${factor}; it must be a whole number of at least 1`);
  if (factor > replicas)
    throw new InputProblem(
      `is ${factor}, but there are ${replicas} replicas; a ring needs as many receivers as copies`,
    );
  return factor;
}
