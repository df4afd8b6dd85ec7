import type { Finished } from '../app/finished';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import type { AppNetwork } from './app-network';
import { namedTarget, type ServiceTarget } from './target';

/** A way from outside to pods, through an ingress controller or a gateway. */
export interface Route {
  readonly cluster: string | undefined;
  readonly by: string;
  readonly to: ServiceTarget;
}

interface Backend {
  readonly name: string;
  readonly namespace?: string;
  readonly port?: string;
}

/** Where the Ingresses and routes of an app lead. */
export function routesOf(network: AppNetwork): Route[] {
  return network.objects.flatMap((one) => {
    const cluster = network.clusterOf(one);
    return backends(one).flatMap(({ name, namespace = one.namespace ?? '', port }) => {
      const to = namedTarget(network, cluster, namespace, name, port);
      return to ? [{ cluster, by: `${one.kind} ${one.name}`, to }] : [];
    });
  });
}

function backends({ kind, json }: Finished): Backend[] {
  const { spec } = json;
  if (kind === 'Ingress') {
    const paths = list(spec?.rules).flatMap(({ http }) => list(http?.paths));
    return [spec?.defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend: Json) => {
      const { name, port } = backend?.service ?? {};
      return name === undefined ? [] : [{ name, port: textOf(port?.number ?? port?.name) }];
    });
  }
  if (kind !== 'HTTPRoute' && kind !== 'GRPCRoute') return [];
  const refs = list(spec?.rules).flatMap(({ backendRefs }) => list(backendRefs));
  return refs.map(({ name, namespace, port }) => ({ name, namespace, port: textOf(port) }));
}

function textOf(port: unknown): string | undefined {
  return port === undefined ? undefined : String(port);
}
