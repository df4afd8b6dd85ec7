import type { Duration } from 'cdk8s';
import type { AutoscaledOptions } from '../pod/autoscaling';
import type { ComponentOptions } from '../pod/component-options';
import type { EndpointOptions } from './endpoint-options';
import type { EndpointsFile } from './endpoints-file';
import type { QueryTelemetryOptions } from './query-telemetry';
import type { ReadLimitsOptions } from './read-limits';
import type { QueryTenancyOptions } from './tenancy';
import type { GrpcPartOptions } from './tls/grpc-tls';
import type { WebPrefixOptions } from './web-prefix';
import type { RequestLoggingProps } from './request-logging';
import type { HttpPartOptions } from './tls/http-config';

/** How Query merges the series of replicas (`--deduplication.func`). */
export enum DeduplicationFunc {
  /** Every timestamp of every replica. Right for receivers, whose replicas hold the same samples. */
  CHAIN = 'chain',
  /** One replica at a time. Right for pairs of Prometheus servers that scrape at different moments. */
  PENALTY = 'penalty',
}

/** What evaluates PromQL (`--query.promql-engine`). */
export enum PromqlEngine {
  /** Prometheus' own. */
  PROMETHEUS = 'prometheus',
  /** Thanos' own: several cores for one query. */
  THANOS = 'thanos',
}

/** Where PromQL is evaluated (`--query.mode`). */
export enum QueryMode {
  /** Here, over the series that the StoreAPIs send. */
  LOCAL = 'local',
  /** In part by the Queries that are asked, which send results in place of series. Brings the engine THANOS. */
  DISTRIBUTED = 'distributed',
}

/** What a Query can be told. */
export interface QueryOptions
  extends AutoscaledOptions, ComponentOptions, GrpcPartOptions, HttpPartOptions, RequestLoggingProps {
  /**
   * Pods; with autoscaling, the least.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Further StoreAPIs: sidecars, other clusters. `host:port`, or a name that is looked up: `dns+host:port`, or
   * `dnssrv+_grpc._tcp.…`, which has its port from DNS.
   * @default - none
   */
  readonly endpoints?: string[];
  /**
   * StoreAPIs that are asked otherwise: strictly, or as a group. What is said of the address of a source or an endpoint
   * holds for that one.
   * @default - none
   */
  readonly endpointOptions?: EndpointOptions[];
  /**
   * Ask one pod of those that serve the same (store gateways) with each call, in place of all of them: an endpoint group.
   * @default false: all are asked, and answer the same
   */
  readonly groupReplicas?: boolean;
  /**
   * Keep the list of StoreAPIs in a file that running pods re-read.
   * @default - in an argument: a changed list rolls the pods
   */
  readonly endpointsFile?: EndpointsFile;
  /**
   * Replica labels of those further sources, such as `prometheus_replica`.
   * @default - none beside those of the sources, which of a Query are those that it merges by itself
   */
  readonly replicaLabels?: string[];
  /**
   * How replicas are merged. The penalty algorithm hides samples of receivers (measured).
   * @default - CHAIN; PENALTY where pairs of Prometheus servers are asked and no receivers: among the replica labels, those of
   * the sources included, is another one than `rule_replica`, and no `receive_replica`
   */
  readonly deduplication?: DeduplicationFunc;
  /**
   * What evaluates PromQL, unless a query says otherwise.
   * @default - Thanos' own, PROMETHEUS
   */
  readonly engine?: PromqlEngine;
  /**
   * Where PromQL is evaluated. DISTRIBUTED asks Queries; of other StoreAPIs beside them it may miss series.
   * @default - Thanos' own, LOCAL
   */
  readonly mode?: QueryMode;
  /**
   * Labels by which the Queries of the DISTRIBUTED mode differ (`--query.partition-label`). Every series has them.
   * @default - Thanos' own, all external labels
   */
  readonly partitionLabels?: string[];
  /**
   * The functions xrate, xincrease and xdelta, of the engine THANOS (`--query.enable-x-functions`).
   * @default - Thanos' own, false
   */
  readonly extendedFunctions?: boolean;
  /**
   * Longest time of a query.
   * @default - Thanos' own, 2 minutes
   */
  readonly timeout?: Duration;
  /**
   * Queries that one pod answers at a time; further ones wait (`--query.max-concurrent`).
   * @default - Thanos' own, 20
   */
  readonly maxConcurrent?: number;
  /**
   * Selects of one query at a time (`--query.max-concurrent-select`).
   * @default - Thanos' own, 4
   */
  readonly maxConcurrentSelects?: number;
  /**
   * How far a sample is looked for before each step (`--query.lookback-delta`); at least twice the slowest scrape interval.
   * @default - Thanos' own, 5 minutes
   */
  readonly lookback?: Duration;
  /**
   * Step of range queries in the page, where none is chosen (`--query.default-step`).
   * @default - Thanos' own, 1 second
   */
  readonly defaultStep?: Duration;
  /**
   * Step of subqueries that name none (`--query.default-evaluation-interval`).
   * @default - Thanos' own, 1 minute
   */
  readonly defaultEvaluationInterval?: Duration;
  /**
   * How far back labels and series are looked for, where the request does not say (`--query.metadata.default-time-range`).
   * @default - Thanos' own: as far as there is data
   */
  readonly metadataRange?: Duration;
  /**
   * Use downsampled data where the step allows it.
   * @default - Thanos' own, false
   */
  readonly autoDownsampling?: boolean;
  /**
   * Answer with what there is while a StoreAPI is away, unless a query says otherwise (`--query.partial-response`).
   * @default - Thanos' own, true
   */
  readonly partialResponse?: boolean;
  /**
   * A StoreAPI that sends nothing for so long is left out (`--store.response-timeout`). 0: for ever.
   * @default - Thanos' own, 0
   */
  readonly storeResponseTimeout?: Duration;
  /**
   * A StoreAPI that is away for so long is forgotten (`--store.unhealthy-timeout`).
   * @default - Thanos' own, 5 minutes
   */
  readonly storeUnhealthyTimeout?: Duration;
  /**
   * How often names are looked up (`--store.sd-dns-interval`). So long a pod that came back under another address is left out
   * of the answers, without a warning. Thanos' own are 30 seconds.
   * @default Duration.seconds(5)
   */
  readonly dnsInterval?: Duration;
  /**
   * What one call to this Query's own StoreAPI may read.
   * @default - Thanos' own, no limits
   */
  readonly limits?: ReadLimitsOptions;
  /**
   * External labels of this Query for a Query above it (`--selector-label`).
   * @default - none
   */
  readonly selectorLabels?: { [name: string]: string };
  /**
   * Tenants.
   * @default - Thanos' own: all see everything
   */
  readonly tenancy?: QueryTenancyOptions;
  /**
   * Serving below a path.
   * @default - at the root
   */
  readonly web?: WebPrefixOptions;
  /**
   * What is measured of queries.
   * @default - Thanos' own
   */
  readonly telemetry?: QueryTelemetryOptions;
}
