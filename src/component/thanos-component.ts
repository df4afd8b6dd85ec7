import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import type { AppRegistry } from '../app/registry';
import { namespaceOf } from '../objstore/namespace';
import { type Identity, identityOf } from '../support/identity';
import { checked } from '../support/problem';
import { wholeNumber } from '../support/rows';
import { knownFields } from '../support/shape';
import { readOwn, type StructTable } from '../support/table';
import { mergeHatches } from '../pod/hatches';
import * as objects from '../pod/objects';
import { orNone } from '../pod/or-none';
import { podTemplate } from '../pod/pod';
import { DATA_VOLUME } from '../pod/storage';
import {
  COMPONENT_OPTIONS,
  type ComponentOptions,
  COMPONENT_PLACEMENT,
  type ComponentPlacementProps,
} from '../pod/component-options';
import type { ComponentKind, WorkloadPlan } from './workload-plan';

/** Properties that every component has. */
export interface ThanosComponentProps extends ComponentOptions, ComponentPlacementProps {}

const COMMON: StructTable<ThanosComponentProps> = { ...COMPONENT_OPTIONS, ...COMPONENT_PLACEMENT };

/** A part of Thanos: its workload, Services, disruption budget, names and addresses. */
export abstract class ThanosComponent extends Construct {
  /** Name of the stack, and label `app.kubernetes.io/instance`. */
  public readonly instance: string;
  /** Namespace. */
  public readonly namespace: string;
  /** DNS domain of the cluster. */
  public readonly clusterDomain: string;
  /**
   * Names, labels, ports and addresses.
   * @internal
   */
  public readonly _identity: Identity;
  readonly #options: ThanosComponentProps;
  readonly #objects: {
    workload?: ApiObject;
    service?: ApiObject;
    headlessService?: ApiObject;
    disruptionBudget?: ApiObject;
  } = {};

  constructor(scope: Construct, id: string, props: ThanosComponentProps = {}) {
    super(scope, id);
    checked(this, 'props', () => knownFields(props, [...Object.keys(COMMON), ...this._kind.fields]));
    this.#options = readOwn(this, COMMON, props);
    const namespace = namespaceOf(this, this.#options.namespace);
    this._identity = checked(this, 'instance', () => identityOf({ ...this.#options, namespace }, this._kind.component));
    this.instance = this._identity.instance;
    this.namespace = namespace;
    this.clusterDomain = this._identity.clusterDomain;
    this._registry.parts.push({ construct: this, identity: this._identity });
    this._registry.nameAfter(this, {
      prop: 'instance',
      advice: 'Give one of the two another instance, shard or namespace',
    });
  }

  /**
   * What sets the kind apart. A getter, since the constructor reads it.
   * @internal
   */
  protected abstract get _kind(): ComponentKind;

  /** Name of the workload and of its Service. */
  public get workloadName(): string {
    return this._identity.workload;
  }

  /** The labels that select the pods: three, and a fourth of a shard. They never change. */
  public get selector(): { [key: string]: string } {
    return { ...this._identity.selector };
  }

  /** The workload: StatefulSet or Deployment. For patches. */
  public get workload(): ApiObject {
    return this.#objects.workload!;
  }

  /** The Service with a cluster IP. For patches. */
  public get service(): ApiObject {
    return this.#objects.service!;
  }

  /** The headless Service of a StatefulSet; undefined for a Deployment. For patches. */
  public get headlessService(): ApiObject | undefined {
    return this.#objects.headlessService;
  }

  /** The disruption budget; undefined where there is none. For patches. */
  public get disruptionBudget(): ApiObject | undefined {
    return this.#objects.disruptionBudget;
  }

  /** `host:port` of the HTTP port, behind the Service. */
  public get httpAddress(): string {
    return this._identity.host('http');
  }

  /**
   * Registry of the app.
   * @internal
   */
  protected get _registry(): AppRegistry {
    return appChecks(this);
  }

  /**
   * Makes the objects.
   * @internal
   */
  protected _place(plan: WorkloadPlan): void {
    this.#checkNames(plan);
    const replicas = this._wholeReplicas(plan.replicas);
    this.#objects.workload = place(this, 'Resource', this.#workloadManifest({ ...plan, replicas }));
    this.#objects.service = place(
      this,
      'Service',
      objects.service(this.#serviceMetadata(this._identity.service), this.selector, plan.ports),
    );
    if (plan.stateful) {
      const { publishNotReadyAddresses } = plan.stateful;
      const metadata = this.#serviceMetadata(this._identity.headless);
      this.#objects.headlessService = place(
        this,
        'HeadlessService',
        objects.headlessService(metadata, this.selector, plan.ports, publishNotReadyAddresses),
      );
    }
    this.#placeDisruptionBudget(replicas);
    if (!plan.pod.grant) this._registry.ungranted.push(this.workload);
  }

  /**
   * Refuses replicas that are not a number of pods.
   * @internal
   */
  protected _wholeReplicas(replicas: number): number {
    checked(this, 'replicas', () => wholeNumber(0)(replicas));
    return replicas;
  }

  #workloadManifest(plan: WorkloadPlan) {
    const ports = Object.entries(plan.ports).map(([name, containerPort]) => ({ name, containerPort }));
    const template = podTemplate({ ...plan.pod, container: this._kind.component, ports }, this.#options, this.selector);
    const annotations = orNone({ ...plan.pod.grant?.workloadAnnotations, ...this.#options.annotations });
    const metadata = { ...this.#metadata(this.workloadName), annotations };
    const manifest = plan.stateful
      ? objects.statefulSet(metadata, plan.replicas, template, {
          ...plan.stateful,
          serviceName: this._identity.headless,
        })
      : objects.deployment(metadata, plan.replicas, template);
    const claims = plan.stateful?.claim ? [DATA_VOLUME] : [];
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, this.#options, claims));
    return manifest;
  }

  #placeDisruptionBudget(replicas: number): void {
    const { enabled = replicas >= 2, maxUnavailable = 1 } = this.#options.disruptionBudget ?? {};
    if (!enabled) return;
    this.#objects.disruptionBudget = place(
      this,
      'DisruptionBudget',
      objects.disruptionBudget(this.#metadata(this.workloadName), maxUnavailable),
    );
  }

  #checkNames(plan: WorkloadPlan): void {
    checked(this, 'instance', () => this._identity.requireLength(plan.stateful !== undefined));
  }

  #metadata(name: string): objects.Metadata {
    return { name, namespace: this.namespace, labels: this.selector };
  }

  #serviceMetadata(name: string): objects.Metadata {
    return { ...this.#metadata(name), annotations: orNone(this.#options.serviceAnnotations) };
  }
}
