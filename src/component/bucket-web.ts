import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { checked } from '../support/problem';
import { argLiteral } from '../support/escape';
import { goDuration } from '../support/units';
import { yesOrNo } from '../support/values';
import { BucketComponent, type RequiredBucketProps, requireObjstore } from './bucket-component';
import { commonFlags } from './common-flags';
import { HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import type { ComponentKind } from './workload-plan';

/** What a BucketWeb can be told. */
export interface BucketWebOptions extends ComponentOptions {
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

const FIELDS = ['replicas', 'refresh', 'label', 'adminOperations', 'objstore', 'preflightInit'];

/** Thanos' page of the bucket's blocks (`thanos tools bucket web`). */
export class BucketWeb extends BucketComponent {
  constructor(scope: Construct, id: string, props: BucketWebProps) {
    super(scope, id, props);
    requireObjstore(this, props);
    checked(this, 'adminOperations', () => yesOrNo(props.adminOperations));
    const flags = commonFlags(['tools', 'bucket', 'web'], props)
      .set(
        '--refresh',
        checked(this, 'refresh', () => props.refresh && goDuration(props.refresh)),
      )
      .set('--label', props.label && argLiteral(props.label))
      .on('--disable-admin-operations', !props.adminOperations);
    this._place({
      replicas: props.replicas ?? 1,
      ports: { http: HTTP_PORT },
      pod: {
        args: checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs(),
        requests: { cpu: '25m', memory: Size.mebibytes(128) },
        patience: 4,
        graceSeconds: 120,
      },
    });
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'bucket-web', fields: FIELDS };
  }
}
