import { type Endpoint, parseEndpoint } from '../../input/endpoint';
import { InputProblem, found } from '../../support/problem';
import { CliProblem } from '../problem';

const LONGEST_TIMEOUT_SECONDS = 3600;

/** Where to connect: host and port, the port of the scheme where none is given. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** An endpoint given on the command line. */
export function endpointOption(text: string, option: string): Endpoint {
  return named(option, () => parseEndpoint(text));
}

/** `--timeout` in milliseconds. */
export function timeoutOption(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > LONGEST_TIMEOUT_SECONDS)
    throw new CliProblem(`--timeout ${found(text)} is not a number of seconds (up to ${LONGEST_TIMEOUT_SECONDS})`);
  return seconds * 1000;
}

/** Adds to a complaint about a value where the value came from. */
export function named<T>(source: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputProblem) throw new CliProblem(`${source}: ${error.message}`);
    throw error;
  }
}

/** host:port, an IPv6 address in brackets. */
export function shown({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
