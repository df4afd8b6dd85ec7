import { mayBeSame } from '../finished';
import type { Standing, GuardedObject } from '../registry';

type Layer<K, V> = Map<K | undefined, V>;
interface Entry {
  readonly guard: GuardedObject;
  readonly order: number;
}

/**
 * The guarded objects, found by what a reference tells of them. The stacks of a fleet guard objects of the same names, so
 * a search through all of them for each reference would grow with the square of the fleet.
 */
export class GuardIndex {
  readonly #byName = new Map<string, Layer<string, Layer<string, Entry[]>>>();

  constructor(private readonly app: Standing) {
    for (const [order, guard] of app.guarded.entries()) {
      const namespaces = layer(this.#byName, `${guard.kind}/${guard.name}`, () => new Map());
      const clusters = layer(namespaces, guard.namespace, () => new Map());
      layer(clusters, app.clusterOf(guard.owner), (): Entry[] => []).push({ guard, order });
    }
  }

  /** The guards whose pods may run on the nodes of a cluster. */
  public inCluster(cluster: string | undefined): GuardedObject[] {
    return this.app.guarded.filter((guard) => !guard.shared && mayBeSame(this.app.clusterOf(guard.owner), cluster));
  }

  /**
   * The guards of `Kind/name` that a reference from a namespace and cluster may mean, in the order of their registration.
   * Whatever namespace or cluster is not known may be any.
   */
  public find(named: string, namespace: string | undefined, cluster: string | undefined): GuardedObject[] {
    const namespaces = this.#byName.get(named);
    if (namespaces === undefined) return [];
    return mayBe(namespaces, namespace)
      .flatMap((clusters) => mayBe(clusters, cluster))
      .flat()
      .sort((a, b) => a.order - b.order)
      .map(({ guard }) => guard);
  }
}

function layer<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function mayBe<K, V>(map: Layer<K, V>, key: K | undefined): V[] {
  if (key === undefined) return [...map.values()];
  return [map.get(key), map.get(undefined)].filter((value): value is V & {} => value !== undefined && value !== null);
}
