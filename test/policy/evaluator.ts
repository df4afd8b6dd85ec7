import type { Json } from '../render';
import { podsOf } from '../stack/pods';

/** Somebody who speaks: pods by namespace and labels, or an address. */
export interface Party {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly address?: string;
}

type Way = 'Ingress' | 'Egress';

/** Whether Kubernetes lets a packet through, by its own words: both ends must agree, and whom no policy selects agrees to all. */
export function passes(all: Json[], from: Party, to: Party, port: number, protocol = 'TCP'): boolean {
  return agrees(all, 'Egress', from, to, port, protocol) && agrees(all, 'Ingress', to, from, port, protocol);
}

function agrees(all: Json[], way: Way, own: Party, other: Party, port: number, protocol: string): boolean {
  if (own.labels === undefined) return true;
  const selecting = all.filter(
    ({ kind, metadata, spec }) =>
      kind === 'NetworkPolicy' &&
      metadata.namespace === own.namespace &&
      spec.policyTypes.includes(way) &&
      matches(spec.podSelector, own.labels!),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) =>
    (way === 'Ingress' ? (spec.ingress ?? []) : (spec.egress ?? [])).some((rule: Json) => {
      const peers: Json[] | undefined = way === 'Ingress' ? rule.from : rule.to;
      const ports: Json[] | undefined = rule.ports;
      const atPort = ports === undefined || ports.some((p) => p.port === port && p.protocol === protocol);
      return atPort && (peers === undefined || peers.some((peer) => isPeer(peer, other, metadata.namespace)));
    }),
  );
}

function isPeer(peer: Json, party: Party, namespace: string): boolean {
  if (peer.ipBlock) return party.address !== undefined && inBlock(peer.ipBlock.cidr, party.address);
  if (party.labels === undefined) return false;
  const inPlace = peer.namespaceSelector
    ? matches(peer.namespaceSelector, { 'kubernetes.io/metadata.name': party.namespace! })
    : party.namespace === namespace;
  return inPlace && (peer.podSelector === undefined || matches(peer.podSelector, party.labels));
}

function matches(selector: Json, labels: Record<string, string>): boolean {
  if (Object.keys(selector).some((key) => key !== 'matchLabels'))
    throw new Error(`unknown ${JSON.stringify(selector)}`);
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

function inBlock(cidr: string, address: string): boolean {
  const [base, length] = cidr.split('/');
  const bits = (ip: string): string =>
    ip
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  return bits(base).slice(0, Number(length)) === bits(address).slice(0, Number(length));
}

/** The pods of a synth as parties, by the names of their workloads without the stack's and a Job's digits. */
export function parties(all: Json[]): Record<string, Party> {
  const jobs = all.filter(({ kind }) => kind === 'CronJob');
  const ofJobs = jobs.map(({ metadata, spec }): [string, Party] => [
    metadata.name.replace(/^thanos-/, ''),
    { namespace: metadata.namespace, labels: spec.jobTemplate.spec.template.metadata.labels },
  ]);
  const each = podsOf(all).map(({ name, labels }): [string, Party] => {
    const object = all.find((one) => `${one.kind} ${one.metadata.name}` === name);
    const short = name.replace(/^\w+ (thanos-)?/, '').replace(/(-[0-9a-f]{4,8})+$/, '');
    return [short, { namespace: object.metadata.namespace, labels }];
  });
  return Object.fromEntries([...each, ...ofJobs]);
}

/** Every port that anything listens at. */
export const ALL_PORTS = [10901, 10902, 19291, 19391, 3000, 9000, 9093, 443, 22];

/** `from -> to port` of all that passes between parties. */
export function open(all: Json[], among: Record<string, Party>): string[] {
  const names = Object.keys(among);
  return names.flatMap((from) =>
    names.flatMap((to) =>
      ALL_PORTS.filter((port) => passes(all, among[from], among[to], port)).map((port) => `${from} -> ${to} ${port}`),
    ),
  );
}
