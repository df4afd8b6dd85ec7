import { label, type ManifestObject } from '../../lint/manifest-object';
import type { World } from '../../lint/world';
import { Policies, titleOf } from '../policies';
import { type Allowed, type Direction, portsTitle } from '../policy-peer';

/** What the NetworkPolicies leave open of a workload's pods. */
export interface TrafficLine {
  readonly object: ManifestObject;
  /** Of either direction. */
  readonly policies: readonly string[];
  /** `pods app=x: TCP 80`, of each direction; undefined where everything is open. */
  readonly allowed: Readonly<Record<Direction, readonly string[] | undefined>>;
}

/** A line for the pods of each workload. */
export function trafficOf(world: World): TrafficLine[] {
  const policies = new Policies(world);
  return world.pods.map((pod) => {
    const allowed = (direction: Direction): string[] | undefined => {
      if (policies.of(pod, direction).length === 0) return undefined;
      const said = (one: Allowed): string => `${one.peer.title}: ${portsTitle(one)}`;
      const never = policies.denied(pod, direction).map((one) => `never ${said(one)}`);
      return once([...policies.allowed(pod, direction).map(said), ...never]);
    };
    const both = [...policies.of(pod, 'Ingress'), ...policies.of(pod, 'Egress')];
    return {
      object: pod.object,
      policies: once(both.map(titleOf)),
      allowed: { Ingress: allowed('Ingress'), Egress: allowed('Egress') },
    };
  });
}

function once(all: readonly string[]): string[] {
  return [...new Set(all)];
}

/** Policies of other kinds, which only their own CNI reads. */
export function otherPolicies({ objects }: World): string[] {
  const other = /^((Baseline)?AdminNetworkPolicy|GlobalNetworkPolicy|AuthorizationPolicy)$/;
  return objects.filter(({ kind }) => other.test(kind)).map(label);
}
