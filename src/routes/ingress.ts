import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { KubeIngress } from '../support/k8s';
import { objectName } from '../support/names';
import { readProps, type StructTable } from '../support/table';
import { routeMetadata, routeTarget } from './route-object';
import { ROUTE, type RouteOptions, routePath } from './route-options';

/** What a ThanosIngress can be told. */
export interface ThanosIngressProps extends RouteOptions {
  /**
   * Class of the Ingress, which names the controller.
   * @default - the cluster's
   */
  readonly className?: string;
  /**
   * Paths below this one are led there, and arrive as they are: set `web` of the component for it.
   * @default "/"
   */
  readonly path?: string;
  /**
   * Secret with the certificate of the hosts, keys `tls.crt` and `tls.key`, in the namespace of the Service.
   * @default - none: in the clear, or by the controller's own certificate
   */
  readonly tlsSecretName?: string;
}

const PROPS: StructTable<ThanosIngressProps> = {
  ...ROUTE,
  className: objectName,
  path: routePath,
  tlsSecretName: objectName,
};

/** An Ingress that leads to a component. For gRPC most controllers want an annotation too. */
export class ThanosIngress extends Construct {
  /** The Ingress, for patches. */
  public readonly resource: ApiObject;

  constructor(scope: Construct, id: string, given: ThanosIngressProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const { hosts, className, tlsSecretName: secretName, path = '/' } = props;
    const { name, port } = routeTarget(this, props);
    const paths = [{ path, pathType: 'Prefix', backend: { service: { name, port: { number: port } } } }];
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name' });
    this.resource = place(
      this,
      'Resource',
      KubeIngress.manifest({
        metadata: routeMetadata(props),
        spec: {
          ingressClassName: className,
          rules: hosts.map((host) => ({ host, http: { paths } })),
          tls: secretName === undefined ? undefined : [{ hosts, secretName }],
        },
      }),
    );
  }
}
