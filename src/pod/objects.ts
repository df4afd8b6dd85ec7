import {
  IntOrString,
  KubeDeployment,
  KubePodDisruptionBudget,
  KubeService,
  KubeStatefulSet,
  type PodTemplateSpec,
} from '../support/k8s';
import type { Json } from '../support/json';
import { HEADLESS_LABEL } from '../support/identity';
import type { Ports, ServicePlan } from './service-plan';
import type { ClaimPlan } from './storage';

/** What an object's metadata says. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** A Deployment. The labels are its selector too. Undefined replicas are somebody else's to say. */
export function deployment(metadata: Metadata, replicas: number | undefined, template: PodTemplateSpec): Json {
  return KubeDeployment.manifest({
    metadata,
    spec: { replicas, selector: { matchLabels: metadata.labels }, template },
  });
}

/** What a StatefulSet has beyond a Deployment. */
export interface StatefulPlan {
  readonly serviceName: string;
  readonly claim?: ClaimPlan;
  readonly minReadySeconds?: number;
}

/**
 * A StatefulSet. Its pods start in parallel: none waits for another, and a roll-out that got stuck on a bad config heals by
 * itself, which with OrderedReady needs a hand
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
export function statefulSet(metadata: Metadata, replicas: number, template: PodTemplateSpec, plan: StatefulPlan): Json {
  return KubeStatefulSet.manifest({
    metadata,
    spec: {
      replicas,
      serviceName: plan.serviceName,
      podManagementPolicy: 'Parallel',
      minReadySeconds: plan.minReadySeconds,
      selector: { matchLabels: metadata.labels },
      template,
      volumeClaimTemplates: plan.claim && [plan.claim.claim],
      persistentVolumeClaimRetentionPolicy: plan.claim?.retention,
    },
  });
}

/** A Service with a cluster IP. */
export function service(
  metadata: Metadata,
  selector: Record<string, string>,
  ports: Ports,
  plan: ServicePlan = { spec: {}, nodePorts: {} },
): Json {
  const { spec, nodePorts } = plan;
  const own = servicePorts(ports).map((one) => ({ ...one, nodePort: nodePorts[one.name] }));
  return KubeService.manifest({ metadata, spec: { ...spec, selector, ports: own } });
}

/**
 * A headless Service: DNS names of the single pods. A label tells it from the other Service: whatever finds Services by
 * labels, such as a ServiceMonitor, would otherwise see each pod twice.
 */
export function headlessService(
  metadata: Metadata,
  selector: Record<string, string>,
  ports: Ports,
  publishNotReadyAddresses?: boolean,
): Json {
  return KubeService.manifest({
    metadata: { ...metadata, labels: { ...metadata.labels, ...HEADLESS_LABEL } },
    spec: { clusterIp: 'None', publishNotReadyAddresses, selector, ports: servicePorts(ports) },
  });
}

/** A disruption budget. Pods that aren't ready never block a drain. */
export function disruptionBudget(metadata: Metadata, maxUnavailable: number): Json {
  return KubePodDisruptionBudget.manifest({
    metadata,
    spec: {
      maxUnavailable: IntOrString.fromNumber(maxUnavailable),
      selector: { matchLabels: metadata.labels },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}

function servicePorts(ports: Ports): { name: string; port: number; targetPort: IntOrString }[] {
  return Object.entries(ports).map(([name, number]) => ({ name, port: number, targetPort: port(name) }));
}

/** A port by its name. */
export function port(name: string): IntOrString {
  return IntOrString.fromString(name);
}
