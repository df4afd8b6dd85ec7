import { ApiObject } from 'cdk8s';
import { type Finished, finished, looked, oncePerRendering } from '../app/finished';
import type { AppRegistry } from '../app/registry';
import { AppNetwork } from './app-network';
import type { Call } from './call';
import { callsOf } from './calls';
import { INSTANCE_LABEL, isSelected, POD_KINDS, type PodGroup } from './pod-group';
import { type Route, routesOf } from './routes';
import type { ServiceTarget } from './target';

/** Who calls whom in an app, read once from its finished objects. */
export class Traffic {
  public readonly network: AppNetwork;
  public readonly calls: readonly Call[];
  public readonly routes: readonly Route[];

  constructor(registry: AppRegistry, objects: readonly Finished[]) {
    this.network = new AppNetwork(registry, objects);
    this.calls = this.network.pods.flatMap((pods) => callsOf(this.network, pods));
    this.routes = routesOf(this.network);
  }

  /** The pods of an instance in a place. */
  public podsOf(place: InstancePlace): PodGroup[] {
    const { cluster, namespace, instance } = place;
    return this.network.podsIn(cluster, namespace).filter(({ labels }) => labels[INSTANCE_LABEL] === instance);
  }

  /** The connections that others of the app, or they themselves, open to these pods. */
  public callsTo(pods: PodGroup): (Call & { readonly service: ServiceTarget })[] {
    return this.calls.filter(
      (call): call is Call & { readonly service: ServiceTarget } =>
        call.service !== undefined && call.from.cluster === pods.cluster && leadsTo(call.service, pods),
    );
  }
}

/** The pods of an instance in a namespace. */
export interface InstancePlace {
  readonly instance: string;
  readonly namespace: string;
  readonly cluster: string | undefined;
}

/** Whether pods stand behind a Service. */
export function leadsTo({ namespace, selector }: ServiceTarget, pods: PodGroup): boolean {
  return namespace === pods.namespace && isSelected(pods.labels, selector);
}

/** Kinds from which it is read. */
const READ = [...POD_KINDS, 'Service', 'ConfigMap', 'Secret', 'Ingress', 'HTTPRoute', 'GRPCRoute', 'List'];

/** Of the objects of an app as they stand now; worked out once while the whole app is rendered. */
export function trafficNow(registry: AppRegistry): Traffic {
  const { root } = registry;
  return oncePerRendering(root, () => {
    const objects = root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    const read = objects.filter(({ kind }) => READ.includes(kind));
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
