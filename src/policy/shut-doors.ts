import { list } from '../manifest/pod-specs';
import { selects } from '../manifest/selector';
import type { Json } from '../support/json';
import type { ClosedStack } from './closed-stack';
import { type Caller, DOORS } from './doors';
import type { PodGroup } from './pod-group';
import type { Traffic } from './traffic';

/** Without whom a stack is of no use, and what nobody of them can do then. Who reads the metrics is asked by monitoring. */
const USE: readonly (readonly [Caller, string])[] = [
  ['writers', 'no write gets'],
  ['readers', 'no query gets'],
  ['viewers', 'nobody gets'],
];

/** Ports that are there for somebody outside of the stack, and that no policy of the app opens to anybody. */
export function shutDoors(stack: ClosedStack, traffic: Traffic, path: string): string[] {
  const { place, peers } = stack;
  const all = traffic.podsOf(place);
  const policies = traffic.network.objects.filter(
    ({ kind, namespace }) => /NetworkPolicy$/.test(kind) && namespace === place.namespace,
  );
  const isOpen = (pods: PodGroup, port: number): boolean =>
    policies.some(({ kind, json }) => opens(kind, json, pods, port));
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

function opens(kind: string, { spec, specs }: Json, pods: PodGroup, port: number): boolean {
  // of Cilium's, whatever is let in may be meant for it
  if (kind.startsWith('Cilium'))
    return [...list(spec && [spec]), ...list(specs)].some(
      ({ endpointSelector, ingress }) => list(ingress).length > 0 && selects(endpointSelector, pods.labels),
    );
  if (!selects(spec?.podSelector, pods.labels)) return false;
  return list(spec.ingress).some(
    ({ ports }) => ports === undefined || list(ports).some((one) => one.port === undefined || isPort(one, pods, port)),
  );
}

function isPort({ port, endPort }: Json, pods: PodGroup, wanted: number): boolean {
  if (typeof port === 'string')
    return list(pods.spec?.containers)
      .flatMap((container) => list(container.ports))
      .some(({ name, containerPort }) => name === port && containerPort === wanted);
  return endPort === undefined ? port === wanted : port <= wanted && wanted <= endPort;
}
