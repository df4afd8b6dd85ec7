import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { DRAIN_SECONDS } from '../pod/drain';
import { argLiteral } from '../support/escape';
import { anyText, duration, int32, yesOrNo } from '../support/rows';
import { goDuration } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { RequiredBucketProps } from './bucket-props';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import type { HttpPartOptions } from './tls/http-config';

/** What a BucketWeb can be told. */
export interface BucketWebOptions extends ComponentOptions, HttpPartOptions {
  /**
   * Pods.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * How often the bucket is looked at.
   * @default - Thanos' own, 30 minutes
   */
  readonly refresh?: Duration;
  /**
   * External label by which blocks are grouped on the page.
   * @default - none
   */
  readonly label?: string;
  /**
   * Let visitors mark blocks for deletion.
   * @default false
   */
  readonly adminOperations?: boolean;
}

/** Properties of a BucketWeb. */
export interface BucketWebProps extends BucketWebOptions, ComponentPlacementProps, RequiredBucketProps {}

const KIND: Kind<BucketWebProps> = {
  component: 'bucket-web',
  command: ['tools', 'bucket', 'web'],
  ports: ['http'],
  workload: 'Deployment',
  replicas: 1,
  bucket: 'required',
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  drainSeconds: DRAIN_SECONDS,
  options: {
    replicas: noFlag(int32(0)),
    refresh: flag('--refresh', duration, goDuration),
    label: flag('--label', anyText, argLiteral),
    adminOperations: { read: yesOrNo, args: (wanted = false) => written('--disable-admin-operations', !wanted) },
  },
};

/** Thanos' page of the bucket's blocks (`thanos tools bucket web`). */
export class BucketWeb extends BucketComponent {
  constructor(scope: Construct, id: string, props: BucketWebProps) {
    super(scope, id, ofKind(KIND, props));
  }
}
