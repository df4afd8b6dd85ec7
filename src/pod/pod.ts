import type { Container, ContainerPort, EnvVar, PodTemplateSpec, Volume, VolumeMount } from '../support/k8s';
import type { Grant } from '../objstore/grant';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import { seconds } from '../support/units';
import type { ComponentOptions } from './component-options';
import { naming } from './dns';
import { drained } from './drain';
import { environment } from './env';
import { containerImage } from './image';
import { orNone } from './or-none';
import { type ProbedPorts, thanosProbes } from './probes';
import { type ResourceAmounts, resourceRequirements } from './resources';
import { AntiAffinity, antiAffinity, placement, topologySpread } from './scheduling';
import { podSecurity, RESTRICTED_CONTAINER } from './security';

/** What a component knows of its pods, before the users' options. */
export interface PodPlan {
  /** Name of the Thanos container. */
  readonly container: string;
  readonly args: string[];
  readonly ports: ContainerPort[];
  readonly env?: EnvVar[];
  readonly volumes?: Volume[];
  readonly mounts?: VolumeMount[];
  readonly annotations?: Record<string, string>;
  readonly requests: ResourceAmounts;
  /** Liveness checks in a row that may fail; undefined: no probes, the pod ends by itself. */
  readonly patience?: number;
  readonly probed?: ProbedPorts;
  readonly graceSeconds: number;
  /** How long it goes on answering when it ends. */
  readonly drainSeconds?: number;
  /** How long it must answer before it counts as ready. */
  readonly settleSeconds?: number;
  readonly grant?: Grant;
  /** ServiceAccount of the pods; undefined: the namespace's default. */
  readonly account?: string;
  readonly initContainers?: Container[];
  /** Containers of the library's own beside Thanos. */
  readonly sidecars?: Container[];
}

/** The pod template of a component. The raw parts of the users' options are merged later, see hatches.ts. */
export function podTemplate(
  plan: PodPlan,
  options: ComponentOptions,
  selector: Record<string, string>,
): PodTemplateSpec {
  const annotations = {
    ...options.podAnnotations,
    ...(plan.grant ? { [CHECKSUM_ANNOTATION]: plan.grant.checksum } : {}),
    ...plan.annotations,
  };
  return {
    metadata: {
      labels: { ...options.podLabels, ...selector },
      annotations: orNone(annotations),
    },
    spec: {
      automountServiceAccountToken: false,
      serviceAccountName: plan.account,
      securityContext: podSecurity(options.security),
      terminationGracePeriodSeconds: graceSeconds(plan, options),
      imagePullSecrets: orNone(options.image?.pullSecrets?.map((name) => ({ name }))),
      ...placement(options),
      ...naming(options),
      topologySpreadConstraints: orNone(options.topologySpread?.map((o) => topologySpread(o, selector))),
      affinity: antiAffinity(options.antiAffinity ?? AntiAffinity.PREFERRED, selector),
      initContainers: orNone(plan.initContainers ?? []),
      containers: [thanosContainer(plan, options), ...(plan.sidecars ?? [])],
      volumes: orNone([...(plan.volumes ?? []), ...(plan.grant?.volumes ?? [])]),
    },
  };
}

function graceSeconds(plan: PodPlan, { terminationGracePeriod }: ComponentOptions): number {
  return terminationGracePeriod ? seconds(terminationGracePeriod) : plan.graceSeconds;
}

function thanosContainer(plan: PodPlan, options: ComponentOptions): Container {
  const env = [...(plan.env ?? []), ...(plan.grant?.env ?? [])];
  return {
    name: plan.container,
    ...containerImage(options.image),
    args: plan.args,
    ports: orNone(plan.ports),
    ...environment(env, options),
    resources: resourceRequirements(options.resources, plan.requests),
    ...(plan.patience !== undefined && thanosProbes(options.probes, plan)),
    lifecycle: drained(plan.drainSeconds, graceSeconds(plan, options)),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: orNone([...(plan.mounts ?? []), ...(plan.grant?.mounts ?? []), ...(options.volumeMounts ?? [])]),
  };
}
