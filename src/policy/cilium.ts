import type { Json } from '../support/json';
import { CILIUM_NAMESPACE, CILIUM_NAMESPACE_LABELS, NAMESPACE_LABEL } from '../manifest/namespace-labels';
import { isSelected } from '../manifest/selector';
import { callersOf, type ClosedStack, dnsTargets, isCiliums, targetsOut, type WayOut } from './closed-stack';
import type { PeerTarget } from './network-peer';
import type { Traffic } from './traffic';

/** How Cilium calls the labels of a namespace among those of its pods. */
const OWN_NAMESPACE = `k8s:${CILIUM_NAMESPACE}`;
const OF_NAMESPACE = `k8s:${CILIUM_NAMESPACE_LABELS}`;

/**
 * What Cilium lets out of the pods of a selector by name (https://docs.cilium.io/en/stable/security/policy/language/#dns-based):
 * it learns the addresses from the answers of the DNS server, which must come by its own proxy. And the API server, which it
 * knows as an entity, in and out.
 */
export function ciliumRule(
  stack: ClosedStack,
  traffic: Traffic,
  selector: Readonly<Record<string, string>>,
): Json | undefined {
  const own = traffic.podsOf(stack.place).filter(({ labels }) => isSelected(labels, selector));
  const out = own.flatMap((pods) => targetsOut(stack, traffic, pods)).filter(({ target }) => isCiliums(target));
  const into = own.flatMap((pods) => callersOf(stack, traffic, pods)).filter(({ target }) => isCiliums(target));
  if (out.length + into.length === 0) return undefined;
  const byName = out.some(({ target }) => target.names);
  const egress = [...once(out.map(outRule)), ...(byName ? dnsTargets(stack).map(dnsRule) : [])];
  const ingress = once(into.map(({ target, port }) => ({ fromEntities: [target.entity], toPorts: tcp([port]) })));
  return {
    endpointSelector: { matchLabels: selector },
    ...(ingress.length > 0 && { ingress }),
    ...(egress.length > 0 && { egress }),
  };
}

function once(rules: readonly Json[]): Json[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function outRule({ target, ports }: WayOut): Json {
  if (target.entity) return { toEntities: [target.entity], toPorts: tcp(ports) };
  const toFQDNs = target.names!.map((name) => (name.startsWith('*') ? { matchPattern: name } : { matchName: name }));
  return { toFQDNs, toPorts: tcp(ports) };
}

function tcp(ports: readonly number[]): Json {
  return [{ ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })) }];
}

function dnsRule(target: PeerTarget): Json {
  const ports = target.ports.map((port) => ({ port: String(port), protocol: 'ANY' }));
  return { ...ciliumPeer(target), toPorts: [{ ports, rules: { dns: [{ matchPattern: '*' }] } }] };
}

function ciliumPeer({ pods, cidr }: PeerTarget): Json {
  if (cidr) {
    const { cidr: block, except } = cidr;
    return { toCIDRSet: [{ cidr: block, ...(except.length > 0 && { except }) }] };
  }
  if (!pods) return {};
  const namespaces = Object.entries(pods.namespaces ?? {}).map(([key, value]) =>
    key === NAMESPACE_LABEL ? [OWN_NAMESPACE, value] : [`${OF_NAMESPACE}${key}`, value],
  );
  const elsewhere = pods.namespaces !== undefined && !namespaces.some(([key]) => key === OWN_NAMESPACE);
  return {
    toEndpoints: [
      {
        matchLabels: { ...Object.fromEntries(namespaces), ...pods.labels },
        // where nothing is said of its name Cilium means the policy's own namespace, older ones whatever its labels are
        ...(elsewhere && { matchExpressions: [{ key: OWN_NAMESPACE, operator: 'Exists' }] }),
      },
    ],
  };
}
