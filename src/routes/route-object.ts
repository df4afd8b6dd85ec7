import { Construct, type IConstruct } from 'constructs';
import { requireSameApp } from '../app/same-app';
import { ComponentPort } from '../component/component-kind';
import type { Json } from '../manifest/pod-specs';
import { orNone } from '../pod/or-none';
import { checked } from '../support/problem';
import type { RouteOptions } from './route-options';

/** The Service to which a route leads. */
export interface RouteTarget {
  readonly name: string;
  readonly port: number;
}

/** Where a route leads; `fallback` is the port where none is named. */
export function routeTarget(scope: IConstruct, { to, port }: RouteOptions, fallback?: ComponentPort): RouteTarget {
  if (Construct.isConstruct(to)) checked(scope, 'to', () => requireSameApp(scope, to));
  const number = checked(scope, port === undefined ? 'to' : 'port', () => to.servicePort(port ?? fallback));
  return { name: to.serviceName, port: number };
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
