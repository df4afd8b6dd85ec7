import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { nameStack } from '../app/instance';
import { BucketWeb } from '../component/bucket-web';
import { Compactor } from '../component/compactor';
import type { OptionalBucketProps, RequiredBucketProps } from '../component/bucket-props';
import { externalLabels } from '../component/external-labels';
import { ReplicationProtocol } from '../component/forwarding';
import { DEFAULT_RING } from '../component/hashring';
import type { ComponentOptions, PlacementProps } from '../pod/component-options';
import type { CertificateAlerts } from '../monitoring/certificate-alerts';
import type { ThanosPodMonitor } from '../monitoring/pod-monitor';
import type { StackCheck } from '../monitoring/stack-check';
import type { ThanosDashboards } from '../monitoring/thanos-dashboards';
import type { ThanosAlerts } from '../monitoring/thanos-alerts';
import { Preflight, type PreflightOptions } from '../component/preflight';
import { Query } from '../component/query';
import { QueryFrontend } from '../component/query-frontend';
import type { QueryFrontendOptions } from '../component/query-frontend-options';
import { ReceiveRouter, type ReceiveRouterOptions } from '../component/receive-router';
import { Receiver, type ReceiverOptions } from '../component/receiver';
import { Ruler } from '../component/ruler';
import type { RulerOptions } from '../component/ruler-options';
import { ThanosComponent } from '../component/thanos-component';
import type { GrpcPartOptions } from '../component/tls/grpc-tls';
import { StoreGateway } from '../component/store-gateway';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { namespaceAround, namespaceOf } from '../objstore/namespace';
import { DEFAULT_INSTANCE } from '../support/identity';
import { checked, problem } from '../support/problem';
import type { Grafana } from '../grafana/grafana';
import { NetworkPolicies } from '../policy/network-policies';
import type { NetworkPolicyOptions } from '../policy/network-policy-options';
import { placeBucketAccount } from './bucket-account';
import { placeNamespace } from './namespace-object';
import { defined, inherit, SHARED, type SharedOptions } from './shared-options';
import { SharedArgs } from './shared-args';
import { annotate } from './stack-annotations';
import { bucketOf } from './stack-bucket';
import { newCertificateAlerts, newStackCheck, watch } from './stack-monitoring';
import { compactorShards } from './compactor-shards';
import { ignoredMarks } from './deletion-marks';
import { ownQuery } from './own-query';
import { stackGrafana } from './stack-grafana';
import { furtherSources, type StackQueryOptions } from './stack-query';
import { requireOwnNames, requireRings, ringOf } from './stack-hashring';
import { shardId, storeShards } from './store-shards';
import { readStack } from './stack-table';
import { inZones, requireZones, spreadOver } from './zones';
import type { ThanosStackProps } from './thanos-stack-props';

/**
 * Thanos as one chart: the components that are asked for, wired to each other and to the bucket.
 *
 * @throws where the props contradict each other or hold what Thanos or Kubernetes would refuse
 */
export class ThanosStack extends Chart {
  /** Name of the stack. */
  public readonly stackName: string;
  /** The bucket; undefined where none is given. */
  public readonly objstore?: ObjstoreConfig;
  /** The receivers; undefined where not asked for, or where there are zones. */
  public readonly receiver?: Receiver;
  /** The receivers of every ring, zone by zone: those of `hashrings`, then `receiver`. */
  public readonly receivers: Receiver[];
  /** The routers of remote-write; undefined where not asked for. */
  public readonly receiveRouter?: ReceiveRouter;
  /** The compactor; undefined where not asked for, or where there are several. */
  public readonly compactor?: Compactor;
  /** The compactors: one, or one for each shard. */
  public readonly compactors: Compactor[];
  /** The store gateways; undefined where not asked for, or where there are shards or zones. */
  public readonly storeGateway?: StoreGateway;
  /** The store gateways: one construct, or one for each shard, of each zone. */
  public readonly storeGateways: StoreGateway[];
  /** The rulers; undefined where not asked for. */
  public readonly ruler?: Ruler;
  /** The queries; undefined where not asked for. */
  public readonly query?: Query;
  /** The query frontends; undefined where not asked for. */
  public readonly queryFrontend?: QueryFrontend;
  /** The page of the bucket's blocks; undefined where not asked for. */
  public readonly bucketWeb?: BucketWeb;
  /** The Job that proves the bucket; undefined where not asked for. */
  public readonly preflight?: Preflight;
  /** The alerts before certificates expire; undefined where not asked for. */
  public readonly certificateAlerts?: CertificateAlerts;
  /** The alerts over the components; undefined where not asked for. */
  public readonly alerts?: ThanosAlerts;
  /** The PodMonitor over the pods; undefined where not asked for. */
  public readonly podMonitor?: ThanosPodMonitor;
  /** The dashboards of Grafana; undefined where not asked for. */
  public readonly dashboards?: ThanosDashboards;
  /** What looks at the stack in the cluster; undefined where not asked for. */
  public readonly stackCheck?: StackCheck;
  /** Grafana; undefined where not asked for. */
  public readonly grafana?: Grafana;
  /** The NetworkPolicies; undefined where not asked for. */
  public readonly networkPolicies?: NetworkPolicies;
  readonly #placement: PlacementProps;
  readonly #grpc: GrpcPartOptions;
  readonly #shared: SharedOptions;
  readonly #args: SharedArgs;

  constructor(scope: Construct, id: string, given: ThanosStackProps) {
    const { namespace: chartNamespace = namespaceAround(scope), labels } =
      (given as ThanosStackProps | undefined) ?? {};
    super(scope, id, { namespace: chartNamespace, labels, disableResourceNameHashes: true });
    const props = readStack(this, given);
    const namespace = namespaceOf(this, props.namespace);
    this.stackName = props.name ?? DEFAULT_INSTANCE;
    nameStack(this, this.stackName);
    this.#placement = { instance: this.stackName, namespace, clusterDomain: props.clusterDomain };
    this.#shared = Object.fromEntries(SHARED.map((key) => [key, props[key]]));
    this.#grpc = defined({ grpcTls: props.grpcTls });
    this.#args = new SharedArgs(props);
    this.#registerCluster(props);
    if (props.createNamespace) placeNamespace(this, namespace, this.stackName);

    this.objstore = bucketOf(this, props, { instance: this.stackName, namespace });
    const account = this.#account(props);
    const bucket = defined({ ...account, objstore: this.objstore!, preflightInit: props.preflightInit });
    if (props.preflight) this.preflight = this.#newPreflight(props, account, props.preflight);
    const { certificateAlerts: onCertificates, monitoring } = props;
    if (onCertificates) this.certificateAlerts = newCertificateAlerts(this, onCertificates, monitoring);
    requireZones(this, props);
    const main = props.receiver ? this.#newReceivers(props, bucket, props.receiver) : [];
    if (!props.zones) [this.receiver] = main;
    const rings = this.#ringReceivers(props, bucket);
    this.receivers = [...rings.flat(), ...main];
    if (props.receiveRouter) this.receiveRouter = this.#router(props, props.receiveRouter, rings, main);
    this.compactors = this.#compactors(props, bucket);
    this.storeGateways = this.#storeGateways(props, bucket);
    if (!props.compactor?.shards) [this.compactor] = this.compactors;
    if (!props.storeGateway?.shards && !props.zones) [this.storeGateway] = this.storeGateways;
    if (props.ruler) this.ruler = this.#newRuler(props, bucket, props.ruler);
    if (props.bucketWeb)
      this.bucketWeb = new BucketWeb(this, 'BucketWeb', this.#with('tools bucket web', bucket, props.bucketWeb));
    if (props.query) this.query = this.#newQuery(props, props.query);
    if (this.ruler && !props.ruler?.queries && !props.ruler?.queryConfig)
      appChecks(this).link(this.ruler, [this.query], 'http');
    if (props.queryFrontend) this.queryFrontend = this.#frontend(props, props.queryFrontend);
    if (props.monitoring)
      ({ alerts: this.alerts, podMonitor: this.podMonitor, dashboards: this.dashboards } = watch(this, props));
    if (props.grafana) this.grafana = stackGrafana(this, props.grafana, this.#placement, this.#shared.security);
    if (props.stackCheck) this.stackCheck = newStackCheck(this, props.stackCheck, this.#shared.security);
    if (props.networkPolicies) this.networkPolicies = this.#close(props.networkPolicies);
    this.#args.requireTaken(this);
    annotate(this, props);
  }

  /** The components of Thanos in this chart, those that were added to it included. */
  public get components(): ThanosComponent[] {
    return this.node.children.filter((child): child is ThanosComponent => child instanceof ThanosComponent);
  }

  /** URL for `remote_write` of a Prometheus in the cluster: the routers', else the receivers'; undefined without both. */
  public get remoteWriteUrl(): string | undefined {
    return (this.receiveRouter ?? this.receiver)?.remoteWriteUrl;
  }

  #newPreflight(props: ThanosStackProps, account: Account, options: PreflightOptions): Preflight {
    return new Preflight(this, 'Preflight', {
      readOnly: !(props.receiver ?? props.compactor ?? props.ruler),
      ...account,
      ...inherit(this.#shared, options),
      objstore: this.objstore!,
    });
  }

  #compactors({ compactor }: ThanosStackProps, bucket: RequiredBucketProps): Compactor[] {
    const shards = compactor ? checked(this, 'compactor', () => compactorShards(compactor)) : [];
    return shards.map(
      ({ shard, options }) =>
        new Compactor(
          this,
          shardId('Compactor', shard),
          this.#with('compact', { ...bucket, ...defined({ shard }) }, options),
        ),
    );
  }

  #storeGateways(props: ThanosStackProps, bucket: RequiredBucketProps): StoreGateway[] {
    const { storeGateway } = props;
    const shards = storeGateway ? checked(this, 'storeGateway', () => storeShards(storeGateway)) : [];
    const { zones } = props;
    return shards.flatMap(({ shard, options }) =>
      inZones({ stack: this, prop: 'storeGateway', zones }, options, (id, zone, own) => {
        const wiring = { ...bucket, ...this.#grpc, ...ignoredMarks(props), ...zone, ...defined({ shard }) };
        return new StoreGateway(this, id(shardId('StoreGateway', shard)), this.#with('store', wiring, own));
      }),
    );
  }

  /** What the components share, under what each says itself. */
  #with<W extends object, T extends ComponentOptions>(command: string, wiring: W, options: T): W & T & PlacementProps {
    return { ...wiring, ...this.#args.under(command, inherit(this.#shared, options)), ...this.#placement };
  }

  /** The stack's labels on every block, beside those that a component adds. */
  #labelled<T extends Labelled>(props: ThanosStackProps, options: T): T & Labelled {
    const externalLabels = { ...props.externalLabels, ...options.externalLabels };
    return { ...options, externalLabels };
  }

  #registerCluster(props: ThanosStackProps): void {
    const registry = appChecks(this);
    registry.nameAfter(this, {
      prop: 'name',
      advice: 'Give the stacks different names or namespaces, or a cluster each',
    });
    checked(this, 'externalLabels', () => externalLabels('receive_replica')(props.externalLabels ?? {}));
    if (props.cluster !== undefined) registry.clusters.set(this, props.cluster);
  }

  #account({ bucketServiceAccount }: ThanosStackProps): Account {
    if (!bucketServiceAccount) return {};
    const stack = { name: this.stackName, namespace: this.#placement.namespace!, objstore: this.objstore! };
    return { serviceAccountName: placeBucketAccount(this, bucketServiceAccount, stack) };
  }

  /** One that sends its results away has no blocks, and no bucket. */
  #newRuler(props: ThanosStackProps, bucket: OptionalBucketProps, own: RulerOptions): Ruler {
    const asked = checked(this, 'query', () => ownQuery(props, this.#placement));
    const wiring = { ...(own.remoteWrite ? {} : bucket), ...this.#grpc, ...asked };
    return new Ruler(this, 'Ruler', this.#with('rule', wiring, this.#labelled(props, own)));
  }

  /** The receivers of each ring of their own. */
  #ringReceivers(props: ThanosStackProps, bucket: OptionalBucketProps): Receiver[][] {
    const rings = props.hashrings ?? [];
    if (rings.length > 0 && !props.receiveRouter)
      throw problem(
        this,
        'hashrings',
        'need a receiveRouter, which hands each tenant to its ring. Add receiveRouter: {}',
      );
    checked(this, 'hashrings', () => requireOwnNames(rings));
    return rings.map(({ name, receiver = {} }) =>
      this.#newReceivers(props, bucket, { ingestOnly: true, ...defined(receiver) }, name),
    );
  }

  /** The receivers of a ring: one construct, or one of each zone. */
  #newReceivers(props: ThanosStackProps, bucket: OptionalBucketProps, given: ReceiverOptions, hashring?: string) {
    const { zones } = props;
    const asked = props.receiveRouter?.forwarding?.protocol === ReplicationProtocol.CAPNPROTO;
    const wiring = { ...bucket, ...this.#grpc, ...(asked ? { capnproto: true } : {}) };
    return inZones({ stack: this, prop: hashring ? 'hashrings' : 'receiver', zones }, given, (id, zone, own) => {
      const ingesting = zones ? { ingestOnly: true } : {};
      const options = this.#with('receive', { ...wiring, ...zone, ...ingesting }, this.#labelled(props, own));
      return new Receiver(this, id(hashring ? `Receiver-${hashring}` : 'Receiver'), { ...options, hashring });
    });
  }

  /** The routers in front of the stack's own rings, unless they are told others. */
  #router(
    { hashrings = [], zones }: ThanosStackProps,
    options: ReceiveRouterOptions,
    ofRings: Receiver[][],
    main: Receiver[],
  ): ReceiveRouter {
    const own = hashrings.map((ring, i) => ringOf(ring, ofRings[i]));
    const rings = [...own, ...(main.length > 0 ? [{ name: DEFAULT_RING, receivers: main }] : [])];
    const told = options.rings !== undefined || options.hashringsConfigMap !== undefined;
    if (!told) checked(this, 'receiveRouter', () => requireRings(rings));
    return new ReceiveRouter(
      this,
      'ReceiveRouter',
      this.#with('receive', { ...this.#grpc, ...spreadOver(zones), ...(told ? {} : { rings }) }, options),
    );
  }

  #sources() {
    return [...this.receivers, ...this.storeGateways, this.ruler].filter((source) => source !== undefined);
  }

  #newQuery({ zones }: ThanosStackProps, { sources, ...options }: StackQueryOptions): Query {
    const further = checked(this, 'query', () => furtherSources(this, sources));
    const wiring = { ...this.#grpc, ...spreadOver(zones), sources: [...this.#sources(), ...further] };
    return new Query(this, 'Query', this.#with('query', wiring, options));
  }

  #frontend({ zones }: ThanosStackProps, options: QueryFrontendOptions): QueryFrontend {
    if (!this.query)
      throw problem(
        this,
        'queryFrontend',
        'needs a query in the stack. Add query: {}, or make a QueryFrontend with a downstreamUrl',
      );
    const wiring = { ...spreadOver(zones), downstream: this.query };
    return new QueryFrontend(this, 'QueryFrontend', this.#with('query-frontend', wiring, options));
  }

  #close(options: NetworkPolicyOptions): NetworkPolicies {
    const { instance, namespace } = this.#placement;
    return new NetworkPolicies(this, 'NetworkPolicies', { ...defined(options), instance, namespace });
  }
}

type Account = Pick<ComponentOptions, 'serviceAccountName'>;

interface Labelled {
  readonly externalLabels?: { [name: string]: string };
}
