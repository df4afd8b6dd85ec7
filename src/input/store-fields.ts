import { InputProblem, found } from '../support/problem';
import { duration, struct, wholeNumber } from '../support/rows';
import { hasControl } from '../support/values';
import { ipVersion, parseEndpoint } from './endpoint';
import type { S3HttpOptions } from './s3-options';

// Rows of what the options of several object stores have in common.

/** The HTTP client. */
export const httpClient = struct<S3HttpOptions>({
  idleConnTimeout: duration,
  responseHeaderTimeout: duration,
  tlsHandshakeTimeout: duration,
  expectContinueTimeout: duration,
  maxIdleConns: wholeNumber(0),
  maxIdleConnsPerHost: wholeNumber(0),
  maxConnsPerHost: wholeNumber(0),
});

/** The name that a server's certificate must carry. */
export function serverName(name: unknown): string {
  if (typeof name === 'string' && (ipVersion(name) !== 0 || isHost(name))) return name;
  throw new InputProblem(`${found(name)} is not a DNS name or IP address; give one without scheme and port`);
}

/** A folder of the bucket. */
export function prefix(given: unknown): string {
  if (typeof given !== 'string' || given.replaceAll('/', '').trim() === '')
    throw new InputProblem(`${found(given)} names no folder; leave it out for the bucket's root`);
  if (hasControl(given) || given.split('/').some((part) => part === '.' || part === '..'))
    throw new InputProblem(`${found(given)} is not a folder: no ".", ".." and control characters`);
  return given;
}

/** A region. */
export function region(value: unknown): string {
  if (typeof value === 'string' && value !== '' && !/[\s/]/.test(value) && !hasControl(value)) return value;
  throw new InputProblem(`${found(value)} is not a region: a word without blanks and "/"`);
}

function isHost(name: string): boolean {
  try {
    return parseEndpoint(name).host === name;
  } catch {
    return false;
  }
}
