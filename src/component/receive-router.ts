import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireAllAsked } from '../app/same-app';
import { AUTOSCALING, type AutoscaledOptions } from '../pod/autoscaling';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { DRAIN_SECONDS } from '../pod/drain';
import { objectName } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { int32, wholeNumber } from '../support/rows';
import { later, within } from '../support/table';
import type { Context } from './context';
import { asksCapnproto, FORWARDING, forwardingFlags, type ForwardingOptions, warnOfPlainCalls } from './forwarding';
import { labelValues, POD_NAME_ENV, RECEIVE_REPLICA } from './external-labels';
import {
  ALGORITHM_FLAG,
  defaultReplicationFactor,
  FACTOR_FLAG,
  factorOf,
  placeRings,
  RING_ARGS,
  ringFiles,
  together,
  warnOfFactor,
  warnOfHashmod,
} from './hashring';
import { type Kind, ofKind } from './kind';
import { noFlag, written } from './option';
import { HASHRINGS, type HashringOptions } from './ring-options';
import { ROUTER_TENANCY, receiveTenancyFlags, type RouterTenancyOptions } from './receive-tenancy';
import {
  type JoinedRing,
  joinRings,
  requireCapnproto,
  requireCopies,
  requireKetama,
  requireOneView,
  requireTenantShards,
  ringNeeds,
} from './ring-rules';
import { warnOfZones } from './ring-zones';
import { requireSince } from './since';
import { ThanosComponent } from './thanos-component';
import { REQUEST_LOGGING, type RequestLoggingProps } from './request-logging';
import { forwardFlags, GRPC_TLS, type GrpcPartOptions, grpcServerFlags } from './tls/grpc-tls';
import { placeWriteLimits, WRITE_LIMITS, writeLimitFlags, type WriteLimitsOptions } from './write-limits';
import type { HttpPartOptions } from './tls/http-config';

/** What a ReceiveRouter can be told. */
export interface ReceiveRouterOptions
  extends AutoscaledOptions, ComponentOptions, GrpcPartOptions, HttpPartOptions, RequestLoggingProps {
  /**
   * Pods; with autoscaling, the least.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * The hashrings, in the order in which they are asked for a tenant. Running pods see a change within two minutes, and
   * need no restart.
   * @default - in a stack its receivers, else hashringsConfigMap
   */
  readonly rings?: HashringOptions[];
  /**
   * Name of a ConfigMap that exists and holds the rings under the key `hashrings.json`: what a controller keeps, for
   * example. Synth can't look into it.
   * @default - made from rings
   */
  readonly hashringsConfigMap?: string;
  /**
   * Receivers of a ring that store each sample. Writes go on while a minority of them is away.
   * @default - that of receivers which route too, else 3 when each ring has 3 or more receivers, else 1; must be given with
   * hashringsConfigMap
   */
  readonly replicationFactor?: number;
  /**
   * How the tenant of a write is told.
   * @default - Thanos' own: the header `THANOS-TENANT`
   */
  readonly tenancy?: RouterTenancyOptions;
  /**
   * How writes are handed to the receivers.
   * @default - Thanos' own
   */
  readonly forwarding?: ForwardingOptions;
  /**
   * What may be written. Running pods see a change within two minutes.
   * @default - no limits
   */
  readonly writeLimits?: WriteLimitsOptions;
}

/** Properties of a ReceiveRouter. It has no way to be given the bucket or the CA. */
export interface ReceiveRouterProps extends ReceiveRouterOptions, ComponentPlacementProps {}

const KIND: Kind<ReceiveRouterProps> = {
  component: 'receive-router',
  command: ['receive'],
  ports: ['http', 'grpc', 'remote-write'],
  workload: 'Deployment',
  replicas: 2,
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  drainSeconds: DRAIN_SECONDS,
  options: {
    requestLogging: REQUEST_LOGGING,
    replicas: noFlag(int32(0)),
    autoscaling: noFlag(later(() => AUTOSCALING)),
    hashringsConfigMap: noFlag(objectName),
    rings: {
      read: HASHRINGS,
      args: (rings, { props }) => {
        requireOneSource(rings, props.hashringsConfigMap);
        // Thanos refuses to start without a label, though a router writes no block (measured)
        return [...written('--label', labelValues(RECEIVE_REPLICA, {})), ...RING_ARGS];
      },
    },
    replicationFactor: {
      read: wholeNumber(1),
      args: (factor, context) => [[FACTOR_FLAG, factor ?? defaultFactor(context)]],
    },
    tenancy: { read: ROUTER_TENANCY, args: receiveTenancyFlags },
    grpcTls: { read: GRPC_TLS, args: (tls) => [...grpcServerFlags(tls), ...forwardFlags(tls)] },
    forwarding: { read: FORWARDING, args: forwardingFlags },
    writeLimits: { read: WRITE_LIMITS, args: (limits) => (limits ? writeLimitFlags() : []) },
  },
  asks: () => true,
  plan: (context) => {
    const { rings, hashringsConfigMap, writeLimits } = context.props;
    const name = rings
      ? placeRings(
          context,
          joinRings(rings).map(({ entry }) => entry),
        )
      : hashringsConfigMap!;
    return {
      env: [POD_NAME_ENV],
      ...together([ringFiles(name), ...(writeLimits ? [placeWriteLimits(context, writeLimits)] : [])]),
    };
  },
  judge: (context, flags) => {
    const { construct, props, registry, warn } = context;
    const rings = ringsOf(context);
    checked(construct, 'rings', () => {
      requireRingsAsked(construct, props.rings);
      rings.forEach((ring, i) => within(`[${i}]`, () => requireOneView(ring)));
    });
    const factor = checked(construct, 'replicationFactor', () => {
      const copies = factorOf(flags.value(FACTOR_FLAG));
      requireCopies(copies, rings);
      return copies;
    });
    checked(construct, 'rings', () => requireTenantShards(factor, rings));
    checked(construct, 'extraArgs', () => requireKetama(flags.value(ALGORITHM_FLAG), rings));
    requireSince(construct, props.image, ringNeeds(rings));
    for (const { zones } of rings) warnOfZones(factor, zones, warn);
    warnOfFactor(factor, Math.max(0, ...rings.map(({ entry }) => entry.endpoints.length)), warn);
    if (asksCapnproto(flags)) checked(construct, 'forwarding', () => requireCapnproto(rings));
    warnOfPlainCalls(flags, props.grpcTls, warn);
    warnOfHashmod(flags, warn);
    const receivers = props.rings?.flatMap((ring) => ring.receivers ?? []) ?? [];
    registry.link(construct, receivers, asksCapnproto(flags) ? 'capnproto' : 'grpc');
    const whole =
      props.rings?.every(
        ({ endpoints = [], zoneEndpoints = {} }) => endpoints.length === 0 && Object.keys(zoneEndpoints).length === 0,
      ) ?? false;
    registry.routers.push({ construct, receivers, whole });
  },
};

function requireOneSource(rings: unknown, configMap: string | undefined): void {
  if (rings !== undefined && configMap !== undefined)
    throw new InputProblem('is given together with hashringsConfigMap; give one of the two');
  if (rings === undefined && configMap === undefined)
    throw new InputProblem('is missing. Give the rings, [{ receivers: [receiver] }], or the hashringsConfigMap');
}

function requireRingsAsked(router: Construct, rings: readonly HashringOptions[] = []): void {
  rings.forEach(({ receivers = [] }, i) =>
    within(`[${i}]: receivers`, () => requireAllAsked(router, receivers, 'endpoints, and those of its other pods')),
  );
}

function ringsOf({ construct, props: { rings } }: Context<ReceiveRouterProps>): JoinedRing[] {
  return rings ? checked(construct, 'rings', () => joinRings(rings)) : [];
}

function defaultFactor(context: Context<ReceiveRouterProps>): number {
  const rings = ringsOf(context);
  if (rings.length === 0)
    throw new InputProblem('is missing: the rings of the ConfigMap are not known. Give the copies of each sample');
  const own = rings.flatMap(({ members }) => members).find(({ ownFactor }) => ownFactor !== undefined);
  return own?.ownFactor ?? defaultReplicationFactor(Math.min(...rings.map(({ entry }) => entry.endpoints.length)));
}

/**
 * Thanos Receive as a router: takes remote-write and hands it to the receivers of its rings; it stores nothing
 * (https://thanos.io/tip/components/receive.md/).
 *
 * @throws where a ring has no members or fewer than copies, or a tenant is in two rings
 */
export class ReceiveRouter extends ThanosComponent {
  constructor(scope: Construct, id: string, props: ReceiveRouterProps) {
    super(scope, id, ofKind(KIND, props));
  }

  /** URL for `remote_write` of a Prometheus in the cluster. */
  public get remoteWriteUrl(): string {
    return this._identity.url('remote-write', '/api/v1/receive');
  }
}
