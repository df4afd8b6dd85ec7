import { ApiObject } from 'cdk8s';
import { type Finished, finished, isList, looked, oncePerRendering } from '../app/finished';
import type { AppRegistry } from '../app/registry';
import { INSTANCE_LABEL } from '../support/labels';
import { groupBy } from '../support/group-by';
import { AppNetwork, placeKey } from './app-network';
import type { Call } from './call';
import { callsOf } from './calls';
import { isSelected } from '../manifest/selector';
import { POD_KINDS, type PodGroup } from './pod-group';
import { type Route, routesOf } from './routes';
import type { ServiceTarget } from './target';

/** Who calls whom in an app, read once from its finished objects. */
export class Traffic {
  public readonly network: AppNetwork;
  /** The ways in from outside of the cluster. */
  public readonly routes: readonly Route[];
  readonly #from: ReadonlyMap<PodGroup, readonly Call[]>;
  /** By the place of the pods that are called. */
  readonly #into: ReadonlyMap<string, readonly ServiceCall[]>;
  readonly #routesInto: ReadonlyMap<string, readonly Route[]>;

  constructor(registry: AppRegistry, objects: readonly Finished[]) {
    this.network = new AppNetwork(registry, objects);
    this.#from = new Map(this.network.pods.map((pods) => [pods, callsOf(this.network, pods)]));
    const calls = [...this.#from.values()].flat();
    const within = calls.filter((call): call is ServiceCall => call.service !== undefined);
    this.#into = groupBy(within, ({ from, service }) => placeKey(from.cluster, service.namespace));
    this.routes = routesOf(this.network);
    this.#routesInto = groupBy(this.routes, ({ cluster, to }) => placeKey(cluster, to.namespace));
  }

  /** The connections that pods open. */
  public callsFrom(pods: PodGroup): readonly Call[] {
    return this.#from.get(pods) ?? [];
  }

  /** The pods of an instance in a place. */
  public podsOf(place: InstancePlace): PodGroup[] {
    const { cluster, namespace, instance } = place;
    return this.network.podsIn(cluster, namespace).filter(({ labels }) => labels[INSTANCE_LABEL] === instance);
  }

  /** The connections that others of the app, or they themselves, open to these pods. */
  public callsTo(pods: PodGroup): ServiceCall[] {
    const calls = this.#into.get(placeKey(pods.cluster, pods.namespace)) ?? [];
    return calls.filter(({ service }) => isSelected(pods.labels, service.selector));
  }

  /** The ways from outside to these pods. */
  public routesTo(pods: PodGroup): Route[] {
    const routes = this.#routesInto.get(placeKey(pods.cluster, pods.namespace)) ?? [];
    return routes.filter(({ to }) => isSelected(pods.labels, to.selector));
  }
}

/** A connection to pods behind a Service of the app. */
type ServiceCall = Call & { readonly service: ServiceTarget };

/** The pods of an instance in a namespace. */
export interface InstancePlace {
  readonly instance: string;
  readonly namespace: string;
  readonly cluster: string | undefined;
}

/** Kinds from which it is read. */
const READ = [...POD_KINDS, 'Service', 'ConfigMap', 'Secret', 'Ingress', 'HTTPRoute', 'GRPCRoute'];

/** Of the objects of an app as they stand now; worked out once while the whole app is rendered. */
export function trafficNow(registry: AppRegistry): Traffic {
  const { root } = registry;
  return oncePerRendering(root, () => {
    const objects = root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    const read = objects.filter(({ kind }) => READ.includes(kind) || isList(kind));
    return new Traffic(
      registry,
      looked(() => finished(read.map((object) => [object, object.toJson()]))),
    );
  });
}

/** By the objects that are judged: each stack of an app asks for the same. */
const JUDGED = new WeakMap<readonly Finished[], Traffic>();

/** Of the objects that are judged. */
export function judgedTraffic(registry: AppRegistry, objects: readonly Finished[]): Traffic {
  const known = JUDGED.get(objects) ?? new Traffic(registry, objects);
  JUDGED.set(objects, known);
  return known;
}
