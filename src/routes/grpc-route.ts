import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { ComponentPort } from '../component/component-kind';
import { readProps } from '../support/table';
import { GATEWAY_API, GATEWAY_ROUTE, type GatewayRouteOptions, parentRefs } from './gateway-options';
import { routeMetadata, routeTarget } from './route-object';

/** A GRPCRoute of the Gateway API that leads to the gRPC port of a component: its StoreAPI, for a Query of another cluster. */
export class ThanosGrpcRoute extends Construct {
  /** The GRPCRoute, for patches. */
  public readonly resource: ApiObject;

  constructor(scope: Construct, id: string, given: GatewayRouteOptions) {
    super(scope, id);
    const props = readProps(this, GATEWAY_ROUTE, given);
    const backend = routeTarget(this, props, ComponentPort.GRPC);
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name' });
    this.resource = place(this, 'Resource', {
      apiVersion: GATEWAY_API,
      kind: 'GRPCRoute',
      metadata: routeMetadata(props, ComponentPort.GRPC),
      spec: { parentRefs: parentRefs(props), hostnames: props.hosts, rules: [{ backendRefs: [backend] }] },
    });
  }
}
