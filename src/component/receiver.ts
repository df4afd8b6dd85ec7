import { Duration, Size } from 'cdk8s';
import { KubeConfigMap } from '../support/k8s';
import type { Construct } from 'constructs';
import { place } from '../app/place';
import { checked } from '../support/problem';
import { prometheusDuration, seconds } from '../support/units';
import { BucketComponent, type OptionalBucketProps } from './bucket-component';
import { commonFlags } from './common-flags';
import { labelValues, POD_NAME_ENV } from './external-labels';
import type { Flags } from './flags';
import { hashringJson, localEndpoint, replicationFactor, type Ring } from './hashring';
import { GRPC_PORT, HTTP_PORT, REMOTE_WRITE_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { DATA_DIRECTORY, DATA_VOLUME, dataClaim, type StorageOptions } from '../pod/storage';
import type { IStoreApi } from './store-api';
import type { ComponentKind } from './workload-plan';

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

const FIELDS = [
  'replicas',
  'replicationFactor',
  'retention',
  'externalLabels',
  'minReady',
  'storage',
  'objstore',
  'preflightInit',
];
const REPLICA_LABEL = 'receive_replica';
const HASHRINGS_DIRECTORY = '/etc/thanos/hashrings';
const HASHRINGS_FILE = 'hashrings.json';
/** Flushing and uploading the head; an upper bound, as kube-thanos has it. */
const GRACE_SECONDS = 900;

/**
 * Thanos Receive: takes remote-write, replicates it over a ring of its own pods, and uploads blocks
 * (https://thanos.io/tip/components/receive.md/).
 *
 * @throws where the replication factor exceeds the replicas, or a value is one that Thanos refuses
 */
export class Receiver extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = REPLICA_LABEL;

  constructor(scope: Construct, id: string, props: ReceiverProps = {}) {
    super(scope, id, props);
    const replicas = this._wholeReplicas(props.replicas ?? 3);
    const ring = { identity: this._identity, replicas };
    const flags = this.#flags(props, ring);
    this.#placeHashrings(ring);
    this._place({
      replicas,
      ports: { http: HTTP_PORT, grpc: GRPC_PORT, 'remote-write': REMOTE_WRITE_PORT },
      pod: {
        args: flags.toArgs(),
        env: [POD_NAME_ENV],
        volumes: [{ name: 'hashrings', configMap: { name: this._identity.object('hashrings') } }],
        mounts: [
          { name: DATA_VOLUME, mountPath: DATA_DIRECTORY },
          { name: 'hashrings', mountPath: HASHRINGS_DIRECTORY, readOnly: true },
        ],
        requests: { cpu: '50m', memory: Size.mebibytes(256) },
        patience: 8,
        graceSeconds: GRACE_SECONDS,
      },
      stateful: {
        claim: checked(this, 'storage', () => dataClaim(props.storage ?? {}, Size.gibibytes(50), this.selector)),
        publishNotReadyAddresses: true,
        minReadySeconds: checked(this, 'minReady', () => seconds(props.minReady ?? Duration.seconds(30), true)),
      },
    });
    this.#register(props, Number(flags.value('--receive.replication-factor')), replicas);
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'receiver', fields: FIELDS };
  }

  /** URL for `remote_write` of a Prometheus in the cluster. */
  public get remoteWriteUrl(): string {
    return this._identity.url('remote-write', '/api/v1/receive');
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }

  #flags(props: ReceiverProps, ring: Ring): Flags {
    const factor = checked(this, 'replicationFactor', () => replicationFactor(props.replicationFactor, ring.replicas));
    const labels = checked(this, 'externalLabels', () => labelValues(REPLICA_LABEL, props.externalLabels ?? {}));
    const flags = commonFlags(['receive'], props)
      .set('--tsdb.path', DATA_DIRECTORY)
      .set(
        '--tsdb.retention',
        checked(this, 'retention', () => props.retention && prometheusDuration(props.retention)),
      )
      .each('--label', labels)
      .set('--receive.hashrings-file', `${HASHRINGS_DIRECTORY}/${HASHRINGS_FILE}`)
      // the kubelet's update is seen at once the first time only, later by this poll (measured)
      .set('--receive.hashrings-file-refresh-interval', '1m')
      .set('--receive.hashrings-algorithm', 'ketama')
      .set('--receive.local-endpoint', localEndpoint(ring))
      .set('--receive.replication-factor', factor);
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? []));
  }

  #placeHashrings(ring: Ring): void {
    const metadata = { name: this._identity.object('hashrings'), namespace: this.namespace, labels: this.selector };
    place(this, 'Hashrings', KubeConfigMap.manifest({ metadata, data: { [HASHRINGS_FILE]: hashringJson(ring) } }));
  }

  #register(props: ReceiverProps, factor: number, replicas: number): void {
    const warn = (prop: string, text: string): void => this._registry.warn(`${this.node.path}: ${prop}: ${text}`);
    if (factor === 1 && replicas > 1)
      warn('replicationFactor', 'is 1: while one receiver is away, no write gets through');
    if (factor === 2)
      warn('replicationFactor', 'is 2: one copy counts as written, so a lost volume can lose samples; use 3');
    if (factor >= 3 && props.minReady && props.minReady.toSeconds() < 30)
      warn('minReady', 'is under 30 s: a roll-out loses the quorum and writes are retried (measured)');
    if (props.objstore) this._writesTo(props.objstore, 'receiver', props.externalLabels ?? {});
  }
}
