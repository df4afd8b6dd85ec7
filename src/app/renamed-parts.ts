import { ApiObject } from 'cdk8s';
import { groupBy } from '../support/group-by';
import { phrase } from '../support/problem';
import type { Finished } from './finished';
import type { Standing } from './registry';

/** Kinds by whose names others call a component, or which name its pods. A Deployment's name nobody knows. */
const ADDRESSED = ['Service', 'StatefulSet'];

/** Services and StatefulSets that a patch renamed: rings, stores and datasources have their old names. */
export function renamedParts(app: Standing, objects: readonly Finished[]): string[] {
  const byConstruct = groupBy(objects, ({ object }) => object);
  return app.parts.flatMap(({ construct }) =>
    construct.node.children
      .filter((child): child is ApiObject => ApiObject.isApiObject(child) && ADDRESSED.includes(child.kind))
      .flatMap((child) => {
        const [one] = byConstruct.get(child) ?? [];
        const { name, namespace } = child.metadata;
        const moved = one && (one.name !== name ? 'name' : one.namespace !== namespace ? 'namespace' : undefined);
        if (moved === undefined) return [];
        const text = `${one[moved]} by a patch, but others call it ${name} in ${namespace}. Undo the patch; the props instance, shard and namespace move all of them`;
        return [phrase(child.node.path, `metadata.${moved}`, `is ${text}`)];
      }),
  );
}
