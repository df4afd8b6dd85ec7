import { dnsLabel, objectName } from '../support/names';
import { InputProblem } from '../support/problem';
import { listOf, struct } from '../support/rows';
import { required, type Row, type StructTable } from '../support/table';
import { ROUTE, type RouteOptions } from './route-options';

/** A Gateway that exists. */
export interface GatewayOptions {
  /** Its name. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - that of the route
   */
  readonly namespace?: string;
  /**
   * Name of one of its listeners.
   * @default - all that take such a route
   */
  readonly listener?: string;
}

/** What a route of the Gateway API can be told. */
export interface GatewayRouteOptions extends RouteOptions {
  /** The Gateways that take it. */
  readonly gateways: GatewayOptions[];
}

const GATEWAY: StructTable<GatewayOptions> = {
  name: required(objectName, 'Give the name of the Gateway'),
  namespace: dnsLabel,
  listener: objectName,
};

/** How they are read. */
export const GATEWAY_ROUTE: StructTable<GatewayRouteOptions> = {
  ...ROUTE,
  gateways: required(gateways, 'Give the Gateways that take the route'),
};

/** Version of the Gateway API in which both kinds of routes are stable. */
export const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** The Gateways, as a route names them. */
export function parentRefs(options: GatewayRouteOptions) {
  return options.gateways.map(({ name, namespace, listener }) => ({
    name,
    ...(namespace !== undefined && { namespace }),
    ...(listener !== undefined && { sectionName: listener }),
  }));
}

const GATEWAYS: Row<GatewayOptions[]> = listOf(struct(GATEWAY));

function gateways(value: unknown): GatewayOptions[] {
  const list = GATEWAYS(value);
  if (list.length > 0) return list;
  throw new InputProblem('is empty: a route that no Gateway takes leads nowhere');
}
