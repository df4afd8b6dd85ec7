import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { checked } from '../support/problem';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import { type Kind, ofKind } from './kind';
import { REPLICATION, type ReplicationOptions } from './replication';
import { requireTwoBuckets, secondGrant } from './second-grant';
import type { HttpPartOptions } from './tls/http-config';

/** What a BucketReplicate can be told. */
export interface BucketReplicateOptions extends ComponentOptions, HttpPartOptions, ReplicationOptions {}

/** Properties of a BucketReplicate. `objstore` is the bucket that is copied. */
export interface BucketReplicateProps extends BucketReplicateOptions, ComponentPlacementProps, RequiredBucketProps {}

const KIND: Kind<BucketReplicateProps> = {
  component: 'bucket-replicate',
  command: ['tools', 'bucket', 'replicate'],
  ports: ['http'],
  workload: 'Deployment',
  replicas: 1,
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  options: REPLICATION,
  plan: ({ construct, props: { objstore, destination } }) => {
    checked(construct, 'destination', () => requireTwoBuckets(construct, objstore, destination));
    return secondGrant(destination._asSecond());
  },
};

/**
 * Copies blocks to a second bucket as they appear (`thanos tools bucket replicate`), each bucket with its own CA and keys. Once,
 * or by a schedule: a BucketJob with `BucketTool.replicate`.
 *
 * @throws where both are one bucket, or the second one's keys are the pod's own
 */
export class BucketReplicate extends BucketComponent {
  constructor(scope: Construct, id: string, props: BucketReplicateProps) {
    super(scope, id, ofKind(KIND, props));
    const { destination, security } = props;
    destination._grantSecond(this.workload, KIND.component, security?.openShift ?? false);
  }
}
