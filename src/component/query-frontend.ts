import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { argLiteral } from '../support/escape';
import { identityOf } from '../support/identity';
import { checked, found, InputProblem } from '../support/problem';
import { goDuration, milliseconds } from '../support/units';
import { yesOrNo } from '../support/values';
import { commonFlags } from './common-flags';
import { HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import type { ResponseCache } from './response-cache';
import { ThanosComponent } from './thanos-component';
import type { ComponentKind } from './workload-plan';

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
  /** URL of Query, without a path: `query.url`, or `http://thanos-query.monitoring.svc.cluster.local:10902`. */
  readonly downstreamUrl: string;
}

const FIELDS = [
  'replicas',
  'responseCache',
  'splitInterval',
  'logQueriesLongerThan',
  'compressResponses',
  'downstreamUrl',
];

/** Thanos Query Frontend: splits, caches and retries range queries before Query (https://thanos.io/tip/components/query-frontend.md/). */
export class QueryFrontend extends ThanosComponent {
  constructor(scope: Construct, id: string, props: QueryFrontendProps) {
    super(scope, id, props);
    this._place({
      replicas: props.replicas ?? 2,
      ports: { http: HTTP_PORT },
      pod: {
        args: this.#args(props),
        requests: { cpu: '25m', memory: Size.mebibytes(128) },
        patience: 4,
        graceSeconds: 120,
      },
    });
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'query-frontend', fields: FIELDS };
  }

  /** URL of the HTTP API in the cluster. */
  public get url(): string {
    return this._identity.url('http');
  }

  #args(props: QueryFrontendProps): string[] {
    checked(this, 'compressResponses', () => yesOrNo(props.compressResponses));
    const downstream = checked(this, 'downstreamUrl', () => downstreamUrl(props.downstreamUrl));
    const cache = checked(this, 'responseCache', () => props.responseCache?._yaml());
    const flags = commonFlags(['query-frontend'], props)
      .set('--query-frontend.downstream-url', argLiteral(downstream))
      .set('--query-range.split-interval', this.#splitInterval(props))
      .set('--query-range.response-cache-config', cache && argLiteral(cache))
      .set('--labels.response-cache-config', cache && argLiteral(cache))
      .set('--query-frontend.log-queries-longer-than', this.#duration(props, 'logQueriesLongerThan'))
      .on('--query-frontend.compress-responses', props.compressResponses);
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs();
  }

  #splitInterval(props: QueryFrontendProps): string | undefined {
    checked(this, 'splitInterval', () => {
      if (props.responseCache && props.splitInterval && milliseconds(props.splitInterval, true) === 0)
        throw new InputProblem('is 0 together with responseCache, which Thanos refuses');
    });
    return this.#duration(props, 'splitInterval');
  }

  #duration(props: QueryFrontendProps, prop: 'splitInterval' | 'logQueriesLongerThan'): string | undefined {
    return checked(this, prop, () => props[prop] && goDuration(props[prop], true));
  }
}

/** A path would be put before `/-/ready`, and the frontend would never be ready (measured). */
function downstreamUrl(url: string): string {
  if (typeof url === 'string' && /^https?:\/\/[^\s/?#@]+\/?$/.test(url)) return url.replace(/\/$/, '');
  throw new InputProblem(
    `${found(url)} is not a URL with scheme and without a path; write ${found(identityOf({}, 'query').url('http'))}`,
  );
}
