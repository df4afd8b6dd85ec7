import type { CertificateAlertsOptions } from '../monitoring/certificate-alerts';
import type { StackCheckOptions } from '../monitoring/stack-check';
import type { MonitoringOptions } from '../monitoring/monitoring-options';
import type { PreflightOptions } from '../component/preflight';
import type { BucketWebOptions } from '../component/bucket-web';
import type { StackCompactorOptions } from './compactor-shards';
import type { ImageOptions } from '../pod/image';
import type { LogFormat, LogLevel } from '../pod/logging';
import type { Tracing } from '../pod/tracing';
import type { RequestLoggingOptions } from '../component/request-logging';
import type { TolerationOptions } from '../pod/scheduling';
import type { SecurityOptions } from '../pod/security';
import type { ServiceAccountOptions } from '../pod/service-account';
import type { QueryFrontendOptions } from '../component/query-frontend-options';
import type { ReceiveRouterOptions } from '../component/receive-router';
import type { ReceiverOptions } from '../component/receiver';
import type { RulerOptions } from '../component/ruler-options';
import type { StackStoreGatewayOptions } from './store-shards';
import type { ObjstoreOptions } from '../input/s3-options';
import type { ObjectStorage } from '../input/stores/object-storage';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import type { GrpcTlsOptions } from '../component/tls/grpc-tls';
import type { HttpConfig } from '../component/tls/http-config';
import type { GrafanaOptions } from '../grafana/grafana';
import type { NetworkPolicyOptions } from '../policy/network-policy-options';
import type { StackQueryOptions } from './stack-query';
import type { StackHashring } from './stack-hashring';

/** Properties of a ThanosStack. Every component is optional. */
export interface ThanosStackProps {
  /**
   * Name of the stack: prefix of every object's name.
   * @default thanos
   */
  readonly name?: string;
  /**
   * Namespace of every object.
   * @default - that of the chart around the stack, else `monitoring`
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
   * Availability zones, by their nodes' label `topology.kubernetes.io/zone`. Receivers and store gateways stand in each zone:
   * `replicas` and volumes are those of a zone (default 1), their names and the label `thanos.io/zone` have the zone, and one
   * disruption budget is for all. Receivers only ingest, and the receiveRouter spreads the copies of a sample over the zones.
   * Routers, queries and frontends are spread over zones where nodes allow it.
   * @default - one group of each, on any node
   */
  readonly zones?: string[];
  /**
   * Labels of every object, beside those by which the library finds its own.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Labels of every block that receivers and rulers write. Stacks on one bucket need different ones.
   * @default - none
   */
  readonly externalLabels?: { [name: string]: string };
  /**
   * The bucket, in S3.
   * @default - objectStorage or objstoreConfig
   */
  readonly objstore?: ObjstoreOptions;
  /**
   * The bucket, in an object store of any kind, or in one whose objstore.yml exists.
   * @default - objstore or objstoreConfig
   */
  readonly objectStorage?: ObjectStorage;
  /**
   * The bucket, as a construct that exists.
   * @default - made from objstore or objectStorage
   */
  readonly objstoreConfig?: ObjstoreConfig;
  /**
   * Makes one ServiceAccount for all pods that open the bucket, such as one with a role that a cloud lets in. The others
   * don't get it.
   * @default - none is made
   */
  readonly bucketServiceAccount?: ServiceAccountOptions;
  /**
   * Makes a VerticalPodAutoscaler for each Thanos component that says what requests would fit, and changes nothing. The cluster
   * must have its resource.
   * @default false
   */
  readonly recommendResources?: boolean;
  /**
   * Takes remote-write and uploads blocks.
   * @default - none
   */
  readonly receiver?: ReceiverOptions;
  /**
   * Takes remote-write in front of the receivers: hands each tenant's series to the receivers of its ring.
   * @default - none: the receivers route themselves
   */
  readonly receiveRouter?: ReceiveRouterOptions;
  /**
   * Receivers for some tenants each, in the order in which they are asked for a tenant. `receiver` is the last ring, for
   * all other tenants. They need a receiveRouter.
   * @default - one ring: receiver
   */
  readonly hashrings?: StackHashring[];
  /**
   * Merges, downsamples and deletes blocks.
   * @default - none
   */
  readonly compactor?: StackCompactorOptions;
  /**
   * Serves the bucket's blocks.
   * @default - none
   */
  readonly storeGateway?: StackStoreGatewayOptions;
  /**
   * Evaluates rules and sends alerts.
   * @default - none
   */
  readonly ruler?: RulerOptions;
  /**
   * Answers PromQL.
   * @default - none
   */
  readonly query?: StackQueryOptions;
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
   * A Job that proves the bucket before any data flows.
   * @default - none
   */
  readonly preflight?: PreflightOptions;
  /**
   * Prove the bucket in an init container before each start of a pod that opens it. Such a pod does not start while the
   * store is away: receivers would take no writes in that time.
   * @default false
   */
  readonly preflightInit?: boolean;
  /**
   * Alerts before the CA and the S3 server's certificate expire, as a PrometheusRule.
   * @default - none
   */
  readonly certificateAlerts?: CertificateAlertsOptions;
  /**
   * How Prometheus watches the stack: how it finds the pods, and alerts over what it has.
   * @default - none
   */
  readonly monitoring?: MonitoringOptions;
  /**
   * `cdk8s-thanos check` in the cluster, as a CronJob whose Job fails where a check fails.
   * @default - none
   */
  readonly stackCheck?: StackCheckOptions;
  /**
   * TLS of gRPC between all parts: receivers, routers, stores, rulers and queries. A part's own `grpcTls` takes its place.
   * @default - none: everything crosses the network readable
   */
  readonly grpcTls?: GrpcTlsOptions;
  /**
   * TLS and password of the HTTP port of every Thanos component. A part's own `httpConfig` takes its place. A query frontend
   * can't log in: with a password give the query one without.
   * @default - none: plain HTTP, open to whoever reaches the ports
   */
  readonly httpConfig?: HttpConfig;
  /**
   * Grafana with Thanos as its data source.
   * @default - none
   */
  readonly grafana?: GrafanaOptions;
  /**
   * Closes the pods of the stack both ways, and opens what its parts need: `{}` where everybody whom they call is in the app.
   * @default - no policies: whoever reaches the pods may speak to them
   */
  readonly networkPolicies?: NetworkPolicyOptions;
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
   * Where spans of every Thanos component go.
   * @default - nowhere
   */
  readonly tracing?: Tracing;
  /**
   * Log of the requests of every Thanos component that serves some; the compactor and the page of the blocks have none.
   * @default - none
   */
  readonly requestLogging?: RequestLoggingOptions;
  /**
   * More arguments of every Thanos component whose command knows them; those of a component come over them.
   * @default - none
   */
  readonly extraArgs?: string[];
  /**
   * Annotations of every object that the stack makes; those of an object itself come over them.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Argo CD's wave in which the components are synced. What their pods read comes two before it, a Namespace three, and the
   * preflight one before it, as a hook: where the bucket is out of reach, the sync stops there.
   * @default - no waves
   */
  readonly syncWave?: number;
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
