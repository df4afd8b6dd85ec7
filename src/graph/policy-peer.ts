import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { isMap, list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { NAMESPACE_LABEL } from '../manifest/namespace-labels';
import { selects } from '../manifest/selector';
import type { Json } from '../support/json';
import { labelsOf, portsOf } from './services';

/** Undefined where the manifests don't say: a namespace that is not among them may have any labels. */
export type Perhaps = boolean | undefined;

/** Whom a rule of a policy means. */
export interface Peer {
  /** In words. */
  readonly title: string;
  /** Whether it names pods, which the manifests may have. */
  readonly named: boolean;
  /** Whether a pod is meant, or may be by its address. */
  isPod(pod: Pod): Perhaps;
  /** Whether it may be a host that is not in the manifests; undefined: one whose name nobody knows. */
  isHost(host: Called | undefined): boolean;
}

/** Who is called outside of the manifests. */
export interface Called {
  readonly host: string;
  /** Whether a bucket's name may stand before it. */
  readonly bucket?: true;
}

/** Whom a rule of a policy lets in or out, or keeps from it, and at which ports. */
export interface Allowed {
  readonly policy: ManifestObject;
  readonly peer: Peer;
  /** As a NetworkPolicy has them; none: any port. */
  readonly ports: readonly Json[];
}

export type Direction = 'Ingress' | 'Egress';

/** What a policy says of the pods that it selects, in one direction. */
export interface PolicyRule {
  readonly policy: ManifestObject;
  readonly direction: Direction;
  selects(pod: Pod): Perhaps;
  /** Whether nothing else gets through. */
  readonly closes: boolean;
  readonly allowed: readonly Allowed[];
  /** What gets through nowhere, whatever is allowed. */
  readonly denied: readonly Allowed[];
}

const always = (): boolean => true;

export const ANYONE: Peer = { title: 'anyone', named: false, isPod: always, isHost: always };

/** A block of addresses, which to Kubernetes may be a pod's. */
export function blockPeer(cidr: Json, except: Json, mayBePod: boolean): Peer {
  const left = list(except).map(text).join(', ');
  const title = `${text(cidr)}${left === '' ? '' : ` but ${left}`}`;
  return { title, named: false, isPod: () => mayBePod, isHost: always };
}

/** Label selectors of pods and their namespaces, as a NetworkPolicy has them. */
export function selectedPeer(
  world: World,
  policy: ManifestObject,
  { namespaceSelector, podSelector }: { readonly namespaceSelector?: Json; readonly podSelector?: Json },
): Peer {
  const inPlace = (namespace: string): Perhaps =>
    namespaceSelector === undefined
      ? namespace === policy.namespace || namespace === '' || policy.namespace === ''
      : selectsNamespace(world, namespaceSelector, namespace);
  const pods = selectorText(podSelector);
  const place = namespaceSelector === undefined ? '' : selectorText(namespaceSelector);
  const where = namespaceSelector === undefined ? '' : place === '' ? ' in any namespace' : ` in namespaces ${place}`;
  return {
    title: `${pods === '' ? 'all pods' : `pods ${pods}`}${where}`,
    named: true,
    isPod: (pod) => (podSelector === undefined || selects(podSelector, labelsOf(pod))) && inPlace(pod.object.namespace),
    // what is not in the manifests may have any labels
    isHost: always,
  };
}

/** Whether a namespace is selected. Of one that is not in the manifests its name is known, which is a label too. */
function selectsNamespace(world: World, selector: Json, namespace: string): Perhaps {
  const found = world.find('Namespace', '', namespace);
  const own: Json = found?.json.metadata?.labels;
  const labels = { ...(isMap(own) ? own : {}), ...(namespace !== '' && { [NAMESPACE_LABEL]: namespace }) };
  if (found !== undefined) return selects(selector, labels);
  const isKnown = (key: unknown): boolean => Object.hasOwn(labels, text(key));
  const matchLabels = Object.entries(isMap(selector?.matchLabels) ? selector.matchLabels : {});
  const matchExpressions = list(selector?.matchExpressions);
  const known = {
    matchLabels: Object.fromEntries(matchLabels.filter(([key]) => isKnown(key))),
    matchExpressions: matchExpressions.filter(({ key }) => isKnown(key)),
  };
  if (!selects(known, labels)) return false;
  return matchLabels.every(([key]) => isKnown(key)) && matchExpressions.every(({ key }) => isKnown(key))
    ? true
    : undefined;
}

/** Whether a rule lets TCP through to a port of a pod, which may go by its name. */
export function opens({ ports }: Allowed, to: Pod | undefined, number: number): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port, endPort }) => {
    if (protocol !== 'TCP' && protocol !== 'ANY') return false;
    if (typeof port === 'string')
      return to === undefined || portsOf(to).some((p) => p.name === port && p.number === number);
    return port === undefined || (number >= port && number <= (endPort ?? port));
  });
}

function selectorText(selector: Json): string {
  const labels = Object.entries(isMap(selector?.matchLabels) ? selector.matchLabels : {});
  const expressions = list(selector?.matchExpressions).map(({ key, operator, values }) =>
    [text(key), text(operator), list(values).join('|')].filter((part) => part !== '').join(' '),
  );
  return [...labels.map(([key, value]) => `${key}=${value}`), ...expressions].join(', ');
}

/** Ports of a rule, in words. */
export function portsTitle({ ports }: Allowed): string {
  const each = ports.map(({ protocol = 'TCP', port, endPort }) =>
    [protocol, port === undefined ? '' : `${port}${endPort === undefined ? '' : `-${endPort}`}`].join(' ').trim(),
  );
  return each.length === 0 ? 'any port' : each.join(', ');
}
