import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { thanosMinor } from '../pod/image';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { dnsLabel } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { duration, int32, int32Seconds, oneOf, struct, wholeNumber, yesOrNo } from '../support/rows';
import { later } from '../support/table';
import { prometheusDuration, seconds } from '../support/units';
import { HashFunc } from './block-discovery';
import { BucketComponent } from './bucket-component';
import type { OptionalBucketProps } from './bucket-props';
import { externalLabels, labelValues, POD_NAME_ENV, RECEIVE_REPLICA, writesBlocks } from './external-labels';
import {
  DEFAULT_RING,
  defaultReplicationFactor,
  FACTOR_FLAG,
  localEndpoint,
  placeRings,
  replicationFactor,
  type Ring,
  type RingEntry,
  RING_ARGS,
  ringEndpoints,
  ringFiles,
  together,
  warnOfFactor,
  warnOfHashmod,
} from './hashring';
import type { Context } from './context';
import {
  FORWARDING,
  forwardingFlags,
  type ForwardingOptions,
  ReplicationProtocol,
  warnOfPlainCalls,
} from './forwarding';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import { READ_LIMITS, readLimitFlags, type ReadLimitsOptions } from './read-limits';
import { RECEIVER_TENANCY, receiveTenancyFlags, type ReceiverTenancyOptions } from './receive-tenancy';
import type { RingMember } from './ring-member';
import { SETTLE_SECONDS, settleSeconds } from './settle';
import type { IStoreApi } from './store-api';
import { TSDB, tsdbFlags, type TsdbOptions } from './tsdb-options';
import { REQUEST_LOGGING, type RequestLoggingProps } from './request-logging';
import { forwardFlags, GRPC_TLS, type GrpcPartOptions, grpcServerFlags } from './tls/grpc-tls';
import { placeWriteLimits, WRITE_LIMITS, writeLimitFlags, type WriteLimitsOptions } from './write-limits';
import type { HttpPartOptions } from './tls/http-config';

/** What a Receiver can be told. */
export interface ReceiverOptions extends ComponentOptions, GrpcPartOptions, HttpPartOptions, RequestLoggingProps {
  /**
   * Receivers in the ring.
   * @default 3
   */
  readonly replicas?: number;
  /**
   * Only store what a ReceiveRouter hands over: the pods have no ring, and a write that comes to them otherwise is stored
   * once. Without it they route too, over a ring of their own, so a router may be added in front while writers still come
   * here.
   * @default false
   */
  readonly ingestOnly?: boolean;
  /**
   * Receivers that store each sample. Writes go on while a minority of them is away.
   * @default - 3 when there are 3 or more replicas, else 1; the router's where they only ingest
   */
  readonly replicationFactor?: number;
  /**
   * How long samples stay on the receivers (`--tsdb.retention`); longer than an outage of the bucket.
   * @default - Thanos' own, 15 days
   */
  readonly retention?: Duration;
  /**
   * Labels of every block, beside `receive_replica`. Two clusters on one bucket need different ones.
   * @default - none
   */
  readonly externalLabels?: { [name: string]: string };
  /**
   * How long a restarted receiver must answer before the next one restarts, whole seconds. Peers need that long to use
   * it again; with less, a roll-out loses the quorum and writes are retried (measured). Of two or more receivers, one is not
   * ready for the first 25 s of them, so that a drain waits too.
   * @default Duration.seconds(30)
   */
  readonly minReady?: Duration;
  /**
   * The volumes. They hold what is not uploaded yet, so there is no ephemeral form.
   * @default - 50 GiB each
   */
  readonly storage?: StorageOptions;
  /**
   * How the tenant of a write is told, and the label that keeps it. A ReceiveRouter hands the tenant over: receivers that
   * only ingest need `label` alone.
   * @default - Thanos' own: the header `THANOS-TENANT` and the label `tenant_id`
   */
  readonly tenancy?: ReceiverTenancyOptions;
  /**
   * How writes are handed to the other receivers. Those that only ingest hand none over.
   * @default - Thanos' own
   */
  readonly forwarding?: ForwardingOptions;
  /**
   * Take writes by Cap'n Proto from others too, on port 19391. Thanos always listens there; without this no container and
   * no Service says so.
   * @default - whether forwarding asks for it; in a stack, whether that of the receiveRouter does
   */
  readonly capnproto?: boolean;
  /**
   * What may be written. Where a ReceiveRouter hands over, it has to be told instead.
   * @default - no limits
   */
  readonly writeLimits?: WriteLimitsOptions;
  /**
   * The databases.
   * @default - Thanos' own
   */
  readonly tsdb?: TsdbOptions;
  /**
   * What one call of the StoreAPI may read.
   * @default - Thanos' own, no limits
   */
  readonly limits?: ReadLimitsOptions;
  /**
   * Matchers that are kept compiled (`--matcher-cache-size`); 0: none.
   * @default - Thanos' own, 0
   */
  readonly matcherCacheSize?: number;
  /**
   * Files of a block that are sent to the bucket at once (`--shipper.upload-concurrency`); 0: one after the other.
   * @default - Thanos' own, 0
   */
  readonly uploadConcurrency?: number;
  /**
   * Hash of the files of a block, so that some are not fetched twice.
   * @default - none
   */
  readonly hashFunc?: HashFunc;
}

/** Properties of a Receiver. */
export interface ReceiverProps extends ReceiverOptions, ComponentPlacementProps, OptionalBucketProps {
  /**
   * Name of the hashring that they are for, where a stack has receivers of several: a part of the objects' names, and of
   * the label `app.kubernetes.io/component`.
   * @default - the only ring, or the one for all other tenants
   */
  readonly hashring?: string;
}

const REPLICAS = 3;

const KIND: Kind<ReceiverProps> = {
  component: 'receiver',
  command: ['receive'],
  ports: ['http', 'grpc', 'remote-write'],
  workload: 'StatefulSet',
  replicas: REPLICAS,
  volume: Size.gibibytes(50),
  bucket: 'optional',
  requests: { cpu: '50m', memory: Size.mebibytes(256) },
  patience: 8,
  // flushing and uploading the head; an upper bound, as kube-thanos has it
  graceSeconds: 900,
  settleSeconds: (props) => Math.min(SETTLE_SECONDS, minReadySeconds(props)),
  options: {
    requestLogging: REQUEST_LOGGING,
    storage: { read: struct(STORAGE), args: (_, { identity }) => [['--tsdb.path', identity.dataPath]] },
    retention: flag('--tsdb.retention', duration, prometheusDuration),
    externalLabels: {
      read: externalLabels(RECEIVE_REPLICA),
      args: (labels = {}) => written('--label', labelValues(RECEIVE_REPLICA, labels)),
    },
    replicas: {
      read: int32(0),
      args: (_, context) =>
        context.props.ingestOnly ? [] : [...RING_ARGS, ['--receive.local-endpoint', localEndpoint(ringOf(context))]],
    },
    replicationFactor: {
      read: wholeNumber(1),
      args: (factor, context) => {
        if (!context.props.ingestOnly) return [[FACTOR_FLAG, factor ?? ownFactor(context.props)]];
        if (factor !== undefined) throw new InputProblem('is given together with ingestOnly; the router decides it');
        return [];
      },
    },
    tenancy: { read: RECEIVER_TENANCY, args: receiveTenancyFlags },
    forwarding: { read: FORWARDING, args: (options, context) => forwardingFlags(unlessIngesting(options, context)) },
    capnproto: noFlag(yesOrNo),
    writeLimits: {
      read: later(() => WRITE_LIMITS),
      args: (limits, context) => (unlessIngesting(limits, context) ? writeLimitFlags() : []),
    },
    tsdb: { read: TSDB, args: (tsdb, { props }) => tsdbFlags(tsdb, thanosMinor(props.image)) },
    limits: { read: struct(READ_LIMITS), args: readLimitFlags },
    matcherCacheSize: flag('--matcher-cache-size', wholeNumber(0), (n) => n),
    uploadConcurrency: flag('--shipper.upload-concurrency', wholeNumber(0), (n) => n),
    hashFunc: flag('--hash-func', oneOf(HashFunc, 'HashFunc'), (hash) => hash),
    grpcTls: {
      read: GRPC_TLS,
      args: (tls, { props }) => [...grpcServerFlags(tls), ...(props.ingestOnly ? [] : forwardFlags(tls))],
    },
    ingestOnly: noFlag(yesOrNo),
    hashring: noFlag(dnsLabel),
    minReady: noFlag(int32Seconds(0)),
  },
  group: ({ hashring }) => hashring,
  asks: ({ ingestOnly }) => !ingestOnly,
  plan: (context) => {
    const { props } = context;
    const { writeLimits, ingestOnly } = props;
    const limits = writeLimits && !ingestOnly ? [placeWriteLimits(context, writeLimits)] : [];
    const ring = ingestOnly ? [] : [ringFiles(placeRings(context, [ownRing(context)]))];
    return {
      env: [POD_NAME_ENV],
      ports: takesCapnproto(props) ? ['capnproto'] : [],
      ...together([...ring, ...limits]),
      publishNotReadyAddresses: true,
      // the rest of it, that a roll-out waits too
      minReadySeconds: minReadySeconds(props) - (settleSeconds(KIND, context) ?? 0),
    };
  },
  judge: (context, flags) => {
    const { construct, props, warn, registry } = context;
    if (props.ingestOnly) registry.ingestors.push(construct);
    else {
      warnOfPlainCalls(flags, props.grpcTls, warn);
      warnOfHashmod(flags, warn);
      const { replicas } = ringOf(context);
      const text = flags.value(FACTOR_FLAG);
      const factor = checked(construct, 'replicationFactor', () => replicationFactor(text, replicas));
      warnOfFactor(factor, replicas, warn);
      if (factor >= 3) warnOfHaste(context);
      registry.link(construct, [construct], 'grpc');
    }
    if (props.ingestOnly && ownFactor(props) >= 3) warnOfHaste(context);
    writesBlocks(context, flags);
  },
};

function ringOf({ identity, props }: Pick<Context<ReceiverProps>, 'identity' | 'props'>): Ring {
  return { identity, replicas: props.replicas ?? REPLICAS };
}

function minReadySeconds({ minReady = Duration.seconds(30) }: ReceiverOptions): number {
  return seconds(minReady, true);
}

function ownFactor({ replicas = REPLICAS, replicationFactor: factor }: ReceiverProps): number {
  return factor ?? defaultReplicationFactor(replicas);
}

/** The ring of the pods for themselves: one for all tenants. */
function ownRing(context: Context<ReceiverProps>): RingEntry {
  return { hashring: DEFAULT_RING, endpoints: ringEndpoints(ringOf(context)) };
}

function takesCapnproto({ capnproto, forwarding }: ReceiverOptions): boolean {
  return capnproto ?? forwarding?.protocol === ReplicationProtocol.CAPNPROTO;
}

/** What only whoever takes writes from outside looks at. */
function unlessIngesting<T>(options: T | undefined, { props }: Context<ReceiverProps>): T | undefined {
  if (options === undefined || !props.ingestOnly) return options;
  throw new InputProblem('has no effect with ingestOnly; give it to the ReceiveRouter, which takes the writes');
}

function warnOfHaste({ props, warn }: Context<ReceiverProps>): void {
  if (props.minReady && props.minReady.toSeconds() < 30)
    warn('minReady', 'is under 30 s: a roll-out loses the quorum and writes are retried (measured)');
}

/**
 * Thanos Receive: takes remote-write, replicates it over a ring of its own pods or gets it from a ReceiveRouter, and
 * uploads blocks (https://thanos.io/tip/components/receive.md/).
 *
 * @throws where the replication factor exceeds the replicas, or a value is one that Thanos refuses
 */
export class Receiver extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = RECEIVE_REPLICA;

  readonly #props: ReceiverProps;

  constructor(scope: Construct, id: string, props: ReceiverProps = {}) {
    super(scope, id, ofKind(KIND, props));
    this.#props = props;
  }

  /** URL for `remote_write` of a Prometheus in the cluster. */
  public get remoteWriteUrl(): string {
    return this._identity.url('remote-write', '/api/v1/receive');
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }

  /**
   * Its pods as members of a router's ring.
   * @internal
   */
  public _member(): RingMember {
    const props = this.#props;
    return {
      path: this.node.path,
      endpoints: ringEndpoints(ringOf({ identity: this._identity, props })),
      zone: this._identity.zone,
      ownFactor: props.ingestOnly ? undefined : ownFactor(props),
      capnproto: takesCapnproto(props),
    };
  }
}
