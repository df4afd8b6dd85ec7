import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import type { AppRegistry } from '../app/registry';
import { namespaceOf } from '../objstore/namespace';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { type Identity, identityOf, type PortName } from '../support/identity';
import { checked, InputProblem } from '../support/problem';
import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import { type Attachment, makingOf } from './kind';
import type { IBackend } from './backend';
import { type ComponentKind, ComponentPort } from './component-kind';
import { argsOf, readKind } from './kind-table';
import { ownKind } from './own-kind';
import { namingOf } from './component-naming';
import { componentObjects } from './component-objects';
import { aimedAt } from '../pod/autoscaling';
import { onNodesOfZone } from '../pod/zone';
import { httpTrust, type HttpTrust } from './tls/ask-http';
import { tellGrpc } from './tls/grpc-tls';
import type { HttpPartOptions } from './tls/http-config';
import { tellHttp } from './tls/http-files';

/** Properties of a component of one's own. */
export interface ThanosComponentProps extends ComponentOptions, HttpPartOptions, ComponentPlacementProps {
  /** What the component is. */
  readonly kind: ComponentKind;
}

/**
 * A part of Thanos: its workload, Services, disruption budget, names and addresses. A component that this library does not
 * have is a class of one's own that extends this one, or BucketComponent where it opens the bucket, and says its kind.
 */
export abstract class ThanosComponent extends Construct implements IBackend {
  /** Name of the stack, and label `app.kubernetes.io/instance`. */
  public readonly instance: string;
  /** Namespace. */
  public readonly namespace: string;
  /** DNS domain of the cluster. */
  public readonly clusterDomain: string;
  /** The workload: StatefulSet, Deployment or CronJob. For patches. */
  public readonly workload: ApiObject;
  /** The Service with a cluster IP. For patches. */
  public readonly service: ApiObject;
  /** The headless Service of a StatefulSet; undefined otherwise. For patches. */
  public readonly headlessService?: ApiObject;
  /** The disruption budget; undefined where there is none. For patches. */
  public readonly disruptionBudget?: ApiObject;
  /** The HorizontalPodAutoscaler; undefined where there is none. For patches. */
  public readonly autoscaler?: ApiObject;
  /** The ServiceAccount; undefined where none is made. For patches. */
  public readonly serviceAccount?: ApiObject;
  /**
   * What those must know who ask its HTTP port.
   * @internal
   */
  public readonly _http?: HttpTrust;
  readonly #ports: readonly PortName[];
  /**
   * Names, labels, ports and addresses.
   * @internal
   */
  public readonly _identity: Identity;

  constructor(scope: Construct, id: string, given: ThanosComponentProps) {
    super(scope, id);
    const { kind: known, given: raw, attach } = makingOf(given);
    const described = (raw as Partial<ThanosComponentProps> | undefined)?.kind;
    const kind = known ?? checked(this, 'kind', () => ownKind(described, attach !== undefined));
    const read: ComponentOptions & HttpPartOptions & ComponentPlacementProps & OptionalBucketProps = readKind(
      this,
      kind,
      raw,
    );
    const props = checked(this, 'zone', () => onNodesOfZone(read));
    const registry = appChecks(this);
    this.namespace = namespaceOf(this, props.namespace ?? props.objstore?.namespace);
    const { namespace } = this;
    const instance = (this.instance = instanceOf(this, props.instance));
    this._identity = identityOf({ ...props, instance, namespace, group: kind.group?.(props) }, kind.component);
    this._http = httpTrust(this._identity, props.httpConfig);
    this.#ports = kind.ports;
    this.clusterDomain = this._identity.clusterDomain;
    registry.nameAfter(this, namingOf(props));
    registry.checkedName(this, () => this._identity.requireLength(kind.workload === 'StatefulSet'));
    registry.parts.push({ construct: this, identity: this._identity });
    const context: Context<any> = {
      construct: this,
      identity: this._identity,
      props,
      registry,
      warn: (prop, text) => registry.warn(this, prop, text),
    };
    const attachment = checked(this, 'objstore', () => attach?.(props, context));
    const flags = argsOf(kind, context, attachment?.grant);
    kind.judge?.(context, flags);
    tellGrpc(context, flags);
    tellHttp(context, flags);
    const objects = componentObjects(kind, context, flags, attachment);
    // before the workload: the API server makes no pod whose account it does not know yet
    if (objects.serviceAccount) this.serviceAccount = place(this, 'ServiceAccount', objects.serviceAccount);
    this.workload = place(this, 'Resource', objects.workload);
    this.service = place(this, 'Service', objects.service);
    if (objects.headlessService) this.headlessService = place(this, 'HeadlessService', objects.headlessService);
    if (objects.disruptionBudget) this.disruptionBudget = place(this, 'DisruptionBudget', objects.disruptionBudget);
    const { autoscaler, recommender } = objects;
    if (autoscaler) this.autoscaler = place(this, 'Autoscaler', aimedAt(this.workload, autoscaler));
    if (recommender) place(this, 'Recommender', aimedAt(this.workload, recommender));
    this.#tell(registry, attachment);
  }

  /** Tells the app of a component whose objects are all made. */
  #tell(registry: AppRegistry, attachment: Attachment | undefined): void {
    if (attachment) attachment.register(this.workload);
    else registry.ungranted.push(this.workload);
    registry.complete(this);
  }

  /** Name of the workload and of its Service. */
  public get workloadName(): string {
    return this._identity.workload;
  }

  /** Name of the Service with a cluster IP. */
  public get serviceName(): string {
    return this._identity.service;
  }

  public servicePort(port?: ComponentPort): number {
    const wanted = port ?? (this.#ports.includes(ComponentPort.REMOTE_WRITE) ? ComponentPort.REMOTE_WRITE : 'http');
    if (this.#ports.includes(wanted)) return this._identity.port(wanted);
    throw new InputProblem(`Service ${this.serviceName} has no port ${wanted}; it has ${this.#ports.join(', ')}`);
  }

  /** The labels that select the pods: three, and one more of a shard and of a zone. They never change. */
  public get selector(): { [key: string]: string } {
    return { ...this._identity.selector };
  }

  /** `host:port` of the HTTP port, behind the Service. */
  public get httpAddress(): string {
    return this._identity.host('http');
  }
}
