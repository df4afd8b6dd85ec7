import type { Duration } from 'cdk8s';
import { duration, oneOf, struct, wholeNumber } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { prometheusDuration } from '../support/units';
import type { Flags } from './flags';
import { type Arg, written } from './option';

/** How calls to other receivers are compressed. */
export enum ForwardCompression {
  /** Snappy: little work. */
  SNAPPY = 'snappy',
  /** Not at all: less work, more traffic. */
  NONE = 'none',
}

/** What calls to other receivers are written in. */
export enum ReplicationProtocol {
  /** gRPC, to port 10901. */
  PROTOBUF = 'protobuf',
  /** Cap'n Proto, to port 19391: less work, without TLS. Whoever reaches the port may write as any tenant. */
  CAPNPROTO = 'capnproto',
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
  /**
   * Protocol of the calls (`--receive.replication-protocol`).
   * @default - Thanos' own, ReplicationProtocol.PROTOBUF
   */
  readonly protocol?: ReplicationProtocol;
}

const TABLE: StructTable<ForwardingOptions> = {
  timeout: duration,
  maxBackoff: duration,
  workers: wholeNumber(1),
  compression: oneOf(ForwardCompression, 'ForwardCompression'),
  protocol: oneOf(ReplicationProtocol, 'ReplicationProtocol'),
};

/** How they are read. */
export const FORWARDING: Row<ForwardingOptions> = struct(TABLE);

const PROTOCOL_FLAG = '--receive.replication-protocol';

/** Whether writes are handed over by Cap'n Proto, as Thanos is told. */
export function asksCapnproto(flags: Flags): boolean {
  return flags.value(PROTOCOL_FLAG) === ReplicationProtocol.CAPNPROTO;
}

/** Who gives certificates expects that nothing goes without. */
export function warnOfPlainCalls(
  flags: Flags,
  tls: object | undefined,
  warn: (prop: string, text: string) => void,
): void {
  if (tls && asksCapnproto(flags))
    warn('forwarding', "is by Cap'n Proto, which knows no TLS: writes cross the network readable in spite of grpcTls");
}

/** Their flags. */
export function forwardingFlags(forwarding: ForwardingOptions = {}): Arg[] {
  const { timeout, maxBackoff } = forwarding;
  return [
    ...written('--receive-forward-timeout', timeout && prometheusDuration(timeout)),
    ...written('--receive-forward-max-backoff', maxBackoff && prometheusDuration(maxBackoff)),
    ...written('--receive.forward.async-workers', forwarding.workers),
    ...written('--receive.grpc-compression', forwarding.compression),
    ...written(PROTOCOL_FLAG, forwarding.protocol),
  ];
}
