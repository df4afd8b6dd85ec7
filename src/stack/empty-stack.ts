import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Judge } from '../app/registry';

/** Tells of a stack that makes nothing, when all is made: parts may be added to it. */
export function emptyStack(stack: IConstruct): Judge {
  const isPart = (one: unknown): boolean => ApiObject.isApiObject(one) && one.kind !== 'Namespace';
  return {
    construct: stack,
    judge: () => [],
    advise: () =>
      stack.node.findAll().some(isPart)
        ? []
        : [`${stack.node.path}: props: name no part, so the stack is empty. ${PARTS}`],
  };
}

/** What to give. */
export const PARTS = 'Give parts, such as { objstore: …, receiver: {}, compactor: {}, storeGateway: {}, query: {} }';
