import { Construct, type IConstruct } from 'constructs';
import { checked, found, InputProblem } from '../support/problem';
import { within } from '../support/table';

/** Refuses a construct of another App: what it makes is written elsewhere, or nowhere. */
export function requireSameApp(here: IConstruct, other: IConstruct): void {
  if (other.node.root === here.node.root) return;
  throw new InputProblem(
    `${found(other.node.path)} belongs to another App, whose objects this one doesn't write. Make it in this one`,
  );
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

/** Refuses what lies in another namespace than the pods that mount it. */
export function requireSameNamespace(namespace: string, other: { readonly namespace: string }): void {
  if (other.namespace === namespace) return;
  throw new InputProblem(
    `lies in namespace ${other.namespace}, but the pods are in ${namespace}, and a pod mounts Secrets of its own namespace only`,
  );
}
