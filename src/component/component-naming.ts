import type { Naming } from '../app/registry';

/** What of a component's props is a part of its name, beside instance and kind. */
interface Named {
  readonly zone?: string;
  readonly hashring?: string;
}

/**
 * Which prop keeps the objects of a component apart from others'. Names are joined: ring `gold` in zone `a` and zone `gold-a`
 * are both `receiver-gold-a`, and another instance or namespace would move the whole stack.
 */
export function namingOf({ zone, hashring }: Named): Naming {
  const parts = [...(hashring ? ['hashring'] : []), ...(zone ? ['zone'] : [])];
  if (parts.length === 0)
    return { prop: 'instance', advice: 'Give one of the two another instance, shard or namespace' };
  return {
    prop: parts.join(' and '),
    advice:
      'Names of hashrings and zones are joined to that of the object: give a ring or a zone of the two another name',
  };
}
