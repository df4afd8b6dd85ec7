import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { isMap, list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { hostMatches, isBucketOf } from '../manifest/host-pattern';
import { CILIUM_NAMESPACE, CILIUM_NAMESPACE_LABELS, NAMESPACE_LABEL } from '../manifest/namespace-labels';
import type { Json } from '../support/json';
import {
  type Allowed,
  ANYONE,
  blockPeer,
  type Direction,
  type Peer,
  type Perhaps,
  type PolicyRule,
  selectedPeer,
} from './policy-peer';

const KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];

/** Whether it is a policy of Cilium, of a namespace or of all. */
export function isCilium({ kind, apiVersion }: ManifestObject): boolean {
  return KINDS.includes(kind) && apiVersion.startsWith('cilium.io/');
}

/** The fields of each direction. */
const FIELDS = {
  Ingress: { rules: 'ingress', denied: 'ingressDeny', peer: 'from' },
  Egress: { rules: 'egress', denied: 'egressDeny', peer: 'to' },
} as const;

/** What a policy of Cilium says (https://docs.cilium.io/en/stable/security/policy/language/). */
export function ciliumRules(world: World, policy: ManifestObject): PolicyRule[] {
  const { spec, specs } = policy.json;
  return [spec, ...list(specs)].filter(isMap).flatMap((rule) => {
    // without one it is about nodes
    if (!isMap(rule.endpointSelector)) return [];
    const own = selectorsOf(policy, rule.endpointSelector);
    const { isPod } = selectedPeer(world, policy, own);
    const isAbout = (pod: Pod): Perhaps => (own.reserved === undefined ? isPod(pod) : false);
    return (['Ingress', 'Egress'] as const).map((direction) => directed(world, policy, rule, direction, isAbout));
  });
}

function directed(
  world: World,
  policy: ManifestObject,
  rule: Record<string, Json>,
  direction: Direction,
  isAbout: (pod: Pod) => Perhaps,
): PolicyRule {
  const fields = FIELDS[direction];
  const [given, denied] = [list(rule[fields.rules]), list(rule[fields.denied])];
  const wanted: unknown = rule.enableDefaultDeny?.[fields.rules];
  const read = (rules: readonly Json[]): Allowed[] =>
    rules.flatMap((one) => allowedBy(world, policy, one, fields.peer));
  return {
    ...{ policy, direction, selects: isAbout },
    closes: typeof wanted === 'boolean' ? wanted : given.length + denied.length > 0,
    allowed: read(given),
    denied: read(denied),
  };
}

/** A rule of peers and ports. One without either lets nobody through. */
function allowedBy(world: World, policy: ManifestObject, rule: Json, way: 'from' | 'to'): Allowed[] {
  const ports = portsOf(rule);
  const named = Object.keys(PEERS).filter((form) => Array.isArray(rule[`${way}${form}`]));
  const peers = named.flatMap((form) =>
    list(rule[`${way}${form}`]).map((one) => PEERS[form as keyof typeof PEERS](world, policy, one)),
  );
  if (named.length > 0) return peers.map((peer) => ({ policy, peer, ports: ports ?? [] }));
  return ports === undefined ? [] : [{ policy, peer: ANYONE, ports }];
}

/** As a NetworkPolicy has them. */
function portsOf({ toPorts, icmps }: Json): Json[] | undefined {
  if (!Array.isArray(toPorts)) return Array.isArray(icmps) ? [{ protocol: 'ICMP' }] : undefined;
  return list(toPorts).flatMap(({ ports }) => {
    const each = list(ports);
    if (each.length === 0) return [{ protocol: 'ANY' }];
    return each.map(({ port, protocol = 'ANY', endPort }) => {
      const number = Number(port);
      if (number === 0) return { protocol };
      return { protocol, port: Number.isNaN(number) ? text(port) : number, ...(endPort > 0 && { endPort }) };
    });
  });
}

type PeerReader = (world: World, policy: ManifestObject, given: Json) => Peer;

/** How each form of peer is read: `fromEndpoints`, `toFQDNs`. */
const PEERS = {
  Endpoints: endpointsPeer,
  // what Cilium manages has no address to it
  CIDR: (_world, _policy, cidr) => blockPeer(cidr, [], false),
  CIDRSet: (_world, _policy, { cidr, cidrGroupRef, except }) =>
    blockPeer(cidr ?? `CIDR group ${text(cidrGroupRef)}`, except, false),
  Entities: (_world, _policy, entity) => entityPeer(text(entity)),
  FQDNs: (_world, _policy, { matchName, matchPattern }) => namePeer(text(matchName ?? matchPattern)),
  Services: (_world, _policy, { k8sService }) => ({
    ...ANYONE,
    title: k8sService ? `Service ${text(k8sService.namespace)}/${text(k8sService.serviceName)}` : 'selected Services',
  }),
  Nodes: () => ({ ...ANYONE, title: 'selected nodes', isPod: () => false }),
  Groups: () => ({ ...ANYONE, title: 'a group of a cloud', isPod: () => false }),
} satisfies Record<string, PeerReader>;

function endpointsPeer(world: World, policy: ManifestObject, selector: Json): Peer {
  const { reserved, ...selectors } = selectorsOf(policy, selector);
  return reserved === undefined ? selectedPeer(world, policy, selectors) : entityPeer(reserved);
}

function namePeer(pattern: string): Peer {
  return {
    ...{ title: pattern, named: false, isPod: () => false },
    isHost: (called) =>
      called === undefined ||
      hostMatches(pattern, called.host) ||
      (called.bucket === true && isBucketOf(pattern, called.host)),
  };
}

/** Entities among which may be who is called outside of the manifests. */
const OUTSIDE = ['all', 'world', 'world-ipv4', 'world-ipv6', 'cluster', 'host', 'remote-node'];
const OF_PODS = ['all', 'cluster'];

function entityPeer(entity: string): Peer {
  if (entity === 'all') return ANYONE;
  return {
    ...{ title: entity === 'world' ? 'anyone outside of the cluster' : `Cilium's entity ${entity}`, named: false },
    isPod: () => OF_PODS.includes(entity),
    isHost: () => OUTSIDE.includes(entity),
  };
}

/** The source of a label ends at a colon; of the reserved ones at a dot too (parseSource of Cilium's pkg/labels). */
const PREFIX = /^(k8s|any):/;
const RESERVED = /^reserved[:.]/;

/** A selector of endpoints in the words of a NetworkPolicy: Cilium counts a namespace's labels among those of its pods. */
function selectorsOf(
  { kind }: ManifestObject,
  selector: Json,
): { readonly podSelector?: Json; readonly namespaceSelector?: Json; readonly reserved?: string } {
  const given = Object.entries(isMap(selector?.matchLabels) ? selector.matchLabels : {});
  const keys = [...given.map(([key]) => key), ...list(selector?.matchExpressions).map(({ key }) => text(key))];
  const reserved = keys.find((key) => RESERVED.test(key));
  if (reserved !== undefined) return { reserved: reserved.replace(RESERVED, '') };
  const labels = given.map(([key, value]) => [key.replace(PREFIX, ''), value] as const);
  const expressions = list(selector?.matchExpressions).map((one) => ({
    ...one,
    key: text(one.key).replace(PREFIX, ''),
  }));
  const isPlace = (key: string): boolean => key === CILIUM_NAMESPACE || key.startsWith(CILIUM_NAMESPACE_LABELS);
  const inPlace = (key: string): string =>
    key === CILIUM_NAMESPACE ? NAMESPACE_LABEL : key.slice(CILIUM_NAMESPACE_LABELS.length);
  const part = (of: boolean, named: (key: string) => string): Json => ({
    matchLabels: Object.fromEntries(
      labels.filter(([key]) => isPlace(key) === of).map(([key, value]) => [named(key), value]),
    ),
    matchExpressions: expressions
      .filter(({ key }) => isPlace(key) === of)
      // every namespace has its name
      .filter(({ key, operator }) => key !== CILIUM_NAMESPACE || operator !== 'Exists')
      .map((one) => ({ ...one, key: named(one.key) })),
  });
  const placed = keys.map((key) => key.replace(PREFIX, '')).some(isPlace);
  const everywhere = kind === 'CiliumClusterwideNetworkPolicy';
  return {
    podSelector: part(false, (key) => key),
    ...((placed || everywhere) && { namespaceSelector: part(true, inPlace) }),
  };
}
