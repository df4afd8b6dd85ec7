import { instanceName } from '../support/identity';
import { dnsDomain, dnsLabel } from '../support/names';
import { annotationMap, oneOf, struct, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { DISRUPTION_BUDGET, type DisruptionBudgetOptions } from './disruption';
import { PROBES, type ProbesOptions } from './probes';
import { SERVICE, type ServiceOptions } from './service';
import { SERVICE_ACCOUNT, type ServiceAccountOptions } from './service-account';
import { AntiAffinity, TOPOLOGY_SPREAD, type TopologySpreadOptions } from './scheduling';
import { TRACING, type Tracing } from './tracing';
import { THANOS_POD_OPTIONS, type ThanosPodOptions } from './thanos-pod-options';

/** What every component of Thanos can be told; in a stack, per component. */
export interface ComponentOptions extends ThanosPodOptions {
  /**
   * Annotations of the Services.
   * @default - none
   */
  readonly serviceAnnotations?: { [key: string]: string };
  /**
   * Type, load balancer and ports of the Service with a cluster IP.
   * @default - reached from the cluster alone
   */
  readonly service?: ServiceOptions;
  /**
   * Makes the ServiceAccount of the pods; `serviceAccountName` may name it.
   * @default - none is made
   */
  readonly serviceAccount?: ServiceAccountOptions;
  /**
   * Where spans go (`--tracing.config`, `--tracing.config-file`).
   * @default - the stack's, else nowhere
   */
  readonly tracing?: Tracing;
  /**
   * Probes.
   * @default - liveness and readiness
   */
  readonly probes?: ProbesOptions;
  /**
   * Disruption budget.
   * @default - one pod at a time, when there are two or more replicas
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;
  /**
   * Whether pods of the component keep to different nodes.
   * @default AntiAffinity.PREFERRED
   */
  readonly antiAffinity?: AntiAffinity;
  /**
   * Spread over zones or other domains.
   * @default - none
   */
  readonly topologySpread?: TopologySpreadOptions[];
  /**
   * Makes a VerticalPodAutoscaler that says what requests would fit, and changes nothing (`updateMode: Off`). The cluster must
   * have its resource.
   * @default - the stack's, else false
   */
  readonly recommendResources?: boolean;
}

/** Where a component belongs. */
export interface PlacementProps {
  /**
   * Name of the stack: prefix of the objects' names, and the label `app.kubernetes.io/instance`.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace.
   * @default - the objstore's, else the chart's, else monitoring
   */
  readonly namespace?: string;
  /**
   * DNS domain of the cluster.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}

/** Where a component of Thanos belongs. */
export interface ComponentPlacementProps extends PlacementProps {
  /**
   * Name of a part, where several components of one kind share the work: end of the workload's name, and the label
   * `thanos.io/shard`. Then every part needs one. What each does is told by flags, such as `--selector.relabel-config`.
   * @default - the only one of its kind
   */
  readonly shard?: string;
  /**
   * Availability zone, where the kind has a component for each: a part of the workload's name, the label `thanos.io/zone`,
   * and the nodes, by their label `topology.kubernetes.io/zone`. Rings of a ReceiveRouter know receivers by it.
   * @default - any node
   */
  readonly zone?: string;
}

/** How the options of every component are read. */
export const COMPONENT_OPTIONS: StructTable<ComponentOptions> = {
  ...THANOS_POD_OPTIONS,
  serviceAnnotations: annotationMap,
  service: SERVICE,
  serviceAccount: SERVICE_ACCOUNT,
  tracing: TRACING,
  probes: struct(PROBES),
  disruptionBudget: struct(DISRUPTION_BUDGET),
  antiAffinity: oneOf(AntiAffinity, 'AntiAffinity'),
  topologySpread: TOPOLOGY_SPREAD,
  recommendResources: yesOrNo,
};

/** How the place of a component is read. */
export const PLACEMENT: StructTable<PlacementProps> = {
  instance: instanceName,
  namespace: dnsLabel,
  clusterDomain: dnsDomain,
};

/** How the place of a component of Thanos is read. */
export const COMPONENT_PLACEMENT: StructTable<ComponentPlacementProps> = {
  ...PLACEMENT,
  shard: dnsLabel,
  zone: dnsLabel,
};
