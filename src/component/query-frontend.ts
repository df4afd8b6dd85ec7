import { isHttpUrl } from '../support/url';
import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { argLiteral } from '../support/escape';
import { found, InputProblem } from '../support/problem';
import { durationOrZero, having, int32, yesOrNo } from '../support/rows';
import { goDuration, milliseconds } from '../support/units';
import { type Kind, ofKind } from './kind';
import { type IQueryApi, QUERY_API, QUERY_URL, urlOf } from './query-api';
import { flag, noFlag, written } from './option';
import type { ResponseCache } from './response-cache';
import { ThanosComponent } from './thanos-component';

/** What a QueryFrontend can be told. */
export interface QueryFrontendOptions extends ComponentOptions {
  /**
   * Pods.
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
   * Log queries that take longer.
   * @default - none
   */
  readonly logQueriesLongerThan?: Duration;
  /**
   * Compress the answers.
   * @default false
   */
  readonly compressResponses?: boolean;
}

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
  judge: ({ construct, props, registry }) => registry.link(construct, [props.downstream], 'http'),
  options: {
    replicas: noFlag(int32(0)),
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
        if (props.responseCache && interval && milliseconds(interval, true) === 0)
          throw new InputProblem('is 0 together with responseCache, which Thanos refuses');
        return written('--query-range.split-interval', interval && goDuration(interval, true));
      },
    },
    responseCache: {
      read: having<ResponseCache>({ _yaml: 'function' }, 'a ResponseCache'),
      args: (cache) => {
        const config = cache && argLiteral(cache._yaml());
        return ['--query-range.response-cache-config', '--labels.response-cache-config'].flatMap((name) =>
          written(name, config),
        );
      },
    },
    logQueriesLongerThan: flag('--query-frontend.log-queries-longer-than', durationOrZero, (time) =>
      goDuration(time, true),
    ),
    compressResponses: flag('--query-frontend.compress-responses', yesOrNo, (wanted) => wanted),
  },
};

/** Thanos Query Frontend: splits, caches and retries range queries before Query (https://thanos.io/tip/components/query-frontend.md/). */
export class QueryFrontend extends ThanosComponent implements IQueryApi {
  constructor(scope: Construct, id: string, props: QueryFrontendProps = {}) {
    super(scope, id, ofKind(KIND, props));
  }

  /** URL of the HTTP API in the cluster. */
  public get url(): string {
    return this._identity.url('http');
  }

  public get queryApiAddress(): string {
    return this._identity.serviceSrv('http');
  }
}

function downstreamApi(api: IQueryApi): IQueryApi {
  if (/^[a-z]+:\/\/[^/]*\/?$/.test(QUERY_API(api).url)) return api;
  throw new InputProblem(
    `serves below a path, ${found(api.url)}, behind which a frontend is never ready. Drop routePrefix of that Query`,
  );
}

/** A path would be put before `/-/ready`, and the frontend would never be ready (measured). */
function downstreamUrl(url: string): string {
  if (isHttpUrl(url) && /^https?:\/\/[^/?#@]+\/?$/.test(url)) return url.replace(/\/$/, '');
  throw new InputProblem(`${found(url)} is not a URL with scheme and without a path; write ${found(QUERY_URL)}`);
}
