import { RequestLogLevel, RequestLogMoment, type RequestLoggingOptions, type ThanosComponent } from '../../src/index';
import { parse } from 'yaml';
import type { PropCase } from './prop-cases';

/** Every option of the log of requests. */
export const LOGGING: RequestLoggingOptions = {
  http: { level: RequestLogLevel.DEBUG, moment: RequestLogMoment.START_AND_END, paths: ['/api/v1/query'] },
  grpc: { level: RequestLogLevel.WARNING, methods: ['thanos.Store/Series'] },
};

/** The option of every component that serves requests. */
export const REQUEST_LOGGING_CASE: PropCase<RequestLoggingOptions, ThanosComponent> = {
  value: LOGGING,
  reaches: (made) =>
    expect(made.flag('--request.logging-config').map((config) => parse(config))).toEqual([
      {
        http: {
          options: { level: 'DEBUG', decision: { log_start: true, log_end: true } },
          config: [{ path: '/api/v1/query', port: 10902 }],
        },
        grpc: {
          options: { level: 'WARNING', decision: { log_start: false, log_end: true } },
          config: [{ service: 'thanos.Store', method: 'Series' }],
        },
      },
    ]),
};
