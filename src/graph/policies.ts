import type { Json } from '../support/json';
import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { isMap, list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { isSelected } from '../manifest/selector';
import { labelsOf, portsOf } from './services';

type Direction = 'Ingress' | 'Egress';

/** Whom a rule of a policy lets in or out, and at which ports. */
export interface Allowed {
  readonly policy: ManifestObject;
  /** Undefined: anyone. */
  readonly peer?: Json;
  readonly ports: readonly Json[];
}

/** What the NetworkPolicies of the manifests say (https://kubernetes.io/docs/concepts/services-networking/network-policies/). */
export class Policies {
  readonly #policies: readonly ManifestObject[];

  constructor(private readonly world: World) {
    this.#policies = world.objects.filter(({ kind, json }) => kind === 'NetworkPolicy' && isMap(json.spec));
  }

  /** The policies that let nothing in or out of a pod but what they say. */
  public of(pod: Pod, direction: Direction): ManifestObject[] {
    return this.#policies.filter(
      (policy) =>
        typesOf(policy.json.spec).includes(direction) &&
        (policy.namespace === pod.object.namespace || policy.namespace === '' || pod.object.namespace === '') &&
        selects(policy.json.spec.podSelector, labelsOf(pod)),
    );
  }

  /** All that the policies of a pod let in or out. */
  public allowed(pod: Pod, direction: Direction): Allowed[] {
    const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
    return this.of(pod, direction).flatMap((policy) =>
      list(policy.json.spec[rules]).flatMap((rule) => {
        const all = list(rule[peers]);
        const ports = list(rule.ports);
        return all.length === 0 ? [{ policy, ports }] : all.map((peer) => ({ policy, peer, ports }));
      }),
    );
  }

  /** The policies that refuse a call over TCP; none where it gets through, or where nobody can tell. */
  public refusing(from: Pod, to: Pod | undefined, port: number): string[] {
    const out = this.of(from, 'Egress');
    const into = to === undefined ? [] : this.of(to, 'Ingress');
    const leaves = this.allowed(from, 'Egress').some((one) => mayBe(this, one, to) && opens(one, to, port));
    const enters =
      to === undefined || this.allowed(to, 'Ingress').some((one) => mayBe(this, one, from) && opens(one, to, port));
    const names = (policies: ManifestObject[]): string[] => policies.map(({ name }) => name);
    return [...(leaves ? [] : names(out)), ...(enters ? [] : names(into))];
  }

  /** Whether a peer of a policy is a pod; a block of addresses may be any. */
  public isPeer({ policy, peer }: Allowed, pod: Pod): boolean {
    if (peer === undefined || peer.ipBlock !== undefined) return true;
    const { namespace } = pod.object;
    const inPlace =
      peer.namespaceSelector === undefined
        ? namespace === policy.namespace || namespace === '' || policy.namespace === ''
        : selects(peer.namespaceSelector, this.#namespaceLabels(namespace));
    return inPlace && (peer.podSelector === undefined || selects(peer.podSelector, labelsOf(pod)));
  }

  #namespaceLabels(namespace: string): Record<string, Json> {
    const labels: Json = this.world.find('Namespace', '', namespace)?.json.metadata?.labels;
    return { ...(isMap(labels) ? labels : {}), 'kubernetes.io/metadata.name': namespace };
  }
}

/** What is not in the manifests may have any labels. */
function mayBe(policies: Policies, allowed: Allowed, pod: Pod | undefined): boolean {
  return pod === undefined || policies.isPeer(allowed, pod);
}

/** Whether a rule lets TCP through to a port of a pod, which may go by its name. */
export function opens({ ports }: Allowed, to: Pod | undefined, number: number): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port, endPort }) => {
    if (protocol !== 'TCP') return false;
    if (typeof port === 'string')
      return to === undefined || portsOf(to).some((p) => p.name === port && p.number === number);
    return port === undefined || (number >= port && number <= (endPort ?? port));
  });
}

function typesOf(spec: Json): string[] {
  const types = list(spec.policyTypes);
  return types.length > 0 ? types : ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
}

/** A label selector; an empty one selects all. */
export function selects(selector: Json, labels: Record<string, Json>): boolean {
  const expressions = list(selector?.matchExpressions).map(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, text(key)) ? labels[text(key)] : undefined;
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return list(values).includes(value) === (operator === 'In');
  });
  return expressions.every(Boolean) && isSelected(labels, isMap(selector?.matchLabels) ? selector.matchLabels : {});
}

/** Whom a rule means, in words. */
export function peerTitle({ peer }: Allowed): string {
  if (peer === undefined) return 'anyone';
  if (peer.ipBlock !== undefined) {
    const except = list(peer.ipBlock.except).map(text).join(', ');
    return `${text(peer.ipBlock.cidr)}${except === '' ? '' : ` but ${except}`}`;
  }
  const pods = selectorText(peer.podSelector);
  const place = peer.namespaceSelector === undefined ? '' : selectorText(peer.namespaceSelector);
  const where =
    peer.namespaceSelector === undefined ? '' : place === '' ? ' in any namespace' : ` in namespaces ${place}`;
  return `${pods === '' ? 'all pods' : `pods ${pods}`}${where}`;
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
