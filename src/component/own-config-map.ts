import { place } from '../app/place';
import type { OwnObject } from '../support/identity';
import { KubeConfigMap } from '../support/k8s';
import type { Context } from './context';

/**
 * A ConfigMap that belongs to a component alone. Returns its name.
 * @internal
 */
export function placeConfigMap(
  { construct, identity }: Pick<Context<unknown>, 'construct' | 'identity'>,
  suffix: OwnObject,
  data: Record<string, string>,
  id: string = suffix,
): string {
  const name = identity.object(suffix);
  const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
  place(construct, id, KubeConfigMap.manifest({ metadata, data }));
  return name;
}
