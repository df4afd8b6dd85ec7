import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { namespaceOf } from '../objstore/namespace';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { type Identity, identityOf } from '../support/identity';
import { checked, problem } from '../support/problem';
import { readProps } from '../support/table';
import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import { type Link, makingOf } from './kind';
import { argsOf, tableOf } from './kind-table';
import { componentObjects } from './component-objects';

/** Properties that every component has. */
export interface ThanosComponentProps extends ComponentOptions, ComponentPlacementProps {}

/** A part of Thanos: its workload, Services, disruption budget, names and addresses. */
export abstract class ThanosComponent extends Construct {
  /** Name of the stack, and label `app.kubernetes.io/instance`. */
  public readonly instance: string;
  /** Namespace. */
  public readonly namespace: string;
  /** DNS domain of the cluster. */
  public readonly clusterDomain: string;
  /** The workload: StatefulSet or Deployment. For patches. */
  public readonly workload: ApiObject;
  /** The Service with a cluster IP. For patches. */
  public readonly service: ApiObject;
  /** The headless Service of a StatefulSet; undefined for a Deployment. For patches. */
  public readonly headlessService?: ApiObject;
  /** The disruption budget; undefined where there is none. For patches. */
  public readonly disruptionBudget?: ApiObject;
  /**
   * Names, labels, ports and addresses.
   * @internal
   */
  public readonly _identity: Identity;
  /**
   * Whom the pods call.
   * @internal
   */
  public readonly _links: readonly Link[];

  constructor(scope: Construct, id: string, given: ThanosComponentProps = {}) {
    super(scope, id);
    const making = makingOf(given);
    if (!making)
      throw problem(
        this,
        'props',
        'come from a class of your own, but a component of Thanos is one of the classes of this library',
      );
    const { kind, attach } = making;
    const props: ThanosComponentProps & OptionalBucketProps = readProps(this, tableOf(kind), making.given);
    const registry = appChecks(this);
    this.namespace = namespaceOf(this, props.namespace ?? props.objstore?.namespace);
    this._identity = identityOf({ ...props, namespace: this.namespace }, kind.component);
    this.instance = this._identity.instance;
    this.clusterDomain = this._identity.clusterDomain;
    checked(this, 'instance', () => this._identity.requireLength(kind.workload === 'StatefulSet'));
    registry.parts.push({ construct: this, identity: this._identity });
    const advice = 'Give one of the two another instance, shard or namespace';
    registry.nameAfter(this, { prop: 'instance', advice });
    const context: Context<any> = {
      construct: this,
      identity: this._identity,
      props,
      registry,
      warn: (prop, text) => registry.warn(`${this.node.path}: ${prop}: ${text}`),
    };
    const attachment = checked(this, 'objstore', () => attach?.(props, this.namespace, kind.component));
    const flags = argsOf(kind, context, attachment?.grant);
    kind.judge?.(context, flags);
    const objects = componentObjects(kind, context, flags, attachment);
    this.workload = place(this, 'Resource', objects.workload);
    this.service = place(this, 'Service', objects.service);
    if (objects.headlessService) this.headlessService = place(this, 'HeadlessService', objects.headlessService);
    if (objects.disruptionBudget) this.disruptionBudget = place(this, 'DisruptionBudget', objects.disruptionBudget);
    if (attachment) attachment.register(this.workload);
    else registry.ungranted.push(this.workload);
    this._links = kind.links?.(props) ?? [];
  }

  /** Name of the workload and of its Service. */
  public get workloadName(): string {
    return this._identity.workload;
  }

  /** The labels that select the pods: three, and a fourth of a shard. They never change. */
  public get selector(): { [key: string]: string } {
    return { ...this._identity.selector };
  }

  /** `host:port` of the HTTP port, behind the Service. */
  public get httpAddress(): string {
    return this._identity.host('http');
  }
}
