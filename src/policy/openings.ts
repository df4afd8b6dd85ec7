import type { Json } from '../support/json';
import { groupBy } from '../support/group-by';

/** A way in or out: a peer, and the ports at whoever answers. */
export interface Opening {
  /** As Kubernetes takes it; undefined: anyone. */
  readonly peer: Json;
  readonly port: number | string;
  /** @default TCP */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/** Rules of a NetworkPolicy: each port with all of its peers, in the order of the ports, each peer once. */
export function rulesOf(openings: readonly Opening[], peers: 'from' | 'to'): Json[] {
  const anyone = openings.filter(({ peer }) => peer === undefined).map(portKey);
  const byPort = [...groupBy(openings, portKey)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rules = byPort.map(([key, all]) => {
    const ports = portsJson(all[0]);
    if (anyone.includes(key)) return { ports };
    const each = new Map(all.map(({ peer }) => [JSON.stringify(peer), peer]));
    return { [peers]: [...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, peer]) => peer), ports };
  });
  return joined(rules, peers);
}

/** One rule for several ports of the same peers. */
function joined(rules: readonly Json[], peers: 'from' | 'to'): Json[] {
  const same = groupBy(rules, (rule) => JSON.stringify(rule[peers]));
  return [...same.values()].map((all) => ({ ...all[0], ports: all.flatMap(({ ports }) => ports) }));
}

function portKey({ port, protocols }: Opening): string {
  return `${String(port).padStart(5, '0')} ${protocols?.join() ?? ''}`;
}

function portsJson({ port, protocols = ['TCP'] }: Opening): Json[] {
  return protocols.map((protocol) => ({ protocol, port }));
}
