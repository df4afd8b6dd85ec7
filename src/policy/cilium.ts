import type { Json } from '../support/json';
import { isSelected } from '../manifest/selector';
import { type ClosedStack, dnsTargets, targetsOut, type WayOut } from './closed-stack';
import { NAMESPACE_LABEL, type PeerTarget } from './network-peer';
import type { Traffic } from './traffic';

/** How Cilium calls the labels of a namespace among those of its pods. */
const OWN_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const OF_NAMESPACE = 'k8s:io.cilium.k8s.namespace.labels.';

/**
 * What Cilium lets out of the pods of a selector by name (https://docs.cilium.io/en/stable/security/policy/language/#dns-based):
 * it learns the addresses from the answers of the DNS server, which must come by its own proxy.
 */
export function ciliumRule(
  stack: ClosedStack,
  traffic: Traffic,
  selector: Readonly<Record<string, string>>,
): Json | undefined {
  const own = traffic.podsOf(stack.place).filter(({ labels }) => isSelected(labels, selector));
  const named = own
    .flatMap((pods) => targetsOut(stack, traffic, pods))
    .filter(({ target }) => target.names !== undefined);
  if (named.length === 0) return undefined;
  const each = new Map(named.map(namesRule).map((rule) => [JSON.stringify(rule), rule]));
  return { endpointSelector: { matchLabels: selector }, egress: [...each.values(), ...dnsTargets(stack).map(dnsRule)] };
}

function namesRule({ target, ports }: WayOut): Json {
  const toFQDNs = target.names!.map((name) => (name.startsWith('*') ? { matchPattern: name } : { matchName: name }));
  return { toFQDNs, toPorts: [{ ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })) }] };
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
  const everywhere = pods.namespaces !== undefined && namespaces.length === 0;
  return {
    toEndpoints: [
      {
        matchLabels: { ...Object.fromEntries(namespaces), ...pods.labels },
        // without a word of a namespace Cilium means the policy's own
        ...(everywhere && { matchExpressions: [{ key: OWN_NAMESPACE, operator: 'Exists' }] }),
      },
    ],
  };
}
