import { list } from '../manifest/pod-specs';
import { selects } from '../manifest/selector';
import type { Json } from '../support/json';
import { ciliumRulesIn } from './cilium-rules';
import type { ClosedStack } from './closed-stack';
import { type Caller, DOORS } from './doors';
import { policiesIn } from './network-problems';
import { type PodGroup, portNamed } from './pod-group';
import type { Traffic } from './traffic';

/** Without whom a stack is of no use, and what nobody of them can do then. Who reads the metrics is asked by monitoring. */
const USE: readonly (readonly [Caller, string])[] = [
  ['writers', 'no write gets'],
  ['readers', 'no query gets'],
  ['viewers', 'nobody gets'],
];

/** Policies of the whole cluster in other words, which may open what a NetworkPolicy shuts: Calico's, and those of the Network Policy API. */
const UNREAD = ['GlobalNetworkPolicy', 'AdminNetworkPolicy', 'ClusterNetworkPolicy'];

/** Ports that are there for somebody outside of the stack, and that no policy of the app opens to anybody. */
export function shutDoors({ place, peers }: ClosedStack, traffic: Traffic, path: string): string[] {
  const { network } = traffic;
  const all = traffic.podsOf(place);
  const policies = policiesIn(network, place);
  const rules = ciliumRulesIn(network, place);
  const isUnread = network.objects.some(
    (one) =>
      UNREAD.includes(one.kind) && network.clusterOf(one) === place.cluster && list(one.json.spec?.ingress).length > 0,
  );
  if (isUnread) return [];
  const isOpen = (pods: PodGroup, port: number): boolean =>
    policies.some((policy) => opens(policy, pods, port)) || rules.some((rule) => mayOpen(rule, pods));
  return USE.flatMap(([caller, what]) => {
    if (peers[caller] !== undefined) return [];
    const shut = all.filter((pods) => {
      const port = DOORS[caller](pods, all, traffic);
      return port !== undefined && !isOpen(pods, port);
    });
    return shut.map(
      ({ kind, name }) =>
        `${path}: ${caller}: is missing, and no policy opens ${kind} ${name} to anybody: ${what} there. Give such as NetworkPeer.pods({ namespace: 'monitoring' })`,
    );
  });
}

/** Of Cilium's, whatever is let in may be meant for a port. */
function mayOpen({ endpointSelector, ingress }: Json, { labels }: PodGroup): boolean {
  return list(ingress).length > 0 && selects(endpointSelector, labels);
}

function opens({ spec }: Json, pods: PodGroup, port: number): boolean {
  if (!selects(spec?.podSelector, pods.labels)) return false;
  return list(spec.ingress).some(
    // none are all
    ({ ports }) =>
      list(ports).length === 0 || list(ports).some((one) => one.port === undefined || isPort(one, pods, port)),
  );
}

function isPort({ port, endPort }: Json, pods: PodGroup, wanted: number): boolean {
  if (typeof port === 'string') return portNamed(pods, port) === wanted;
  return endPort === undefined ? port === wanted : port <= wanted && wanted <= endPort;
}
