import type { Duration } from 'cdk8s';
import { argLiteral } from '../support/escape';
import { duration, struct, wholeNumber } from '../support/rows';
import type { StructTable } from '../support/table';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { type Arg, written } from './option';

/** The connections of a query frontend to its Query (`--query-frontend.downstream-tripper-config`). */
export interface DownstreamHttpOptions {
  /**
   * How long an idle connection is kept. Thanos takes 0 for its own default.
   * @default - Thanos' own, 90 seconds
   */
  readonly idleTimeout?: Duration;
  /**
   * How long Query may take until it begins to answer.
   * @default - Thanos' own, no limit
   */
  readonly responseHeaderTimeout?: Duration;
  /**
   * How long a TLS handshake may take.
   * @default - Thanos' own, 10 seconds
   */
  readonly tlsHandshakeTimeout?: Duration;
  /**
   * How long Query may take to answer `Expect: 100-continue`.
   * @default - Thanos' own, 1 second
   */
  readonly expectContinueTimeout?: Duration;
  /**
   * Idle connections in all; 0: no limit.
   * @default - Thanos' own, 100
   */
  readonly maxIdle?: number;
  /**
   * Idle connections to one address. The Service of a Query is one, for which Thanos recommends 100 or more
   * (https://thanos.io/tip/components/query-frontend.md/#recommended-downstream-tripper-configuration).
   * @default - Thanos' own, 2
   */
  readonly maxIdlePerHost?: number;
  /**
   * Connections to one address; 0: no limit.
   * @default - Thanos' own, 0
   */
  readonly maxPerHost?: number;
}

const TABLE: StructTable<DownstreamHttpOptions> = {
  idleTimeout: duration,
  responseHeaderTimeout: duration,
  tlsHandshakeTimeout: duration,
  expectContinueTimeout: duration,
  maxIdle: wholeNumber(0),
  maxIdlePerHost: wholeNumber(1),
  maxPerHost: wholeNumber(0),
};

/** How they are read. */
export const DOWNSTREAM_HTTP = struct(TABLE);

/** Their flag, with the TLS of the Query. */
export function downstreamHttpFlags(http: DownstreamHttpOptions = {}, tls?: object): Arg[] {
  if (Object.keys(http).length === 0 && tls === undefined) return [];
  const time = (value: Duration | undefined): string | undefined => value && prometheusDuration(value);
  const config = {
    idle_conn_timeout: time(http.idleTimeout),
    response_header_timeout: time(http.responseHeaderTimeout),
    tls_handshake_timeout: time(http.tlsHandshakeTimeout),
    expect_continue_timeout: time(http.expectContinueTimeout),
    max_idle_conns: http.maxIdle,
    max_idle_conns_per_host: http.maxIdlePerHost,
    max_conns_per_host: http.maxPerHost,
    tls_config: tls,
  };
  return written('--query-frontend.downstream-tripper-config', argLiteral(thanosYaml(config)));
}
