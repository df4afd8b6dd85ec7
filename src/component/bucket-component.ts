import type { Construct } from 'constructs';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { problem } from '../support/problem';
import { preflightInit } from './preflight-init';
import { ThanosComponent, type ThanosComponentProps } from './thanos-component';
import type { WorkloadPlan } from './workload-plan';

/** Properties of a component that can't run without the bucket. */
export interface RequiredBucketProps {
  /** The bucket. Its pods get the objstore config, the CA and the keys. */
  readonly objstore: ObjstoreConfig;

  /**
   * Prove the bucket in an init container before each start. A pod then does not start while the store is away: receivers
   * would take no writes in that time.
   * @default false
   */
  readonly preflightInit?: boolean;
}

/** Properties of a component that may run without the bucket. */
export interface OptionalBucketProps {
  /**
   * The bucket. With it the pods get the objstore config, the CA and the keys.
   * @default - none: blocks stay on the pods' volumes, and the pods get neither config nor CA nor keys
   */
  readonly objstore?: ObjstoreConfig;

  /**
   * Prove the bucket in an init container before each start. A pod then does not start while the store is away: receivers
   * would take no writes in that time.
   * @default false
   */
  readonly preflightInit?: boolean;
}

/** Properties that every component with a bucket has. */
export interface BucketComponentProps extends ThanosComponentProps, OptionalBucketProps {}

/** A component that opens the bucket. The only kind that can be given the CA. */
export abstract class BucketComponent extends ThanosComponent {
  readonly #objstore?: ObjstoreConfig;
  readonly #options: BucketComponentProps;

  constructor(scope: Construct, id: string, props: BucketComponentProps = {}) {
    super(scope, id, { ...props, namespace: props.namespace ?? props.objstore?.namespace });
    if (props.objstore && props.objstore.namespace !== this.namespace) {
      throw problem(
        this,
        'objstore',
        `lies in namespace ${props.objstore.namespace}, but the pods are in ${this.namespace}, and a pod mounts Secrets of its own namespace only`,
      );
    }
    this.#objstore = props.objstore;
    this.#options = props;
  }

  /**
   * Makes the objects, with the Grant where there is a bucket: the one place that attaches it.
   * @internal
   */
  protected override _place(plan: WorkloadPlan): void {
    const init =
      this.#options.preflightInit && this.#objstore ? preflightInit(this.#objstore, this.#options) : undefined;
    const volumes = [...(plan.pod.volumes ?? []), ...(init ? [init.volume] : [])];
    const pod = { ...plan.pod, volumes, grant: this.#objstore?._grant, initContainers: init && [init.container] };
    super._place({ ...plan, pod });
    const containers = [this._kind.component, ...(init ? [init.container.name] : [])];
    this.#objstore?._grantOwn(this.workload, containers, this.#options.security?.openShift ?? false);
  }

  /**
   * Says that the pods write blocks with these labels, for the check on stacks that share a bucket.
   * @internal
   */
  protected _writesTo(objstore: ObjstoreConfig, kind: string, externalLabels: Record<string, string>): void {
    const group = `${this._registry.clusterOf(this) ?? ''}/${this.namespace}/${this.instance}`;
    this._registry.writers.push({ bucket: objstore.bucketId, construct: this, kind, externalLabels, group });
  }
}

/** Refuses a missing bucket where types can't. */
export function requireObjstore(component: ThanosComponent, props: RequiredBucketProps): ObjstoreConfig {
  if (props.objstore === undefined) throw problem(component, 'objstore', 'is missing. Give an ObjstoreConfig');
  return props.objstore;
}
