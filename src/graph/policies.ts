import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { isMap, list } from '../lint/shape';
import type { World } from '../lint/world';
import { selects } from '../manifest/selector';
import type { Json } from '../support/json';
import { ciliumRules, isCilium } from './cilium-policies';
import {
  type Allowed,
  ANYONE,
  blockPeer,
  type Called,
  type Direction,
  opens,
  type Peer,
  type Perhaps,
  type PolicyRule,
  selectedPeer,
} from './policy-peer';
import { labelsOf } from './services';

/** A rule that selects a pod, or may. */
interface AboutPod {
  readonly rule: PolicyRule;
  readonly certain: boolean;
}

/**
 * What the NetworkPolicies of the manifests say (https://kubernetes.io/docs/concepts/services-networking/network-policies/), and
 * those of Cilium, which count together with them.
 */
export class Policies {
  readonly #rules: readonly PolicyRule[];
  readonly #of = { Ingress: new Map<Pod, readonly AboutPod[]>(), Egress: new Map<Pod, readonly AboutPod[]>() };

  constructor(world: World) {
    this.#rules = world.objects.flatMap((policy) => {
      if (isCilium(policy)) return ciliumRules(world, policy);
      return policy.kind === 'NetworkPolicy' && isMap(policy.json.spec) ? rulesOf(world, policy) : [];
    });
  }

  /** The policies that let nothing in or out of a pod but what they say. */
  public of(pod: Pod, direction: Direction): ManifestObject[] {
    return [
      ...new Set(
        this.#about(pod, direction)
          .filter(({ closes }) => closes)
          .map(({ policy }) => policy),
      ),
    ];
  }

  /** All that the policies of a pod let in or out. */
  public allowed(pod: Pod, direction: Direction): Allowed[] {
    return this.#about(pod, direction).flatMap(({ allowed }) => allowed);
  }

  /** What they let neither in nor out, whatever else they say. */
  public denied(pod: Pod, direction: Direction): Allowed[] {
    return this.#about(pod, direction).flatMap(({ denied }) => denied);
  }

  /** The policies that refuse a call over TCP; none where it gets through, or where nobody can tell. */
  public refusing(from: Pod, to: Pod | undefined, port: number, called?: Called): string[] {
    const out = this.#refusing(from, 'Egress', (peer) => mayBe(peer, to, called), to, port);
    const into = to === undefined ? [] : this.#refusing(to, 'Ingress', (peer) => mayBe(peer, from), to, port);
    return [...out, ...into].map(titleOf);
  }

  #refusing(
    of: Pod,
    direction: Direction,
    isMeant: (peer: Peer) => Perhaps,
    to: Pod | undefined,
    port: number,
  ): ManifestObject[] {
    // of a host outside nobody knows whether a rule that keeps from some means it
    const denies = (one: Allowed): boolean => to !== undefined && isMeant(one.peer) === true && opens(one, to, port);
    const denying = this.#about(of, direction).filter(({ denied }) => denied.some(denies));
    if (denying.length > 0) return denying.map(({ policy }) => policy);
    const mayOpen = (one: Allowed): boolean => isMeant(one.peer) !== false && opens(one, to, port);
    const open = this.#perhapsAbout(of, direction).some(({ rule }) => rule.allowed.some(mayOpen));
    return open ? [] : this.of(of, direction);
  }

  /** The rules that select a pod for certain. */
  #about(pod: Pod, direction: Direction): readonly PolicyRule[] {
    return this.#perhapsAbout(pod, direction).flatMap(({ rule, certain }) => (certain ? [rule] : []));
  }

  #perhapsAbout(pod: Pod, direction: Direction): readonly AboutPod[] {
    const known = this.#of[direction].get(pod);
    if (known !== undefined) return known;
    const about = this.#rules.flatMap((rule) => {
      const is = rule.direction === direction ? rule.selects(pod) : false;
      return is === false ? [] : [{ rule, certain: is === true }];
    });
    this.#of[direction].set(pod, about);
    return about;
  }
}

function mayBe(peer: Peer, pod: Pod | undefined, called?: Called): Perhaps {
  return pod === undefined ? peer.isHost(called) : peer.isPod(pod);
}

/** A policy's name, and whose it is where that is not Kubernetes' own. */
export function titleOf(policy: ManifestObject): string {
  return isCilium(policy) ? `${policy.name} (Cilium)` : policy.name;
}

function rulesOf(world: World, policy: ManifestObject): PolicyRule[] {
  const { spec } = policy.json;
  const types = list(spec.policyTypes);
  const closed = types.length > 0 ? types : ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
  const isAbout = (pod: Pod): boolean =>
    (policy.namespace === pod.object.namespace || policy.namespace === '' || pod.object.namespace === '') &&
    selects(spec.podSelector, labelsOf(pod));
  return (['Ingress', 'Egress'] as const)
    .filter((direction) => closed.includes(direction))
    .map((direction) => ({
      ...{ policy, direction, selects: isAbout, closes: true, denied: [] },
      allowed: list(spec[direction === 'Ingress' ? 'ingress' : 'egress']).flatMap((rule) =>
        allowedBy(world, policy, rule, list(rule[direction === 'Ingress' ? 'from' : 'to'])),
      ),
    }));
}

function allowedBy(world: World, policy: ManifestObject, rule: Json, peers: readonly Json[]): Allowed[] {
  const ports = list(rule.ports);
  if (peers.length === 0) return [{ policy, peer: ANYONE, ports }];
  return peers.map((peer) => ({
    policy,
    peer:
      peer.ipBlock === undefined
        ? selectedPeer(world, policy, peer)
        : blockPeer(peer.ipBlock?.cidr, peer.ipBlock?.except, true),
    ports,
  }));
}
