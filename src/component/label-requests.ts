import type { Duration } from 'cdk8s';
import { duration, durationOrZero, having, struct, wholeNumber, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { goDuration } from '../support/units';
import { type Arg, toggled, written } from './option';
import type { ResponseCache } from './response-cache';

/** How a query frontend handles requests for labels and series. */
export interface LabelRequestOptions {
  /**
   * Their cache.
   * @default - responseCache
   */
  readonly responseCache?: ResponseCache;
  /**
   * They are split into pieces of this length (`--labels.split-interval`).
   * @default - Thanos' own, 24 hours
   */
  readonly splitInterval?: Duration;
  /**
   * How far back they look where they do not say (`--labels.default-time-range`).
   * @default - Thanos' own, 24 hours
   */
  readonly defaultRange?: Duration;
  /**
   * Tries, the first included (`--labels.max-retries-per-request`).
   * @default - Thanos' own, 5
   */
  readonly maxRetries?: number;
  /**
   * Pieces that are asked at a time (`--labels.max-query-parallelism`).
   * @default - Thanos' own, 14
   */
  readonly maxParallelism?: number;
  /**
   * What is younger than this is not cached (`--labels.response-cache-max-freshness`).
   * @default - Thanos' own, 1 minute
   */
  readonly cacheFreshness?: Duration;
  /**
   * Answer with what there is while a source is away, unless they say otherwise (`--labels.partial-response`).
   * @default - Thanos' own, true
   */
  readonly partialResponse?: boolean;
}

/** How a cache is read. */
export const RESPONSE_CACHE = having<ResponseCache>(
  { _plan: 'function' },
  'a ResponseCache; write ResponseCache.inMemory({ … }), memcached(…) or redis(…)',
);

const TABLE: StructTable<LabelRequestOptions> = {
  responseCache: RESPONSE_CACHE,
  splitInterval: duration,
  defaultRange: duration,
  maxRetries: wholeNumber(0),
  maxParallelism: wholeNumber(1),
  cacheFreshness: durationOrZero,
  partialResponse: yesOrNo,
};

/** How they are read. */
export const LABEL_REQUESTS = struct(TABLE);

/** Their flags but for the cache's. */
export function labelRequestFlags(requests: LabelRequestOptions = {}): Arg[] {
  const { splitInterval, defaultRange, cacheFreshness } = requests;
  return [
    ...written('--labels.split-interval', splitInterval && goDuration(splitInterval)),
    ...written('--labels.default-time-range', defaultRange && goDuration(defaultRange)),
    ...written('--labels.max-retries-per-request', requests.maxRetries),
    ...written('--labels.max-query-parallelism', requests.maxParallelism),
    ...written('--labels.response-cache-max-freshness', cacheFreshness && goDuration(cacheFreshness, true)),
    ...toggled('labels.partial-response', requests.partialResponse),
  ];
}
