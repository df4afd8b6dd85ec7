import { Construct, type IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requireSameCluster } from '../app/same-app';
import { trustOf } from '../component/tls/ask-http';
import { ComponentPort } from '../component/component-kind';
import type { Json } from '../support/json';
import { orNone } from '../pod/or-none';
import { checked } from '../support/problem';
import type { RouteOptions } from './route-options';

/** The Service to which a route leads. */
export interface RouteTarget {
  readonly name: string;
  readonly port: number;
}

/** Where a route leads; `fallback` is the port where none is named. */
export function routeTarget(scope: IConstruct, options: RouteOptions, fallback?: ComponentPort): RouteTarget {
  const { to, port } = options;
  if (Construct.isConstruct(to)) checked(scope, 'to', () => requireSameCluster(scope, to));
  const number = checked(scope, port === undefined ? 'to' : 'port', () => to.servicePort(port ?? fallback));
  warnOfHttps(scope, options, number);
  return { name: to.serviceName, port: number };
}

/** How a controller speaks HTTPS to what it leads to is its own. */
function warnOfHttps(scope: IConstruct, { to, annotations = {} }: RouteOptions, port: number): void {
  if (!trustOf(to)?.tls || port !== to.servicePort(ComponentPort.HTTP)) return;
  if (Object.values(annotations).some((value) => /https/i.test(value))) return;
  appChecks(scope).warn(
    scope,
    'to',
    'serves HTTPS, of which the controller must be told: by an annotation of its own, such as nginx.ingress.kubernetes.io/backend-protocol: HTTPS, or by a BackendTLSPolicy beside a route of the Gateway API',
  );
}

/** Metadata of a route: it lies where its Service lies. */
export function routeMetadata(options: RouteOptions, fallback?: ComponentPort): Json {
  const grpc = (options.port ?? fallback) === ComponentPort.GRPC;
  return {
    name: options.name ?? `${options.to.serviceName}${grpc ? '-grpc' : ''}`,
    namespace: options.to.namespace,
    ...(orNone(options.labels) && { labels: options.labels }),
    ...(orNone(options.annotations) && { annotations: options.annotations }),
  };
}
