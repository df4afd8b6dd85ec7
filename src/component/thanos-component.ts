import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import type { AppRegistry } from '../app/registry';
import { namespaceOf } from '../objstore/namespace';
import { selectorLabels } from '../support/labels';
import { dnsLabel, LABEL_LENGTH, STATEFUL_SET_LENGTH } from '../support/names';
import { checked } from '../support/problem';
import { wholeNumber } from '../support/rows';
import { knownFields } from '../support/shape';
import { readOwn, type StructTable } from '../support/table';
import { mergeHatches } from '../pod/hatches';
import * as objects from '../pod/objects';
import { orNone } from '../pod/or-none';
import { podTemplate } from '../pod/pod';
import { DATA_VOLUME } from '../pod/storage';
import { COMPONENT_OPTIONS, type ComponentOptions, PLACEMENT, type PlacementProps } from '../pod/component-options';
import type { ComponentKind, WorkloadPlan } from './workload-plan';

/** Properties that every component has. */
export interface ThanosComponentProps extends ComponentOptions, PlacementProps {}

const COMMON: StructTable<ThanosComponentProps> = { ...COMPONENT_OPTIONS, ...PLACEMENT };

/** A part of Thanos: its workload, Services, disruption budget, names and addresses. */
export abstract class ThanosComponent extends Construct {
  /** Name of the stack, and label `app.kubernetes.io/instance`. */
  public readonly instance: string;
  /** Namespace. */
  public readonly namespace: string;
  /** DNS domain of the cluster. */
  public readonly clusterDomain: string;
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
    const { instance = 'thanos', namespace, clusterDomain = 'cluster.local' } = this.#options;
    this.instance = instance;
    this.namespace = namespaceOf(this, namespace);
    this.clusterDomain = clusterDomain;
  }

  /**
   * What sets the kind apart. A getter, since the constructor reads it.
   * @internal
   */
  protected abstract get _kind(): ComponentKind;

  /** Name of the workload and of its Service. */
  public get workloadName(): string {
    return `${this.instance}-${this._kind.component}`;
  }

  /** The three labels that select the pods. They never change. */
  public get selector(): { [key: string]: string } {
    return selectorLabels(this.instance, this._kind.component);
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
    return `${this.workloadName}.${this.namespace}.svc.${this.clusterDomain}:${objects.HTTP_PORT}`;
  }

  /**
   * Registry of the app.
   * @internal
   */
  protected get _registry(): AppRegistry {
    return appChecks(this);
  }

  /**
   * Name of the headless Service.
   * @internal
   */
  protected get _headlessName(): string {
    return `${this.workloadName}-headless`;
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
      objects.service(this.#serviceIdentity(this.workloadName), this.selector, plan.ports),
    );
    if (plan.stateful) {
      const { publishNotReadyAddresses } = plan.stateful;
      const identity = this.#serviceIdentity(this._headlessName);
      this.#objects.headlessService = place(
        this,
        'HeadlessService',
        objects.headlessService(identity, this.selector, plan.ports, publishNotReadyAddresses),
      );
    }
    this.#placeDisruptionBudget(replicas);
    if (!plan.pod.grant) this._registry.ungranted.push(this.workload);
  }

  /**
   * Refuses replicas that are no number of pods.
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
    const identity = { ...this.#identity(this.workloadName), annotations };
    const manifest = plan.stateful
      ? objects.statefulSet(identity, plan.replicas, template, { ...plan.stateful, serviceName: this._headlessName })
      : objects.deployment(identity, plan.replicas, template);
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
      objects.disruptionBudget(this.#identity(this.workloadName), maxUnavailable),
    );
  }

  #checkNames(plan: WorkloadPlan): void {
    checked(this, 'instance', () => {
      dnsLabel(this.workloadName, plan.stateful ? STATEFUL_SET_LENGTH : LABEL_LENGTH);
      if (plan.stateful) dnsLabel(this._headlessName);
    });
  }

  #identity(name: string): objects.Identity {
    return { name, namespace: this.namespace, labels: this.selector };
  }

  #serviceIdentity(name: string): objects.Identity {
    return { ...this.#identity(name), annotations: orNone(this.#options.serviceAnnotations) };
  }
}
