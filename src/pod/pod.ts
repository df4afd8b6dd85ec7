import type { Container, ContainerPort, EnvVar, PodTemplateSpec, Volume, VolumeMount } from '../support/k8s';
import type { IConstruct } from 'constructs';
import type { Grant } from '../objstore/grant';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import { checked, InputProblem } from '../support/problem';
import { knownFields } from '../support/shape';
import { seconds } from '../support/units';
import { wholeNumber, yesOrNo } from '../support/values';
import { environment } from './env';
import { imageReference, THANOS_REPOSITORY, THANOS_TAG } from './image';
import { orNone } from './or-none';
import {
  AntiAffinity,
  type ComponentOptions,
  type PodOptions,
  type ResourceAmounts,
  type SecurityOptions,
} from './pod-options';
import { thanosProbes } from './probes';
import { resourceRequirements } from './resources';
import { antiAffinity, placement, topologySpread } from './scheduling';

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
  readonly graceSeconds: number;
  readonly grant?: Grant;
  readonly initContainers?: Container[];
}

/** Ids of Thanos' own image user; nobody's group may read the volumes. */
const USER = 65534;
const GROUP = 65532;
const FS_GROUP = 65534;

/** A container that Pod Security "restricted" admits. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/** The pod template of a component. The raw parts of the users' options are merged later, see hatches.ts. */
export function podTemplate(
  scope: IConstruct,
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
      serviceAccountName: options.serviceAccountName ?? plan.grant?.serviceAccountName,
      securityContext: podSecurity(scope, options.security ?? {}),
      terminationGracePeriodSeconds: checked(scope, 'terminationGracePeriod', () =>
        options.terminationGracePeriod ? seconds(options.terminationGracePeriod) : plan.graceSeconds,
      ),
      imagePullSecrets: orNone(options.image?.pullSecrets?.map((name) => ({ name }))),
      ...placement(scope, options),
      topologySpreadConstraints: orNone(
        checked(scope, 'topologySpread', () => options.topologySpread?.map((o) => topologySpread(o, selector))),
      ),
      affinity: checked(scope, 'antiAffinity', () =>
        antiAffinity(options.antiAffinity ?? AntiAffinity.PREFERRED, selector),
      ),
      initContainers: orNone(plan.initContainers ?? []),
      containers: [thanosContainer(scope, plan, options)],
      volumes: orNone([...(plan.volumes ?? []), ...(plan.grant?.volumes ?? [])]),
    },
  };
}

function thanosContainer(scope: IConstruct, plan: PodPlan, options: ComponentOptions): Container {
  const env = [...(plan.env ?? []), ...(plan.grant?.env ?? [])];
  return {
    name: plan.container,
    image: checked(scope, 'image', () => imageReference(options.image ?? {}, THANOS_REPOSITORY, THANOS_TAG)),
    args: plan.args,
    ports: orNone(plan.ports),
    ...environment(scope, env, options),
    resources: checked(scope, 'resources', () => resourceRequirements(options.resources, plan.requests)),
    ...checked(scope, 'probes', () => plan.patience && thanosProbes(options.probes, plan.patience)),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: orNone([...(plan.mounts ?? []), ...(plan.grant?.mounts ?? []), ...extraMounts(scope, options)]),
  };
}

/** The users' mounts of the main container. */
export function extraMounts(scope: IConstruct, { volumeMounts = [] }: PodOptions): VolumeMount[] {
  checked(scope, 'volumeMounts', () => {
    for (const mount of volumeMounts) knownFields(mount, ['name', 'mountPath', 'subPath', 'readOnly']);
  });
  return volumeMounts;
}

function podSecurity(scope: IConstruct, security: SecurityOptions): PodSecurity {
  checked(scope, 'security', () => {
    knownFields(security, ['openShift', 'user', 'group', 'fsGroup']);
    yesOrNo(security.openShift);
    for (const id of [security.user, security.group, security.fsGroup]) wholeNumber(id, 0);
    if (security.user === 0) throw new InputProblem('user is 0, but the pods never run as root');
  });
  const base = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  if (security.openShift) return base;
  return {
    ...base,
    runAsUser: security.user ?? USER,
    runAsGroup: security.group ?? GROUP,
    fsGroup: security.fsGroup ?? FS_GROUP,
    fsGroupChangePolicy: 'OnRootMismatch',
  };
}

type PodSecurity = NonNullable<NonNullable<PodTemplateSpec['spec']>['securityContext']>;
