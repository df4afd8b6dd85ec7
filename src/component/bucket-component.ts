import type { Construct } from 'constructs';
import { requireSameCluster, requireSameNamespace } from '../app/same-app';
import { within } from '../support/table';
import type { OptionalBucketProps } from './bucket-props';
import { type Attach, withBucket } from './kind';
import { preflightInit } from './preflight-init';
import { ThanosComponent, type ThanosComponentProps } from './thanos-component';

/** Properties of a component of one's own that opens the bucket. */
export interface BucketComponentProps extends ThanosComponentProps, OptionalBucketProps {}

/** A component that opens the bucket. The only kind that can be given the CA. A class of one's own may extend it. */
export abstract class BucketComponent extends ThanosComponent {
  constructor(scope: Construct, id: string, props: BucketComponentProps) {
    super(scope, id, withBucket(props, attach));
  }
}

/** What the Grant brings into the pods: the one place that attaches it. */
const attach: Attach = ({ objstore, preflightInit: wanted, ...options }, { construct, identity }) => {
  if (!objstore) return undefined;
  requireSameCluster(construct, objstore);
  const { namespace, component: container } = identity;
  requireSameNamespace(namespace, objstore);
  const init = wanted ? within('preflightInit', () => preflightInit(objstore, options)) : undefined;
  const containers = [container, ...(init ? [init.container.name] : [])];
  return {
    grant: objstore._grant,
    initContainers: init && [init.container],
    volumes: init ? [init.volume] : [],
    register: (workload) => objstore._grantOwn(workload, containers, options.security?.openShift ?? false),
  };
};
