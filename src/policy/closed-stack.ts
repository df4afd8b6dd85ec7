import type { IConstruct } from 'constructs';
import type { Json } from '../support/json';
import { NAMESPACE_LABEL } from '../manifest/namespace-labels';
import { isSelected } from '../manifest/selector';
import type { Call, Purpose } from './call';
import { type Caller, DOORS } from './doors';
import { peerJson, type PeerTarget } from './network-peer';
import type { NetworkPolicyOptions } from './network-policy-options';
import { type Opening, rulesOf } from './openings';
import { type PodGroup, portNamed } from './pod-group';
import type { InstancePlace, Traffic } from './traffic';

/** Further ways of a part, named by hand. */
export interface OwnWay {
  readonly part: IConstruct;
  readonly target: PeerTarget;
  /** Undefined: out, at the target's ports. */
  readonly ports?: readonly number[];
}

/** The peers of the options, read. */
export type Peers = { readonly [K in keyof NetworkPolicyOptions]?: readonly PeerTarget[] };

/** Who gets in and out of the pods of one instance, and nobody else. */
export interface ClosedStack {
  readonly place: InstancePlace;
  readonly peers: Peers;
  readonly ways: readonly OwnWay[];
}

/** Where DNS servers stand in a cluster of kubeadm, and in those of the clouds. */
const KUBE_DNS: PeerTarget = {
  pods: { labels: { 'k8s-app': 'kube-dns' }, namespaces: { [NAMESPACE_LABEL]: 'kube-system' } },
  ports: [],
};
const DNS_PORT = 53;
const LARGEST_BLOCK = 8;

/** The rules for the pods that a selector selects. */
export function rulesFor(stack: ClosedStack, traffic: Traffic, selector: Readonly<Record<string, string>>): Json {
  const own = traffic.podsOf(stack.place).filter(({ labels }) => isSelected(labels, selector));
  const ingress = own.flatMap((pods) => waysIn(stack, traffic, pods));
  const egress = own.flatMap((pods) => waysOut(stack, traffic, pods));
  return {
    ...(ingress.length > 0 && { ingress: rulesOf(ingress, 'from') }),
    ...(egress.length > 0 && { egress: rulesOf(egress, 'to') }),
  };
}

/** Whom the options let in to pods, each at his door. */
export function callersOf(
  stack: ClosedStack,
  traffic: Traffic,
  pods: PodGroup,
): { readonly target: PeerTarget; readonly port: number }[] {
  const all = traffic.podsOf(stack.place);
  return (Object.keys(DOORS) as Caller[]).flatMap((option) => {
    const port = DOORS[option](pods, all, traffic);
    if (port === undefined) return [];
    // where the API server may be anyone, anyone would come in
    const targets = (stack.peers[option] ?? []).filter((target) => option !== 'apiServer' || !isNearlyAnyone(target));
    return targets.map((target) => ({ target, port }));
  });
}

/** Whether only Cilium can say it. */
export function isCiliums({ names, entity }: PeerTarget): boolean {
  return names !== undefined || entity !== undefined;
}

/** No peer at all, or a block that no API server needs: more than 10.0.0.0/8, the largest that is private (RFC 1918). */
function isNearlyAnyone(target: PeerTarget): boolean {
  if (target.cidr) return Number(target.cidr.cidr.split('/')[1]) < LARGEST_BLOCK;
  return peerJson(target) === undefined && !isCiliums(target);
}

function waysIn(stack: ClosedStack, traffic: Traffic, pods: PodGroup): Opening[] {
  const called = traffic.callsTo(pods).flatMap(({ from, service: { port } }) => {
    const number = portOf(pods, port);
    return number === undefined
      ? []
      : [{ peer: podsPeer(from.selector, from.namespace, pods.namespace), port: number }];
  });
  const letIn = (targets: readonly PeerTarget[] | undefined, port: number | undefined): Opening[] =>
    port === undefined ? [] : (targets ?? []).map((target) => ({ peer: peerJson(target), port }));
  const doors = callersOf(stack, traffic, pods).flatMap(({ target, port }) =>
    isCiliums(target) ? [] : letIn([target], port),
  );
  const routed = traffic.routesTo(pods).flatMap(({ to: { port } }) => letIn(stack.peers.gateways, portOf(pods, port)));
  const own = waysOf(stack, pods).flatMap(({ target, ports = [] }) => ports.flatMap((port) => letIn([target], port)));
  return [...called, ...doors, ...routed, ...own];
}

/** The ways out that a NetworkPolicy can say; of Cilium's, those by names have the way to DNS with them. */
function waysOut(stack: ClosedStack, traffic: Traffic, pods: PodGroup): Opening[] {
  const within = traffic
    .callsFrom(pods)
    .flatMap(({ service }) =>
      service?.port === undefined
        ? []
        : [{ peer: podsPeer(service.selector, service.namespace, pods.namespace), port: service.port }],
    );
  const outside = targetsOut(stack, traffic, pods);
  const others = outside
    .filter(({ target }) => !isCiliums(target))
    .flatMap(({ target, ports }) => ports.map((port) => ({ peer: peerJson(target), port })));
  const byName = outside.some(({ target }) => target.names !== undefined);
  if (within.length + outside.length === 0) return [];
  return [...within, ...others, ...(byName ? [] : dnsWays(stack.peers.dns))];
}

function dnsWays(targets: readonly PeerTarget[] = [KUBE_DNS]): Opening[] {
  return targets.flatMap((target) =>
    portsOr(target, DNS_PORT).map((port) => ({ peer: peerJson(target), port, protocols: ['UDP', 'TCP'] as const })),
  );
}

/** The DNS servers. */
export function dnsTargets({ peers }: ClosedStack): readonly PeerTarget[] {
  return (peers.dns ?? [KUBE_DNS]).map((target) => ({ ...target, ports: portsOr(target, DNS_PORT) }));
}

/** A way out of the stack and the app. */
export interface WayOut {
  readonly target: PeerTarget;
  readonly ports: readonly number[];
}

/** All ways out of pods to whom the options name, and to whom they are let by hand. */
export function targetsOut(stack: ClosedStack, traffic: Traffic, pods: PodGroup): WayOut[] {
  const called = traffic
    .callsFrom(pods)
    .filter(({ service }) => service === undefined)
    .flatMap((call) => (stack.peers[call.purpose] ?? []).map((target) => ({ target, ports: portsOf(call, target) })));
  const own = waysOf(stack, pods)
    .filter(({ ports }) => ports === undefined)
    .map(({ target }) => ({ target, ports: target.ports }));
  return [...called, ...own].filter(({ ports }) => ports.length > 0);
}

/** The ports of a call to a peer: those of the peer, else that of the address. */
export function portsOf({ port }: Pick<Call, 'port'>, { ports }: PeerTarget): readonly number[] {
  if (ports.length > 0) return ports;
  return port === undefined ? [] : [port];
}

function portsOr({ ports }: PeerTarget, port: number): readonly number[] {
  return ports.length > 0 ? ports : [port];
}

function waysOf({ ways }: ClosedStack, { object }: PodGroup): OwnWay[] {
  return ways.filter(({ part }) => object.node.scopes.includes(part));
}

/** The number of a port of pods, given by number or name. */
function portOf(pods: PodGroup, port: number | string | undefined): number | undefined {
  return typeof port === 'string' ? portNamed(pods, port) : port;
}

/** Pods of the app, as others see them from a namespace. */
function podsPeer(
  labels: Readonly<Record<string, string>>,
  namespace: string | undefined,
  from: string | undefined,
): Json {
  const namespaces = namespace === from || namespace === undefined ? undefined : { [NAMESPACE_LABEL]: namespace };
  return peerJson({ pods: { labels, namespaces }, ports: [] });
}

/** What must be named for a call to get out; whether a policy of somebody else lets pods to the API server is only advised. */
export function needs(stack: ClosedStack, { purpose, service, maybe }: Call): Purpose | undefined {
  const isOpen = service !== undefined || maybe || stack.peers[purpose] !== undefined;
  return isOpen || purpose === 'apiServer' ? undefined : purpose;
}
