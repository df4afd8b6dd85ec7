import type { Json } from '../support/json';
import type { ComponentOptions } from '../pod/component-options';
import { mergeHatches } from '../pod/hatches';
import * as objects from '../pod/objects';
import { orNone } from '../pod/or-none';
import { servicePlan } from '../pod/service-plan';
import { accountName, accountPlace, serviceAccountObject } from '../pod/service-account';
import { type PodPlan, podTemplate } from '../pod/pod';
import { dataClaim, type StorageOptions } from '../pod/storage';
import { type AutoscaledOptions, horizontalAutoscaler, resourceRecommender } from '../pod/autoscaling';
import type { Identity, PortName } from '../support/identity';
import { checked } from '../support/problem';
import type { Flags } from './flags';
import { jobObject } from './job-object';
import type { Context } from './context';
import { joined } from './extras';
import type { Attachment, Extras, Kind } from './kind';
import { settleSeconds } from './settle';
import { grpcExtras } from './tls/grpc-tls';
import type { HttpPartOptions } from './tls/http-config';
import { httpExtras, probedPorts } from './tls/http-files';

/** What every kind of component may be told beyond the common options. */
type Props = ComponentOptions &
  HttpPartOptions &
  AutoscaledOptions & { readonly replicas?: number; readonly storage?: StorageOptions };

/** The objects of a component, not placed yet. */
export interface ComponentObjects {
  readonly workload: Json;
  readonly service: Json;
  readonly headlessService?: Json;
  readonly disruptionBudget?: Json;
  readonly serviceAccount?: Json;
  readonly autoscaler?: Json;
  readonly recommender?: Json;
}

/** Makes the objects of a component, from its kind and props alone. */
export function componentObjects(
  kind: Kind<any>,
  context: Context<Props>,
  flags: Flags,
  attachment?: Attachment,
): ComponentObjects {
  const { construct, identity, props } = context;
  const extras = [grpcExtras(kind, context), httpExtras(kind, context)].reduce(joined, kind.plan?.(context) ?? {});
  const { replicas = kind.replicas } = props;
  const most = props.autoscaling?.maxReplicas ?? replicas;
  const { enabled = most >= 2, maxUnavailable = 1 } = props.disruptionBudget ?? {};
  const account = checked(construct, 'serviceAccountName', () =>
    accountName(props, identity.workload, attachment?.grant),
  );
  const plan = { ...podPlan(kind, context, flags, extras, attachment), account };
  const workload = workloadObject(kind, context, extras, plan);
  return {
    workload,
    ...serviceObjects(kind, context, extras),
    serviceAccount:
      props.serviceAccount && serviceAccountObject(account!, props.serviceAccount, accountPlace(identity)),
    disruptionBudget: enabled
      ? objects.disruptionBudget(metadata(identity, identity.workload), maxUnavailable)
      : undefined,
    ...scalers(context, replicas, workload),
  };
}

/** What changes the number of pods, and what looks at what they use. */
function scalers(
  { construct, identity, props: { autoscaling, recommendResources } }: Context<Props>,
  replicas: number,
  workload: Json,
): Pick<ComponentObjects, 'autoscaler' | 'recommender'> {
  const own = metadata(identity, identity.workload);
  return {
    autoscaler:
      autoscaling && checked(construct, 'autoscaling', () => horizontalAutoscaler(own, replicas, autoscaling)),
    recommender: recommendResources ? resourceRecommender(own, workload) : undefined,
  };
}

function metadata(identity: Identity, name: string, annotations?: Record<string, string>): objects.Metadata {
  return {
    name,
    namespace: identity.namespace,
    labels: { ...identity.selector },
    annotations: orNone(annotations),
  };
}

function workloadObject(
  kind: Kind<any>,
  { construct, identity, props }: Context<Props>,
  extras: Extras,
  plan: PodPlan,
) {
  const { replicas = kind.replicas } = props;
  const storage = extras.storage ?? props.storage ?? {};
  const claim = kind.volume && !extras.ephemeral ? dataClaim(storage, kind.volume, identity) : undefined;
  const own = metadata(identity, identity.workload, { ...plan.grant?.workloadAnnotations, ...props.annotations });
  const template = podTemplate(plan, props, { ...identity.selector });
  const { minReadySeconds } = extras;
  if (extras.run) {
    const { annotations } = own;
    const whole = checked(construct, 'props', () => mergeHatches(template, props));
    return jobObject(identity, whole, { ...extras.run, annotations });
  }
  const workload =
    kind.workload === 'StatefulSet'
      ? objects.statefulSet(own, replicas, template, { serviceName: identity.headless, claim, minReadySeconds })
      : objects.deployment(own, props.autoscaling ? undefined : replicas, template);
  workload.spec.template = checked(construct, 'props', () =>
    mergeHatches(workload.spec.template, props, claim ? [identity.claim] : []),
  );
  return workload;
}

function serviceObjects(
  kind: Kind<any>,
  context: Context<Props>,
  extras: Extras,
): Pick<ComponentObjects, 'service' | 'headlessService'> {
  const { construct, identity, props } = context;
  // whoever looks for the pods finds one before it is ready, so that it is used when the next one goes
  const unready = extras.publishNotReadyAddresses ?? (settleSeconds(kind, context) === undefined ? undefined : true);
  const ports = Object.fromEntries(portsOf(kind, extras).map((name) => [name, identity.port(name)]));
  const selector = { ...identity.selector };
  const plan = checked(construct, 'service', () => servicePlan(props.service, ports));
  const annotations = { ...props.serviceAnnotations, ...props.service?.annotations };
  const headless = metadata(identity, identity.headless, props.serviceAnnotations);
  return {
    service: objects.service(metadata(identity, identity.service, annotations), selector, ports, plan),
    headlessService:
      kind.workload === 'StatefulSet' && extras.run === undefined
        ? objects.headlessService(headless, selector, ports, unready)
        : undefined,
  };
}

function portsOf(kind: Kind<any>, { ports = [] }: Extras): PortName[] {
  return [...kind.ports, ...ports];
}

function podPlan(
  kind: Kind<any>,
  context: Context<Props>,
  flags: Flags,
  extras: Extras,
  attachment?: Attachment,
): PodPlan {
  const { identity, props } = context;
  const tracing = props.tracing?._plan();
  const data = kind.volume ? [{ name: identity.claim, mountPath: identity.dataPath }] : [];
  return {
    container: kind.component,
    args: flags.toArgs(),
    ports: portsOf(kind, extras).map((name) => ({ name, containerPort: identity.port(name) })),
    env: extras.env,
    volumes: [...(extras.volumes ?? []), ...(tracing?.volumes ?? []), ...(attachment?.volumes ?? [])],
    mounts: [...data, ...(extras.mounts ?? []), ...(tracing?.mounts ?? [])],
    annotations: { ...extras.annotations, ...tracing?.annotations },
    sidecars: extras.sidecars,
    requests: kind.requests,
    patience: kind.patience,
    probed: probedPorts(props, kind.ports),
    graceSeconds: kind.graceSeconds,
    drainSeconds: kind.drainSeconds,
    settleSeconds: settleSeconds(kind, context),
    grant: attachment?.grant,
    initContainers: attachment?.initContainers,
  };
}
