import type { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { wholeSecondsOrZero, yesOrNo } from '../support/rows';
import { readProps, type StructTable } from '../support/table';
import { seconds } from '../support/units';
import { GATEWAY_API, GATEWAY_ROUTE, type GatewayRouteOptions, parentRefs } from './gateway-options';
import { routeMetadata, routeTarget } from './route-object';
import { routePath } from './route-options';

/** What a ThanosHttpRoute can be told. */
export interface ThanosHttpRouteProps extends GatewayRouteOptions {
  /**
   * Paths below this one are led there.
   * @default "/"
   */
  readonly path?: string;
  /**
   * Take the path off before it arrives, as a component with `web.externalPrefix` wants it.
   * @default false
   */
  readonly stripPath?: boolean;
  /**
   * Longest time of one request, whole seconds; 0: none. Queries may take long.
   * @default - the Gateway's
   */
  readonly timeout?: Duration;
}

const PROPS: StructTable<ThanosHttpRouteProps> = {
  ...GATEWAY_ROUTE,
  path: routePath,
  stripPath: yesOrNo,
  timeout: wholeSecondsOrZero,
};

/** An HTTPRoute of the Gateway API that leads to a component. */
export class ThanosHttpRoute extends Construct {
  /** The HTTPRoute, for patches. */
  public readonly resource: ApiObject;

  constructor(scope: Construct, id: string, given: ThanosHttpRouteProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const { path = '/', stripPath, timeout } = props;
    const rewrite = { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } };
    const rule = {
      matches: [{ path: { type: 'PathPrefix', value: path } }],
      ...(stripPath && { filters: [{ type: 'URLRewrite', urlRewrite: rewrite }] }),
      backendRefs: [routeTarget(this, props)],
      ...(timeout && { timeouts: { request: `${seconds(timeout, true)}s` } }),
    };
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name' });
    this.resource = place(this, 'Resource', {
      apiVersion: GATEWAY_API,
      kind: 'HTTPRoute',
      metadata: routeMetadata(props),
      spec: { parentRefs: parentRefs(props), hostnames: props.hosts, rules: [rule] },
    });
  }
}
