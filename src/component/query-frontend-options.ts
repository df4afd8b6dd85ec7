import type { Duration } from 'cdk8s';
import type { AutoscaledOptions } from '../pod/autoscaling';
import type { ComponentOptions } from '../pod/component-options';
import type { DownstreamHttpOptions } from './downstream-http';
import type { DynamicSplitOptions } from './dynamic-split';
import type { LabelRequestOptions } from './label-requests';
import type { ResponseCache } from './response-cache';
import type { FrontendTenancyOptions } from './tenancy';
import type { RequestLoggingProps } from './request-logging';
import type { HttpPartOptions } from './tls/http-config';

/** What a QueryFrontend can be told. */
export interface QueryFrontendOptions
  extends AutoscaledOptions, ComponentOptions, HttpPartOptions, RequestLoggingProps {
  /**
   * Pods; with autoscaling, the least.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Cache of the answers to range and label queries.
   * @default - none
   */
  readonly responseCache?: ResponseCache;
  /**
   * Range queries are split into pieces of this length.
   * @default - Thanos' own, 24 hours
   */
  readonly splitInterval?: Duration;
  /**
   * Range queries are split into so many pieces, whose length depends on the query's. It takes the place of splitInterval.
   * @default - none: pieces of one length
   */
  readonly dynamicSplit?: DynamicSplitOptions;
  /**
   * Queries that can be are split by series into so many, which several Queries answer (`--query-frontend.vertical-shards`).
   * @default - Thanos' own: not split
   */
  readonly verticalShards?: number;
  /**
   * Pieces of one range query that are asked at a time (`--query-range.max-query-parallelism`).
   * @default - Thanos' own, 14
   */
  readonly maxParallelism?: number;
  /**
   * Tries of a range query, the first included (`--query-range.max-retries-per-request`).
   * @default - Thanos' own, 5
   */
  readonly maxRetries?: number;
  /**
   * Tries of an instant query, the first included (`--query.max-retries-per-request`).
   * @default - Thanos' own, 5
   */
  readonly instantMaxRetries?: number;
  /**
   * A range query over more time is refused (`--query-range.max-query-length`).
   * @default - Thanos' own, no limit
   */
  readonly maxQueryLength?: Duration;
  /**
   * Samples younger than this are not cached, since late ones may change them
   * (`--query-range.response-cache-max-freshness`).
   * @default - Thanos' own, 1 minute
   */
  readonly cacheFreshness?: Duration;
  /**
   * Move start and end of a range to its step, so that more of it is found in the cache
   * (`--query-range.align-range-with-step`).
   * @default - Thanos' own, true
   */
  readonly alignWithStep?: boolean;
  /**
   * Ask for downsampled data too where a range query finds nothing or not all (`--query-range.request-downsampled`).
   * @default - Thanos' own, true
   */
  readonly requestDownsampled?: boolean;
  /**
   * Answer a range query with what there is while a source is away, unless it says otherwise
   * (`--query-range.partial-response`).
   * @default - Thanos' own, true
   */
  readonly partialResponse?: boolean;
  /**
   * Requests for labels and series.
   * @default - Thanos' own; responseCache is theirs too
   */
  readonly labelRequests?: LabelRequestOptions;
  /**
   * Compress what is cached, by snappy (`--cache-compression-type`).
   * @default false
   */
  readonly compressCache?: boolean;
  /**
   * Log queries that take longer.
   * @default - none
   */
  readonly logQueriesLongerThan?: Duration;
  /**
   * Header that names the user in that log (`--query-frontend.slow-query-logs-user-header`).
   * @default - the user of basic authentication
   */
  readonly slowQueryUserHeader?: string;
  /**
   * Ask for the statistics of every query, for the log and metrics (`--query-frontend.force-query-stats`).
   * @default - Thanos' own, false
   */
  readonly forceQueryStats?: boolean;
  /**
   * Compress the answers.
   * @default false
   */
  readonly compressResponses?: boolean;
  /**
   * Headers of a request that Query gets too (`--query-frontend.forward-header`).
   * @default - none
   */
  readonly forwardHeaders?: string[];
  /**
   * The functions xrate, xincrease and xdelta, where Query has them (`--query-frontend.enable-x-functions`).
   * @default - Thanos' own, false
   */
  readonly extendedFunctions?: boolean;
  /**
   * Tenants, whose answers are cached apart.
   * @default - Thanos' own: the header `THANOS-TENANT`
   */
  readonly tenancy?: FrontendTenancyOptions;
  /**
   * The connections to Query.
   * @default - Thanos' own
   */
  readonly downstreamHttp?: DownstreamHttpOptions;
  /**
   * Answer scripts of other origins (`--web.disable-cors`).
   * @default - Thanos' own, true
   */
  readonly cors?: boolean;
}
