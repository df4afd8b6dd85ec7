import { isIP } from 'node:net';
import { InputProblem, found } from '../support/problem';

const LABELS = /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$/;
const WANTED = 'Write host or host:port only, such as "s3.minio.example.com:9000"';

/** A parsed `host[:port]`. */
export interface Endpoint {
  /** DNS name or IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly isIp: boolean;
}

/** Reads an S3 endpoint as Thanos wants it, and names what is wrong with it. */
export function parseEndpoint(endpoint: string): Endpoint {
  if (typeof endpoint !== 'string' || endpoint === '') throw new InputProblem(`is empty. ${WANTED}`);
  if (/\s/.test(endpoint)) throw new InputProblem(`${found(endpoint)} has blanks. ${WANTED}`);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(endpoint)) {
    throw new InputProblem(`${found(endpoint)} has a scheme. ${WANTED}; TLS is used unless insecure is set`);
  }
  if (endpoint.includes('@'))
    throw new InputProblem(`holds user information before "@". ${WANTED}; keys belong in credentials`);
  if (/[/?#]/.test(endpoint)) throw new InputProblem(`${found(endpoint)} has a path or query. ${WANTED}`);
  const { host, port } = split(endpoint);
  const isIp = isIP(host) !== 0;
  if (!isIp && (host.length > 253 || !LABELS.test(host) || /^[\d.]+$/.test(host))) {
    throw new InputProblem(`${found(host)} is neither a DNS name nor an IP address. ${WANTED}`);
  }
  return { host, port: port === undefined ? undefined : parsePort(port), isIp };
}

/** Endpoint in one spelling, so that two spellings of one store are seen as one. */
export function canonicalEndpoint(endpoint: string, insecure: boolean): string {
  const { host, port } = parseEndpoint(endpoint);
  return `${host.toLowerCase()}:${port ?? (insecure ? 80 : 443)}`;
}

function split(endpoint: string): { host: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(endpoint);
  if (bracketed) {
    if (isIP(bracketed[1]) !== 6)
      throw new InputProblem(`${found(bracketed[1])} in brackets is not an IPv6 address. ${WANTED}`);
    return { host: bracketed[1], port: bracketed[2] };
  }
  if (isIP(endpoint) === 6)
    throw new InputProblem(`${found(endpoint)} is an IPv6 address without brackets. Write "[${endpoint}]:9000"`);
  const colon = endpoint.indexOf(':');
  return colon < 0 ? { host: endpoint } : { host: endpoint.slice(0, colon), port: endpoint.slice(colon + 1) };
}

function parsePort(port: string): number {
  const n = Number(port);
  if (!/^\d{1,5}$/.test(port) || n < 1 || n > 65535)
    throw new InputProblem(`port ${found(port)} is not a number from 1 to 65535. ${WANTED}`);
  return n;
}
