import { isHttpUrl } from '../support/url';
import { AUTOSCALING } from '../pod/autoscaling';
import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireAsked } from '../app/same-app';
import type { ComponentPlacementProps } from '../pod/component-options';
import { DRAIN_SECONDS } from '../pod/drain';
import { argLiteral } from '../support/escape';
import { checked, found, InputProblem } from '../support/problem';
import { duration, durationOrZero, int32, listOf, wholeNumber, yesOrNo } from '../support/rows';
import { later } from '../support/table';
import { goDuration, milliseconds } from '../support/units';
import { type CacheName, type CacheUse, cacheArgs, cacheExtras } from './cache-plan';
import type { Context } from './context';
import { joined } from './extras';
import { type Kind, ofKind } from './kind';
import { type IQueryApi, exampleQueryUrl, QUERY_API, urlOf } from './query-api';
import { DOWNSTREAM_HTTP, downstreamHttpFlags } from './downstream-http';
import { DYNAMIC_SPLIT, dynamicSplitFlags } from './dynamic-split';
import { headerName } from './header-name';
import { LABEL_REQUESTS, labelRequestFlags, RESPONSE_CACHE } from './label-requests';
import { flag, noFlag, toggle, written } from './option';
import type { QueryFrontendOptions } from './query-frontend-options';
import type { ResponseCache } from './response-cache';
import { FRONTEND_TENANCY, frontendTenancyFlags } from './tenancy';
import { ThanosComponent } from './thanos-component';
import { clientTls, httpClientExtras, requireReach, schemeOf, trustOf } from './tls/ask-http';
import { REQUEST_LOGGING } from './request-logging';

/** Properties of a QueryFrontend. It has no way to be given the bucket or the CA. */
export interface QueryFrontendProps extends QueryFrontendOptions, ComponentPlacementProps {
  /**
   * The Query that it asks.
   * @default - downstreamUrl
   */
  readonly downstream?: IQueryApi;
  /**
   * URL of a Query that is not a construct of this app, without a path: `http://thanos-query.monitoring.svc.cluster.local:10902`.
   * @default - that of downstream
   */
  readonly downstreamUrl?: string;
}

const KIND: Kind<QueryFrontendProps> = {
  component: 'query-frontend',
  command: ['query-frontend'],
  ports: ['http'],
  workload: 'Deployment',
  replicas: 2,
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  drainSeconds: DRAIN_SECONDS,
  plan: (context) => {
    const trust = trustOf(context.props.downstream);
    return joined(cacheExtras(cachesOf(context)), httpClientExtras(context, 'downstream', trust ? [trust] : []));
  },
  judge: ({ construct, identity, props, registry, warn }) => {
    checked(construct, 'downstream', () => {
      requireAsked(construct, props.downstream, 'downstreamUrl');
      requireReach(identity, trustOf(props.downstream));
    });
    registry.link(construct, [props.downstream], 'http');
    if (props.splitInterval && props.dynamicSplit)
      warn('splitInterval', 'has no effect with dynamicSplit, since Thanos refuses both; drop one of the two');
    const header = tenantHeaderOf(props.downstream);
    if (header !== undefined)
      warn(
        'downstream',
        `reads the tenant from ${found(header)}, but a frontend passes it on as "THANOS-TENANT". Give tenancy.header to the frontend alone`,
      );
  },
  options: {
    requestLogging: REQUEST_LOGGING,
    replicas: noFlag(int32(0)),
    autoscaling: noFlag(later(() => AUTOSCALING)),
    downstream: noFlag(downstreamApi),
    downstreamUrl: {
      read: downstreamUrl,
      args: (url, { props: { downstream: api } }) => {
        const asked = urlOf({ prop: 'downstream', api }, url);
        return [['--query-frontend.downstream-url', argLiteral(asked)]];
      },
    },
    splitInterval: {
      read: durationOrZero,
      args: (interval, { props }) => {
        if (props.dynamicSplit) return [];
        if (props.responseCache && interval && milliseconds(interval, true) === 0)
          throw new InputProblem('is 0 together with responseCache, which Thanos refuses');
        return written('--query-range.split-interval', interval && goDuration(interval, true));
      },
    },
    responseCache: {
      read: RESPONSE_CACHE,
      args: (_, context) => {
        const caches = cachesOf(context);
        const [[range, site], [labels, labelSite] = caches[0]] = caches;
        requireOneCa(caches);
        return [
          ...cacheArgs(['--query-range.response-cache-config'], range, site),
          ...cacheArgs(['--labels.response-cache-config'], labels, labelSite),
        ];
      },
    },
    dynamicSplit: { read: DYNAMIC_SPLIT, args: dynamicSplitFlags },
    verticalShards: flag('--query-frontend.vertical-shards', wholeNumber(2), (shards) => shards),
    maxParallelism: flag('--query-range.max-query-parallelism', wholeNumber(1), (most) => most),
    maxRetries: flag('--query-range.max-retries-per-request', wholeNumber(0), (most) => most),
    instantMaxRetries: flag('--query.max-retries-per-request', wholeNumber(0), (most) => most),
    maxQueryLength: flag('--query-range.max-query-length', duration, goDuration),
    cacheFreshness: flag('--query-range.response-cache-max-freshness', durationOrZero, (age) => goDuration(age, true)),
    alignWithStep: toggle('query-range.align-range-with-step'),
    requestDownsampled: toggle('query-range.request-downsampled'),
    partialResponse: toggle('query-range.partial-response'),
    labelRequests: { read: LABEL_REQUESTS, args: labelRequestFlags },
    compressCache: flag('--cache-compression-type', yesOrNo, (wanted) => (wanted ? 'snappy' : undefined)),
    logQueriesLongerThan: flag('--query-frontend.log-queries-longer-than', durationOrZero, (time) =>
      goDuration(time, true),
    ),
    slowQueryUserHeader: flag('--query-frontend.slow-query-logs-user-header', headerName, argLiteral),
    forceQueryStats: flag('--query-frontend.force-query-stats', yesOrNo, (wanted) => wanted),
    compressResponses: flag('--query-frontend.compress-responses', yesOrNo, (wanted) => wanted),
    forwardHeaders: flag('--query-frontend.forward-header', listOf(headerName), (names) => names.map(argLiteral)),
    extendedFunctions: flag('--query-frontend.enable-x-functions', yesOrNo, (wanted) => wanted),
    tenancy: { read: FRONTEND_TENANCY, args: frontendTenancyFlags },
    downstreamHttp: {
      read: DOWNSTREAM_HTTP,
      args: (http, { props: { downstream } }) => downstreamHttpFlags(http, clientTls(trustOf(downstream))),
    },
    cors: flag('--web.disable-cors', yesOrNo, (wanted) => !wanted),
  },
};

/** Thanos Query Frontend: splits, caches and retries range queries before Query (https://thanos.io/tip/components/query-frontend.md/). */
export class QueryFrontend extends ThanosComponent implements IQueryApi {
  constructor(scope: Construct, id: string, props: QueryFrontendProps = {}) {
    super(scope, id, ofKind(KIND, props));
  }

  /** URL of the HTTP API in the cluster. */
  public get url(): string {
    return this._identity.url('http', '', schemeOf(this._http));
  }

  public get queryApiAddress(): string {
    return this._identity.serviceSrv('http');
  }
}

function downstreamApi(api: IQueryApi): IQueryApi {
  if (trustOf(QUERY_API(api))?.basicAuth)
    throw new InputProblem(
      'has an httpConfig that asks for a password, and a frontend has none to give. Give that Query an httpConfig without basicAuth, and the password to the frontend',
    );
  if (/^[a-z]+:\/\/[^/]*\/?$/.test(api.url)) return api;
  throw new InputProblem(
    `serves below a path, ${found(api.url)}, behind which a frontend is never ready. Drop routePrefix of that Query`,
  );
}

/** The header from which a Query of this library reads the tenant, where it is told one. */
function tenantHeaderOf(api: IQueryApi | undefined): string | undefined {
  return (api as { readonly _tenantHeader?: string } | undefined)?._tenantHeader;
}

/** A path would be put before `/-/ready`, and the frontend would never be ready (measured). */
function downstreamUrl(url: string): string {
  if (isHttpUrl(url) && /^https?:\/\/[^/?#@]+\/?$/.test(url)) return url.replace(/\/$/, '');
  throw new InputProblem(
    `${found(url)} is not a URL with scheme and without a path; write ${found(exampleQueryUrl())}`,
  );
}

/** The cache of range queries, and that of requests for labels where it is another one. */
function cachesOf({ props, identity }: Context<QueryFrontendProps>): [CacheUse, ...CacheUse[]] {
  const { replicas = KIND.replicas, responseCache, labelRequests } = props;
  const use = (cache: ResponseCache | undefined, name: CacheName): CacheUse => [
    cache,
    { cache: name, identity, replicas },
  ];
  const range = use(responseCache, 'response-cache');
  return labelRequests?.responseCache ? [range, use(labelRequests.responseCache, 'label-cache')] : [range];
}

/** Go takes the CA of both from one variable. */
function requireOneCa(caches: readonly CacheUse[]): void {
  const paths = cacheExtras(caches)
    .env!.filter(({ name }) => name === 'SSL_CERT_FILE')
    .map(({ value }) => value);
  if (paths.length > 1)
    throw new InputProblem(
      'is a Redis with a CA of its own, and so is labelRequests.responseCache; Thanos can be told one. Use one of the two for both',
    );
}
