import {
  IntOrString,
  KubeDeployment,
  KubePodDisruptionBudget,
  KubeService,
  KubeStatefulSet,
  type PodTemplateSpec,
} from '../support/k8s';
import type { Json } from '../manifest/pod-specs';
import type { ClaimPlan } from './storage';

/** Ports by name; each has the same number in the container and in its Services. */
export type Ports = Readonly<Record<string, number>>;

export const HTTP_PORT = 10902;
export const GRPC_PORT = 10901;
export const REMOTE_WRITE_PORT = 19291;

/** Name, namespace and labels of an object. */
export interface Identity {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** A Deployment. The labels are its selector too. */
export function deployment(metadata: Identity, replicas: number, template: PodTemplateSpec): Json {
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
export function statefulSet(metadata: Identity, replicas: number, template: PodTemplateSpec, plan: StatefulPlan): Json {
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
export function service(metadata: Identity, selector: Record<string, string>, ports: Ports): Json {
  return KubeService.manifest({ metadata, spec: { selector, ports: servicePorts(ports) } });
}

/** A headless Service: DNS names of the single pods. */
export function headlessService(
  metadata: Identity,
  selector: Record<string, string>,
  ports: Ports,
  publishNotReadyAddresses?: boolean,
): Json {
  return KubeService.manifest({
    metadata,
    spec: { clusterIp: 'None', publishNotReadyAddresses, selector, ports: servicePorts(ports) },
  });
}

/** A disruption budget. Pods that aren't ready never block a drain. */
export function disruptionBudget(metadata: Identity, maxUnavailable: number): Json {
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
