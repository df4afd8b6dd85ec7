import { argLiteral } from '../support/escape';
import type { Identity } from '../support/identity';
import { found, InputProblem } from '../support/problem';
import { listOf, oneOf, struct } from '../support/rows';
import type { StructTable } from '../support/table';
import { thanosYaml } from '../support/yaml';
import { type Option, written } from './option';

/** From which level on a component logs its requests. */
export enum RequestLogLevel {
  /** As debugging. */
  DEBUG = 'DEBUG',
  /** As information. */
  INFO = 'INFO',
  /** As a warning. */
  WARNING = 'WARNING',
  /** As an error. */
  ERROR = 'ERROR',
}

/** Which moments of a request are logged. */
export enum RequestLogMoment {
  /** Its end. */
  END = 'end',
  /** Its start and its end. */
  START_AND_END = 'start-and-end',
}

/** How requests are logged. */
export interface RequestLogOptions {
  /**
   * Level of the lines.
   * @default RequestLogLevel.INFO
   */
  readonly level?: RequestLogLevel;
  /**
   * Which moments are logged.
   * @default RequestLogMoment.END
   */
  readonly moment?: RequestLogMoment;
}

/** How requests over HTTP are logged. */
export interface HttpRequestLogOptions extends RequestLogOptions {
  /**
   * Paths of the HTTP port that are logged, such as `/api/v1/query`.
   * @default - all
   */
  readonly paths?: string[];
}

/** How requests over gRPC are logged. */
export interface GrpcRequestLogOptions extends RequestLogOptions {
  /**
   * Methods that are logged, such as `thanos.Store/Series`.
   * @default - all
   */
  readonly methods?: string[];
}

/** How a component logs its requests (https://thanos.io/tip/thanos/logging.md/). */
export interface RequestLoggingOptions {
  /**
   * Over HTTP.
   * @default - not logged
   */
  readonly http?: HttpRequestLogOptions;
  /**
   * Over gRPC; the query frontend has none.
   * @default - not logged
   */
  readonly grpc?: GrpcRequestLogOptions;
}

/** What a component that serves requests can be told of their log. */
export interface RequestLoggingProps {
  /**
   * Log of its requests (`--request.logging-config`).
   * @default - the stack's, else none
   */
  readonly requestLogging?: RequestLoggingOptions;
}

const COMMON: StructTable<RequestLogOptions> = {
  level: oneOf(RequestLogLevel, 'RequestLogLevel'),
  moment: oneOf(RequestLogMoment, 'RequestLogMoment'),
};
const HTTP: StructTable<HttpRequestLogOptions> = { ...COMMON, paths: listOf(path) };
const GRPC: StructTable<GrpcRequestLogOptions> = { ...COMMON, methods: listOf(method) };

/** How it is read. */
export const REQUEST_LOGGING_ROW = struct<RequestLoggingOptions>({ http: struct(HTTP), grpc: struct(GRPC) });

/** The option of a kind. Nothing in it is secret, and Thanos reads it at its start: as an argument, a change rolls the pods. */
export const REQUEST_LOGGING: Option<typeof REQUEST_LOGGING_ROW, RequestLoggingOptions, any> = {
  read: REQUEST_LOGGING_ROW,
  args: (logging, { identity }) =>
    logging ? written('--request.logging-config', argLiteral(thanosYaml(config(logging, identity)))) : [],
};

function config({ http, grpc }: RequestLoggingOptions, identity: Identity) {
  const port = identity.port('http');
  return {
    http: http && { options: options(http), config: http.paths?.map((one) => ({ path: one, port })) },
    grpc: grpc && { options: options(grpc), config: grpc.methods?.map(grpcMethod) },
  };
}

/** Thanos refuses the start without the end. */
function options({ level = RequestLogLevel.INFO, moment = RequestLogMoment.END }: RequestLogOptions) {
  return { level, decision: { log_start: moment === RequestLogMoment.START_AND_END, log_end: true } };
}

function grpcMethod(name: string) {
  const [service, call] = name.split('/');
  return { service, method: call };
}

function path(value: unknown): string {
  if (typeof value === 'string' && /^\/[^\s?#]*$/.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a path; write such as "/api/v1/query"`);
}

function method(value: unknown): string {
  if (typeof value === 'string' && /^[\w.]+\/\w+$/.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a method; write such as "thanos.Store/Series"`);
}
