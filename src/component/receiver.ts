import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { place } from '../app/place';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { KubeConfigMap } from '../support/k8s';
import { checked } from '../support/problem';
import { duration, int32, int32Seconds, struct, wholeNumber } from '../support/rows';
import { prometheusDuration, seconds } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { OptionalBucketProps } from './bucket-props';
import { externalLabels, labelValues, POD_NAME_ENV, writesBlocks } from './external-labels';
import { defaultReplicationFactor, hashringJson, localEndpoint, replicationFactor, type Ring } from './hashring';
import type { Context } from './context';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import type { IStoreApi } from './store-api';

/** What a Receiver can be told. */
export interface ReceiverOptions extends ComponentOptions {
  /**
   * Receivers in the ring.
   * @default 3
   */
  readonly replicas?: number;
  /**
   * Receivers that store each sample. Writes go on while a minority of them is away.
   * @default - 3 when there are 3 or more replicas, else 1
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
   * How long a restarted receiver must be ready before the next one restarts, whole seconds. Peers need that long to use
   * it again; with less, a roll-out loses the quorum and writes are retried (measured).
   * @default Duration.seconds(30)
   */
  readonly minReady?: Duration;
  /**
   * The volumes. They hold what is not uploaded yet, so there is no ephemeral form.
   * @default - 50 GiB each
   */
  readonly storage?: StorageOptions;
}

/** Properties of a Receiver. */
export interface ReceiverProps extends ReceiverOptions, ComponentPlacementProps, OptionalBucketProps {}

const REPLICAS = 3;
const REPLICA_LABEL = 'receive_replica';
const HASHRINGS_DIRECTORY = '/etc/thanos/hashrings';
const HASHRINGS_FILE = 'hashrings.json';
const FACTOR_FLAG = '--receive.replication-factor';

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
  options: {
    storage: { read: struct(STORAGE), args: (_, { identity }) => [['--tsdb.path', identity.dataPath]] },
    retention: flag('--tsdb.retention', duration, prometheusDuration),
    externalLabels: {
      read: externalLabels(REPLICA_LABEL),
      args: (labels = {}) => written('--label', labelValues(REPLICA_LABEL, labels)),
    },
    replicas: {
      read: int32(0),
      args: (_, context) => [
        ['--receive.hashrings-file', `${HASHRINGS_DIRECTORY}/${HASHRINGS_FILE}`],
        // the kubelet's update is seen at once the first time only, later by this poll (measured)
        ['--receive.hashrings-file-refresh-interval', '1m'],
        ['--receive.hashrings-algorithm', 'ketama'],
        ['--receive.local-endpoint', localEndpoint(ringOf(context))],
      ],
    },
    replicationFactor: {
      read: wholeNumber(1),
      args: (factor, context) => [[FACTOR_FLAG, factor ?? defaultReplicationFactor(ringOf(context).replicas)]],
    },
    minReady: noFlag(int32Seconds(0)),
  },
  plan: (context) => {
    const { construct, identity, props } = context;
    const name = identity.object('hashrings');
    const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
    const data = { [HASHRINGS_FILE]: hashringJson(ringOf(context)) };
    place(construct, 'Hashrings', KubeConfigMap.manifest({ metadata, data }));
    return {
      env: [POD_NAME_ENV],
      volumes: [{ name: 'hashrings', configMap: { name } }],
      mounts: [{ name: 'hashrings', mountPath: HASHRINGS_DIRECTORY, readOnly: true }],
      publishNotReadyAddresses: true,
      minReadySeconds: seconds(props.minReady ?? Duration.seconds(30), true),
    };
  },
  judge: (context, flags) => {
    const { construct, props, warn } = context;
    const { replicas } = ringOf(context);
    const factor = checked(construct, 'replicationFactor', () => replicationFactor(flags.value(FACTOR_FLAG), replicas));
    if (factor === 1 && replicas > 1)
      warn('replicationFactor', 'is 1: while one receiver is away, no write gets through');
    if (factor === 2)
      warn('replicationFactor', 'is 2: one copy counts as written, so a lost volume can lose samples; use 3');
    if (factor >= 3 && props.minReady && props.minReady.toSeconds() < 30)
      warn('minReady', 'is under 30 s: a roll-out loses the quorum and writes are retried (measured)');
    context.registry.link(construct, [construct], 'grpc');
    writesBlocks(context, flags);
  },
};

function ringOf({ identity, props }: Context<ReceiverProps>): Ring {
  return { identity, replicas: props.replicas ?? REPLICAS };
}

/**
 * Thanos Receive: takes remote-write, replicates it over a ring of its own pods, and uploads blocks
 * (https://thanos.io/tip/components/receive.md/).
 *
 * @throws where the replication factor exceeds the replicas, or a value is one that Thanos refuses
 */
export class Receiver extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = REPLICA_LABEL;

  constructor(scope: Construct, id: string, props: ReceiverProps = {}) {
    super(scope, id, ofKind(KIND, props));
  }

  /** URL for `remote_write` of a Prometheus in the cluster. */
  public get remoteWriteUrl(): string {
    return this._identity.url('remote-write', '/api/v1/receive');
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }
}
