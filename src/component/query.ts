import { Duration, Size } from 'cdk8s';
import { AUTOSCALING } from '../pod/autoscaling';
import type { Construct } from 'constructs';
import { requireAllAsked } from '../app/same-app';
import type { ComponentPlacementProps } from '../pod/component-options';
import { DRAIN_SECONDS } from '../pod/drain';
import { argLiteral } from '../support/escape';
import { checked, found, InputProblem } from '../support/problem';
import {
  anyText,
  duration,
  durationOrZero,
  having,
  int32,
  listOf,
  oneOf,
  struct,
  wholeNumber,
  yesOrNo,
} from '../support/rows';
import { later } from '../support/table';
import { goDuration, prometheusDuration } from '../support/units';
import { ENDPOINT_OPTIONS } from './endpoint-options';
import type { EndpointsFile } from './endpoints-file';
import { externalLabels, labelName, quotedLabels, RECEIVE_REPLICA, RULE_REPLICA } from './external-labels';
import { joined } from './extras';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, toggle, written } from './option';
import type { IQueryApi } from './query-api';
import { endpointFlags, endpointNeeds, endpointsFileFlags, placeEndpoints } from './query-endpoints';
import { DeduplicationFunc, PromqlEngine, QueryMode, type QueryOptions } from './query-options';
import { QUERY_TELEMETRY, queryTelemetryFlags } from './query-telemetry';
import { READ_LIMITS, readLimitFlags } from './read-limits';
import { requireSince } from './since';
import { endpoint, type IStoreApi, STORE_API } from './store-api';
import { QUERY_TENANCY, queryTenancyFlags } from './tenancy';
import { ThanosComponent } from './thanos-component';
import { endpointTlsExtras } from './tls/endpoint-tls';
import { schemeOf } from './tls/ask-http';
import { askFlags } from './tls/ask-tls';
import { GRPC_TLS, grpcServerFlags } from './tls/grpc-tls';
import { routeOf, WEB_PREFIX, webPrefixFlags } from './web-prefix';
import { REQUEST_LOGGING } from './request-logging';

/** Properties of a Query. It has no way to be given the bucket or the CA. */
export interface QueryProps extends QueryOptions, ComponentPlacementProps {
  /**
   * The StoreAPIs of this library's components.
   * @default - none
   */
  readonly sources?: IStoreApi[];
}

const DNS_INTERVAL = Duration.seconds(5);

const KIND: Kind<QueryProps> = {
  component: 'query',
  command: ['query'],
  ports: ['http', 'grpc'],
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
    sources: noFlag(listOf(STORE_API)),
    replicaLabels: {
      read: listOf(anyText),
      args: (further, { props }) => written('--query.replica-label', replicaLabels(props, further).map(argLiteral)),
    },
    deduplication: {
      read: oneOf(DeduplicationFunc, 'DeduplicationFunc'),
      args: (func, { props }) =>
        written('--deduplication.func', func ?? mergedBy(replicaLabels(props, props.replicaLabels))),
    },
    endpointOptions: noFlag(later(() => ENDPOINT_OPTIONS)),
    groupReplicas: noFlag(yesOrNo),
    endpointsFile: {
      read: having<EndpointsFile>({ _chosen: 'function' }, 'an EndpointsFile; write EndpointsFile.generated()'),
      args: (file) => endpointsFileFlags(file),
    },
    endpoints: { read: listOf(endpoint), args: (_, { props }) => endpointFlags(props) },
    engine: flag('--query.promql-engine', oneOf(PromqlEngine, 'PromqlEngine'), (engine) => engine),
    mode: {
      read: oneOf(QueryMode, 'QueryMode'),
      args: (mode, { props }) => {
        if (mode === QueryMode.DISTRIBUTED && props.engine === PromqlEngine.PROMETHEUS)
          throw new InputProblem('"distributed" brings the engine "thanos" whatever engine says; drop one of the two');
        return written('--query.mode', mode);
      },
    },
    partitionLabels: {
      read: listOf(labelName),
      args: (labels = [], { props }) => {
        if (labels.length > 0 && props.mode !== QueryMode.DISTRIBUTED)
          throw new InputProblem('has no effect without mode: QueryMode.DISTRIBUTED');
        const replica = labels.find((label) => replicaLabels(props, props.replicaLabels).includes(label));
        if (replica !== undefined)
          throw new InputProblem(`${found(replica)} is a replica label, by which nothing is partitioned. Remove it`);
        return written('--query.partition-label', labels);
      },
    },
    extendedFunctions: {
      read: yesOrNo,
      args: (wanted, { props }) => {
        if (wanted && props.engine !== PromqlEngine.THANOS && props.mode !== QueryMode.DISTRIBUTED)
          throw new InputProblem('has no effect without engine: PromqlEngine.THANOS');
        return written('--query.enable-x-functions', wanted);
      },
    },
    timeout: flag('--query.timeout', duration, prometheusDuration),
    maxConcurrent: flag('--query.max-concurrent', wholeNumber(1), (most) => most),
    maxConcurrentSelects: flag('--query.max-concurrent-select', wholeNumber(1), (most) => most),
    lookback: flag('--query.lookback-delta', duration, goDuration),
    defaultStep: flag('--query.default-step', duration, prometheusDuration),
    defaultEvaluationInterval: flag('--query.default-evaluation-interval', duration, prometheusDuration),
    metadataRange: flag('--query.metadata.default-time-range', duration, prometheusDuration),
    autoDownsampling: flag('--query.auto-downsampling', yesOrNo, (wanted) => wanted),
    partialResponse: toggle('query.partial-response'),
    storeResponseTimeout: flag('--store.response-timeout', durationOrZero, (time) => prometheusDuration(time, true)),
    storeUnhealthyTimeout: flag('--store.unhealthy-timeout', duration, prometheusDuration),
    dnsInterval: {
      read: duration,
      args: (interval = DNS_INTERVAL) => written('--store.sd-dns-interval', prometheusDuration(interval)),
    },
    limits: { read: struct(READ_LIMITS), args: readLimitFlags },
    selectorLabels: flag('--selector-label', externalLabels(), quotedLabels),
    tenancy: { read: QUERY_TENANCY, args: queryTenancyFlags },
    web: { read: WEB_PREFIX, args: webPrefixFlags },
    telemetry: { read: QUERY_TELEMETRY, args: queryTelemetryFlags },
    grpcTls: { read: GRPC_TLS, args: (tls, { props }) => [...grpcServerFlags(tls), ...askFlags(props)] },
  },
  asks: () => true,
  plan: (context) => {
    const { endpointOptions } = context.props;
    return joined(placeEndpoints(context), endpointOptions ? endpointTlsExtras(context, endpointOptions) : {});
  },
  judge: ({ construct, props, registry, warn }, flags) => {
    checked(construct, 'sources', () => requireAllAsked(construct, props.sources ?? [], 'endpoints'));
    registry.link(construct, props.sources ?? [], 'grpc');
    const alike = props.endpointOptions?.filter(({ tls, plainText }) => tls === undefined && !plainText) ?? [];
    registry.linkByName(construct, [...(props.endpoints ?? []), ...alike.map(({ address }) => address)], 'grpc');
    requireSince(construct, props.image, endpointNeeds(props.endpointOptions));
    if (!flags.has(/^--(endpoint|store\.sd-files)/))
      warn('sources', 'none given, and no endpoints, so every answer is empty');
    if (props.mode === QueryMode.DISTRIBUTED && props.sources?.some((source) => !('queryApiAddress' in source)))
      warn(
        'mode',
        'is "distributed", in which Queries are asked: beside them the series of other sources may be missing',
      );
    if (flags.has(/^--endpoint\.sd-config-file$/) && props.endpointsFile === undefined)
      warn(
        'extraArgs',
        '"--endpoint.sd-config-file" replaces the sources and endpoints; give endpointsFile to keep both',
      );
  },
};

/** Thanos Query: answers PromQL from its StoreAPIs (https://thanos.io/tip/components/query.md/). */
export class Query extends ThanosComponent implements IQueryApi, IStoreApi {
  /** Undefined: its pods answer the same. */
  public readonly replicaLabel?: string;
  /**
   * Header from which it reads the tenant, where it is told one.
   * @internal
   */
  public readonly _tenantHeader?: string;
  /**
   * Labels by which it merges, for a Query above it.
   * @internal
   */
  public readonly _replicaLabels: readonly string[];
  readonly #route: string;

  constructor(scope: Construct, id: string, props: QueryProps = {}) {
    super(scope, id, ofKind(KIND, props));
    this.#route = routeOf(props.web);
    this._tenantHeader = props.tenancy?.header;
    this._replicaLabels = replicaLabels(props, props.replicaLabels);
  }

  /** URL of the HTTP API in the cluster, with its route prefix where it has one. */
  public get url(): string {
    return this._identity.url('http', this.#route, schemeOf(this._http));
  }

  public get queryApiAddress(): string {
    return this._identity.serviceSrv('http') + this.#route;
  }

  /** For a Query above this one. */
  public get storeApiAddress(): string {
    return this._identity.serviceSrv('grpc');
  }
}

/** A Query among the sources answers a StoreAPI's calls unmerged: its replicas' labels are merged by here. */
function replicaLabels(props: QueryProps, further: readonly string[] = []): string[] {
  const own = (props.sources ?? []).flatMap(
    (source) => source.replicaLabel ?? (source as Partial<Query>)._replicaLabels ?? [],
  );
  return [...new Set([...own, ...further])];
}

/** By one replica at a time where those are pairs of Prometheus servers alone: of receivers that hides samples. */
function mergedBy(labels: readonly string[]): DeduplicationFunc {
  const pairs = labels.some((label) => label !== RULE_REPLICA) && !labels.includes(RECEIVE_REPLICA);
  return pairs ? DeduplicationFunc.PENALTY : DeduplicationFunc.CHAIN;
}
