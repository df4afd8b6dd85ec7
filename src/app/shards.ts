import type { Identity } from '../support/identity';
import { groupBy } from '../support/group-by';
import { phrase } from '../support/problem';
import type { Standing } from './registry';

/** Components without a shard or zone beside parts of their kind: their selectors would find the pods of the parts too. */
export function mixedShards(app: Standing): string[] {
  const kinds = groupBy(app.parts, (part) => kindOf(part.identity, app.clusterOf(part.construct)));
  return [...kinds.values()].flatMap((parts) => {
    const whole = parts.find((part) => parts.some((other) => finds(part.identity, other.identity)));
    if (!whole) return [];
    const part = parts.find((other) => finds(whole.identity, other.identity))!;
    const [prop] = (['shard', 'zone'] as const).filter((one) => whole.identity[one] !== part.identity[one]);
    const text = `is not set, but ${part.construct.node.path} is the ${prop} ${JSON.stringify(part.identity[prop])} of the same kind, whose pods the selector here would find too. Give each of them a ${prop}`;
    return [phrase(whole.construct.node.path, prop, text)];
  });
}

/** Whether one's selector finds the pods of another, which has all of its labels and more. */
function finds(one: Identity, other: Identity): boolean {
  const [a, b] = [one, other].map(({ shard, zone }) => [shard, zone]);
  return a.some((part, i) => part !== b[i]) && a.every((part, i) => part === undefined || part === b[i]);
}

function kindOf({ namespace, instance, component, group }: Identity, cluster: string | undefined): string {
  return [cluster ?? '', namespace, instance, component, group ?? ''].join('\0');
}
