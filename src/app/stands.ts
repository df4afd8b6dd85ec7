import type { IConstruct } from 'constructs';

/** Whether a construct stands in its tree: neither it nor one around it was removed. */
export function stands(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && stands(scope));
}
