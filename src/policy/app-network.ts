import type { IConstruct } from 'constructs';
import type { Finished } from '../app/finished';
import type { AppRegistry, GrantRecord } from '../app/registry';
import { stands } from '../app/stands';
import type { Json } from '../support/json';
import { groupBy } from '../support/group-by';
import { type PodGroup, podGroup } from './pod-group';

/** The finished objects of an app as a network sees them: pods, what leads to them, and what they read their peers from. */
export class AppNetwork {
  public readonly pods: readonly PodGroup[];
  readonly #objects: ReadonlyMap<string, Finished>;
  readonly #grants: ReadonlyMap<IConstruct, readonly GrantRecord[]>;
  readonly #byPlace: ReadonlyMap<string, readonly PodGroup[]>;

  constructor(
    private readonly registry: AppRegistry,
    public readonly objects: readonly Finished[],
  ) {
    this.pods = objects.flatMap((one) => podGroup(one, registry.clusterOf(one.object)) ?? []);
    this.#byPlace = groupBy(this.pods, ({ cluster, namespace }) => placeKey(cluster, namespace));
    this.#grants = groupBy(
      registry.grants.filter(({ holder }) => !holder || stands(holder)),
      ({ workload }): IConstruct => workload,
    );
    const named = objects.filter(({ kind }) => READ.includes(kind));
    this.#objects = new Map(
      named.map((one) => [placeKey(this.clusterOf(one), one.kind, one.namespace, one.name), one]),
    );
  }

  /** The cluster of an object. */
  public clusterOf({ object }: Finished): string | undefined {
    return this.registry.clusterOf(object);
  }

  /** The pods of a namespace. */
  public podsIn(cluster: string | undefined, namespace: string | undefined): readonly PodGroup[] {
    return this.#byPlace.get(placeKey(cluster, namespace)) ?? [];
  }

  /** A Service, ConfigMap or Secret. */
  public find(cluster: string | undefined, kind: string, namespace: string | undefined, name: string): Json {
    return this.#objects.get(placeKey(cluster, kind, namespace, name))?.json;
  }

  /** What the pods were let in with, for each bucket that they open. */
  public grantsOf({ object }: PodGroup): readonly GrantRecord[] {
    return this.#grants.get(object) ?? [];
  }
}

const READ = ['Service', 'ConfigMap', 'Secret'];

/** A key for a cluster, a namespace, and what lies in them. */
export function placeKey(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => part ?? '').join('\0');
}
