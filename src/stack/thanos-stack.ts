import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { BucketWeb, type BucketWebOptions } from '../component/bucket-web';
import { Compactor, type CompactorOptions } from '../component/compactor';
import { labelValues } from '../component/external-labels';
import type {
  ComponentOptions,
  ImageOptions,
  LogFormat,
  LogLevel,
  PlacementProps,
  SecurityOptions,
  TolerationOptions,
} from '../component/pod-options';
import { Query, type QueryOptions } from '../component/query';
import { QueryFrontend, type QueryFrontendOptions } from '../component/query-frontend';
import { Receiver, type ReceiverOptions } from '../component/receiver';
import { Ruler, type RulerOptions } from '../component/ruler';
import { StoreGateway, type StoreGatewayOptions } from '../component/store-gateway';
import type { ObjstoreOptions } from '../input/s3-options';
import { ObjstoreConfig } from '../objstore/objstore-config';
import { namespaceOf } from '../objstore/namespace';
import { dnsLabel } from '../support/names';
import { checked, problem } from '../support/problem';
import { knownFields } from '../support/shape';
import { Grafana, type GrafanaOptions } from './grafana';
import { placeNamespace } from './namespace-object';

/** Properties of a ThanosStack. Every component is optional. */
export interface ThanosStackProps {
  /**
   * Name of the stack: prefix of every object's name.
   * @default thanos
   */
  readonly name?: string;
  /**
   * Namespace of every object.
   * @default monitoring
   */
  readonly namespace?: string;
  /**
   * Make the Namespace too, with Pod Security "restricted" enforced.
   * @default false
   */
  readonly createNamespace?: boolean;
  /**
   * Which cluster the stack is for. Stacks of different clusters may have the same names.
   * @default - one cluster
   */
  readonly cluster?: string;
  /**
   * DNS domain of the cluster.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * Labels of every block that receivers and rulers write. Stacks on one bucket need different ones.
   * @default - none
   */
  readonly externalLabels?: { [name: string]: string };
  /**
   * The bucket.
   * @default - objstoreConfig
   */
  readonly objstore?: ObjstoreOptions;
  /**
   * The bucket, as a construct that exists.
   * @default - made from objstore
   */
  readonly objstoreConfig?: ObjstoreConfig;
  /**
   * Takes remote-write and uploads blocks.
   * @default - none
   */
  readonly receiver?: ReceiverOptions;
  /**
   * Merges, downsamples and deletes blocks.
   * @default - none
   */
  readonly compactor?: CompactorOptions;
  /**
   * Serves the bucket's blocks.
   * @default - none
   */
  readonly storeGateway?: StoreGatewayOptions;
  /**
   * Evaluates rules and sends alerts.
   * @default - none
   */
  readonly ruler?: RulerOptions;
  /**
   * Answers PromQL.
   * @default - none
   */
  readonly query?: QueryOptions;
  /**
   * Splits and caches queries.
   * @default - none
   */
  readonly queryFrontend?: QueryFrontendOptions;
  /**
   * The page of the bucket's blocks.
   * @default - none
   */
  readonly bucketWeb?: BucketWebOptions;
  /**
   * Grafana with Thanos as its data source.
   * @default - none
   */
  readonly grafana?: GrafanaOptions;
  /**
   * Image of every Thanos component.
   * @default - quay.io/thanos/thanos in the version that this library was measured with
   */
  readonly image?: ImageOptions;
  /**
   * Log level of every Thanos component.
   * @default - Thanos' own, info
   */
  readonly logLevel?: LogLevel;
  /**
   * Log format of every Thanos component.
   * @default - Thanos' own, logfmt
   */
  readonly logFormat?: LogFormat;
  /**
   * User, group and fsGroup of every Thanos component.
   * @default - 65534, 65532 and 65534
   */
  readonly security?: SecurityOptions;
  /**
   * Labels that a node must have, for every Thanos component.
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };
  /**
   * Taints that every Thanos component tolerates.
   * @default - none
   */
  readonly tolerations?: TolerationOptions[];
  /**
   * Priority class of every Thanos component.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
}

const PLACE = [
  'name',
  'namespace',
  'createNamespace',
  'cluster',
  'clusterDomain',
  'externalLabels',
  'objstore',
  'objstoreConfig',
] as const;
const PARTS = [
  'receiver',
  'compactor',
  'storeGateway',
  'ruler',
  'query',
  'queryFrontend',
  'bucketWeb',
  'grafana',
] as const;
const SHARED = [
  'image',
  'logLevel',
  'logFormat',
  'security',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
] as const;

/**
 * Thanos as one chart: the components that are asked for, wired to each other and to the bucket.
 *
 * @throws where the props contradict each other or hold what Thanos or Kubernetes would refuse
 */
export class ThanosStack extends Chart {
  /** Name of the stack. */
  public readonly stackName: string;
  /** The bucket; undefined in a stack without components that open one. */
  public readonly objstore?: ObjstoreConfig;
  public readonly receiver?: Receiver;
  public readonly compactor?: Compactor;
  public readonly storeGateway?: StoreGateway;
  public readonly ruler?: Ruler;
  public readonly query?: Query;
  public readonly queryFrontend?: QueryFrontend;
  public readonly bucketWeb?: BucketWeb;
  public readonly grafana?: Grafana;
  readonly #placement: PlacementProps;
  readonly #shared: ComponentOptions;

  constructor(scope: Construct, id: string, props: ThanosStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'monitoring', disableResourceNameHashes: true });
    checked(this, 'props', () => knownFields(props, [...PLACE, ...PARTS, ...SHARED]));
    this.stackName = checked(this, 'name', () => dnsLabel(props.name ?? 'thanos'));
    const namespace = namespaceOf(this, props.namespace);
    this.#placement = { instance: this.stackName, namespace, clusterDomain: props.clusterDomain };
    this.#shared = Object.fromEntries(SHARED.filter((key) => props[key] !== undefined).map((key) => [key, props[key]]));
    this.#registerCluster(props);
    if (props.createNamespace) placeNamespace(this, namespace, this.stackName);

    this.objstore = this.#bucket(props);
    const bucket = { objstore: this.objstore! };
    const labelled = { externalLabels: props.externalLabels };
    if (props.receiver)
      this.receiver = new Receiver(this, 'Receiver', this.#with({ ...bucket, ...labelled, ...props.receiver }));
    if (props.compactor)
      this.compactor = new Compactor(this, 'Compactor', this.#with({ ...bucket, ...props.compactor }));
    if (props.storeGateway)
      this.storeGateway = new StoreGateway(this, 'StoreGateway', this.#with({ ...bucket, ...props.storeGateway }));
    if (props.ruler)
      this.ruler = new Ruler(
        this,
        'Ruler',
        this.#with({ ...bucket, ...labelled, ...this.#ownQuery(props), ...props.ruler }),
      );
    if (props.bucketWeb)
      this.bucketWeb = new BucketWeb(this, 'BucketWeb', this.#with({ ...bucket, ...props.bucketWeb }));
    if (props.query) this.query = new Query(this, 'Query', this.#with({ sources: this.#sources(), ...props.query }));
    if (props.queryFrontend) this.queryFrontend = this.#frontend(props.queryFrontend);
    if (props.grafana) this.grafana = this.#grafana(props.grafana);
  }

  /** What the components share, under what each says itself. */
  #with<T extends ComponentOptions>(options: T): T & PlacementProps {
    return { ...this.#shared, ...options, ...this.#placement };
  }

  #registerCluster(props: ThanosStackProps): void {
    const registry = appChecks(this);
    checked(this, 'externalLabels', () => labelValues('receive_replica', props.externalLabels ?? {}));
    if (props.cluster !== undefined)
      registry.clusters.set(
        this,
        checked(this, 'cluster', () => dnsLabel(props.cluster!)),
      );
  }

  /** Exactly one of the two forms, where something opens the bucket. */
  #bucket(props: ThanosStackProps): ObjstoreConfig | undefined {
    const opens = (['receiver', 'compactor', 'storeGateway', 'ruler', 'bucketWeb'] as const).filter(
      (part) => props[part],
    );
    if (props.objstore && props.objstoreConfig)
      throw problem(this, 'objstore', 'is given together with objstoreConfig; give one of the two');
    if (props.objstoreConfig) return props.objstoreConfig;
    if (props.objstore)
      return new ObjstoreConfig(this, 'Objstore', {
        ...props.objstore,
        instance: this.stackName,
        namespace: this.#placement.namespace,
      });
    if (opens.length > 0)
      throw problem(
        this,
        'objstore',
        `is missing, but ${opens.join(', ')} open the bucket. Give objstore or objstoreConfig`,
      );
    return undefined;
  }

  /** The SRV name of the stack's own Query, which is made after the ruler that it reads. */
  #ownQuery(props: ThanosStackProps): Pick<RulerOptions, 'queries'> {
    if (!props.query) return {};
    return {
      queries: [
        `dnssrv+_http._tcp.${this.stackName}-query.${this.#placement.namespace}.svc.${props.clusterDomain ?? 'cluster.local'}`,
      ],
    };
  }

  #sources() {
    return [this.receiver, this.storeGateway, this.ruler].filter((source) => source !== undefined);
  }

  #frontend(options: QueryFrontendOptions): QueryFrontend {
    if (!this.query)
      throw problem(
        this,
        'queryFrontend',
        'needs a query in the stack. Add query: {}, or make a QueryFrontend with a downstreamUrl',
      );
    return new QueryFrontend(this, 'QueryFrontend', this.#with({ ...options, downstreamUrl: this.query.url }));
  }

  #grafana(options: GrafanaOptions): Grafana {
    const source = this.queryFrontend ?? this.query;
    if (!source)
      throw problem(
        this,
        'grafana',
        'needs a query in the stack. Add query: {}, or make a Grafana with a datasourceUrl',
      );
    return new Grafana(this, 'Grafana', {
      openShift: this.#shared.security?.openShift,
      ...options,
      ...this.#placement,
      datasourceUrl: source.url,
    });
  }
}
