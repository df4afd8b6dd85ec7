/** Level of the least important log line that is written (`--log.level`). */
export enum LogLevel {
  /** Everything, requests to the store included. */
  DEBUG = 'debug',
  /** What happens. */
  INFO = 'info',
  /** What may need attention. */
  WARN = 'warn',
  /** Failures alone. */
  ERROR = 'error',
}

/** Form of the log lines (`--log.format`). */
export enum LogFormat {
  /** `key=value` pairs. */
  LOGFMT = 'logfmt',
  /** A JSON object per line. */
  JSON = 'json',
  /** JSON with the field names of journald. Needs Thanos 0.42. */
  JOURNALD = 'journald',
}
