import type { IConstruct } from 'constructs';
import { DEFAULT_INSTANCE } from '../support/identity';

const STACKS = new WeakMap<IConstruct, string>();

/** Gives a stack's name to all that is made in it from now on and says no other. */
export function nameStack(stack: IConstruct, name: string): void {
  STACKS.set(stack, name);
}

/** The innermost stack around something. */
export function stackAround(scope: IConstruct): IConstruct | undefined {
  return scope.node.scopes.reverse().find((construct) => STACKS.has(construct));
}

/** The name of the stack that something belongs to: the prop, else that of the ThanosStack around it, else `thanos`. */
export function instanceOf(scope: IConstruct, given?: string): string {
  if (given !== undefined) return given;
  const around = stackAround(scope);
  return around === undefined ? DEFAULT_INSTANCE : STACKS.get(around)!;
}
