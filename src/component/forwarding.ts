import type { Duration } from 'cdk8s';
import { duration, oneOf, struct, wholeNumber } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { prometheusDuration } from '../support/units';
import { type Arg, written } from './option';

/** How calls to other receivers are compressed. */
export enum ForwardCompression {
  /** Snappy: little work. */
  SNAPPY = 'snappy',
  /** Not at all: less work, more traffic. */
  NONE = 'none',
}

/** How writes are handed to the receivers of a ring. */
export interface ForwardingOptions {
  /**
   * Time for each call, after which the copy counts as failed (`--receive-forward-timeout`, a hidden flag). A writer gets
   * no answer before that where too many receivers are away.
   * @default - Thanos' own, 5 seconds
   */
  readonly timeout?: Duration;
  /**
   * Longest pause before a receiver that failed is asked again (`--receive-forward-max-backoff`, a hidden flag).
   * @default - Thanos' own, 5 seconds
   */
  readonly maxBackoff?: Duration;
  /**
   * Calls to one receiver at a time (`--receive.forward.async-workers`).
   * @default - Thanos' own, 5
   */
  readonly workers?: number;
  /**
   * Compression of the calls (`--receive.grpc-compression`).
   * @default - Thanos' own, ForwardCompression.SNAPPY
   */
  readonly compression?: ForwardCompression;
}

const TABLE: StructTable<ForwardingOptions> = {
  timeout: duration,
  maxBackoff: duration,
  workers: wholeNumber(1),
  compression: oneOf(ForwardCompression),
};

/** How they are read. */
export const FORWARDING: Row<ForwardingOptions> = struct(TABLE);

/** Their flags. */
export function forwardingFlags(forwarding: ForwardingOptions = {}): Arg[] {
  const { timeout, maxBackoff } = forwarding;
  return [
    ...written('--receive-forward-timeout', timeout && prometheusDuration(timeout)),
    ...written('--receive-forward-max-backoff', maxBackoff && prometheusDuration(maxBackoff)),
    ...written('--receive.forward.async-workers', forwarding.workers),
    ...written('--receive.grpc-compression', forwarding.compression),
  ];
}
