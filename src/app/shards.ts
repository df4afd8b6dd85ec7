import type { Identity } from '../support/identity';
import { groupBy } from '../support/group-by';
import { phrase } from '../support/problem';
import type { Standing } from './registry';

/** Components without a shard beside parts of their kind: their selectors would find the pods of the parts too. */
export function mixedShards(app: Standing): string[] {
  const kinds = groupBy(app.parts, (part) => kindOf(part.identity, app.clusterOf(part.construct)));
  return [...kinds.values()].flatMap((parts) => {
    const [whole, shard] = [parts.find((part) => !part.identity.shard), parts.find((part) => part.identity.shard)];
    if (!whole || !shard) return [];
    const text = `is not set, but ${shard.construct.node.path} is the shard ${JSON.stringify(shard.identity.shard)} of the same kind, whose pods the selector here would find too. Give each of them a shard`;
    return [phrase(whole.construct.node.path, 'shard', text)];
  });
}

function kindOf({ namespace, instance, component, group }: Identity, cluster: string | undefined): string {
  return [cluster ?? '', namespace, instance, component, group ?? ''].join('\0');
}
