import { parse } from 'yaml';
import { type GrpcRequestLogOptions, type HttpRequestLogOptions, type RequestLogLevel } from '../../src/index';
import { makeKind } from './kinds';

const made = (requestLogging: object) => makeKind('store', { requestLogging } as object);

test('a line at the end of each request, unless more is said', () => {
  expect(parse(made({ grpc: {} }).flag('--request.logging-config')[0])).toEqual({
    grpc: { options: { level: 'INFO', decision: { log_start: false, log_end: true } } },
  });
});

test.each<[{ http?: HttpRequestLogOptions; grpc?: GrpcRequestLogOptions }, string]>([
  [{ http: { paths: ['api'] } }, 'http: paths: [0]: "api" is not a path; write such as "/api/v1/query"'],
  [
    { grpc: { methods: ['Series'] } },
    'grpc: methods: [0]: "Series" is not a method; write such as "thanos.Store/Series"',
  ],
  [{ http: { level: 'info' as RequestLogLevel } }, 'http: level: "info" is not one of DEBUG, INFO, WARNING, ERROR'],
])('%j is refused', (logging, message) => {
  expect(() => made(logging)).toThrow(`cdk8s-thanos: test/Component: requestLogging: ${message}`);
});

test('a component that serves no such requests has none', () => {
  expect(() => makeKind('compactor', { requestLogging: {} } as object)).toThrow('requestLogging');
});
