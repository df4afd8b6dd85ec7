import { Construct, type IConstruct } from 'constructs';
import { checked, found, InputProblem } from '../support/problem';
import { within } from '../support/table';
import { mayBeSame } from './finished';
import { AppRegistry } from './registry';

/** Refuses a construct of another App: what it makes is written elsewhere, or nowhere. */
export function requireSameApp(here: IConstruct, other: IConstruct): void {
  if (other.node.root === here.node.root) return;
  throw new InputProblem(
    `${found(other.node.path)} belongs to another App, whose objects this one doesn't write. Make it in this one`,
  );
}

/** Refuses one of another cluster too, for what uses its objects: there are none of them here. */
export function requireSameCluster(here: IConstruct, other: IConstruct): void {
  requireSameApp(here, other);
  const cluster = otherCluster(here, other);
  if (cluster !== undefined)
    throw new InputProblem(
      `${found(other.node.path)} is of cluster ${cluster}, whose objects are not in this one. Make it for this one too`,
    );
}

/** The cluster of another construct of this app, where it is another one. */
function otherCluster(here: IConstruct, other: IConstruct): string | undefined {
  const registry = AppRegistry.of(here);
  const cluster = registry.clusterOf(other);
  return mayBeSame(registry.clusterOf(here), cluster) ? undefined : cluster;
}

/** The same for props that name constructs. */
export function requirePropsOfApp(
  here: IConstruct,
  props: Readonly<Record<string, IConstruct | readonly IConstruct[] | undefined>>,
): void {
  const each = (one: unknown): void => {
    if (Construct.isConstruct(one)) requireSameApp(here, one);
  };
  for (const [prop, value] of Object.entries(props))
    checked(here, prop, () =>
      Array.isArray(value) ? value.forEach((one, i) => within(`[${i}]`, () => each(one))) : each(value),
    );
}

/**
 * Refuses to ask a construct of another App or cluster by its address in the cluster, which here is somebody else's, or this
 * one's own. What is not a construct lies outside, and has an address of its own.
 */
export function requireAsked(here: IConstruct, asked: object | undefined, instead: string): void {
  if (!Construct.isConstruct(asked)) return;
  const path = found(asked.node.path);
  if (asked.node.root !== here.node.root)
    throw new InputProblem(`${path} belongs to another App; give its address in ${instead}`);
  const cluster = otherCluster(here, asked);
  if (cluster !== undefined)
    throw new InputProblem(
      `${path} is of cluster ${cluster}, and has that address there alone; give its address from outside in ${instead}`,
    );
}

/** The same of a list that a prop gives. */
export function requireAllAsked(here: IConstruct, asked: readonly (object | undefined)[], instead: string): void {
  asked.forEach((one, i) => within(`[${i}]`, () => requireAsked(here, one, instead)));
}

/** Refuses what lies in another namespace than the pods that mount it. */
export function requireSameNamespace(namespace: string, other: { readonly namespace: string }): void {
  if (other.namespace === namespace) return;
  throw new InputProblem(
    `lies in namespace ${other.namespace}, but the pods are in ${namespace}, and a pod mounts Secrets of its own namespace only`,
  );
}
