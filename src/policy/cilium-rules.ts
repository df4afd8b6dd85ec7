import { type Finished, mayBeSame } from '../app/finished';
import type { Json } from '../support/json';
import { CILIUM_NAMESPACE, CILIUM_NAMESPACE_LABELS } from '../manifest/namespace-labels';
import { list } from '../manifest/pod-specs';
import { selects } from '../manifest/selector';
import type { AppNetwork } from './app-network';
import type { InstancePlace } from './traffic';

const KIND = 'CiliumNetworkPolicy';
const CLUSTERWIDE = 'CiliumClusterwideNetworkPolicy';
/** A label's source, which Cilium lets a policy say. */
const SOURCE = /^(k8s|any)[:.]/;

/**
 * The rules of Cilium's policies that may be about pods of a place, those of all namespaces too. Their `endpointSelector` is
 * given in the words of the pods' own labels.
 */
export function ciliumRulesIn(
  network: AppNetwork,
  { cluster, namespace }: InstancePlace,
  objects: readonly Finished[] = network.objects,
): Json[] {
  return objects
    .filter((one) => one.kind === CLUSTERWIDE || (one.kind === KIND && mayBeSame(one.namespace, namespace)))
    .filter((one) => network.clusterOf(one) === cluster)
    .flatMap(({ json: { spec, specs } }) => [...list(spec && [spec]), ...list(specs)])
    .flatMap((rule) => ofPods(rule, namespace));
}

/** A rule with the selector of pods alone; none where it is about nodes, or about another namespace. */
function ofPods({ endpointSelector, ...rule }: Json, namespace: string | undefined): Json[] {
  // without one it is about nodes
  if (endpointSelector === undefined || endpointSelector === null) return [];
  const labels = Object.entries<unknown>(endpointSelector.matchLabels ?? {}).map(
    ([key, value]) => [key.replace(SOURCE, ''), value] as const,
  );
  const expressions = list(endpointSelector.matchExpressions).map((one) => ({
    ...one,
    key: String(one.key).replace(SOURCE, ''),
  }));
  const isName = (key: string): boolean => key === CILIUM_NAMESPACE;
  // a namespace's other labels are not known
  const isOwn = (key: string): boolean => !isName(key) && !key.startsWith(CILIUM_NAMESPACE_LABELS);
  const place = {
    matchLabels: Object.fromEntries(labels.filter(([key]) => isName(key))),
    matchExpressions: expressions.filter(({ key }) => isName(key)),
  };
  if (!selects(place, { [CILIUM_NAMESPACE]: namespace })) return [];
  return [
    {
      ...rule,
      endpointSelector: {
        matchLabels: Object.fromEntries(labels.filter(([key]) => isOwn(key))),
        matchExpressions: expressions.filter(({ key }) => isOwn(key)),
      },
    },
  ];
}
