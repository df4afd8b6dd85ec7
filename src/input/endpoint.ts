import { isIP, isIPv4 } from 'node:net';
import { isEnvToken } from '../support/env-token';
import { InputProblem, found } from '../support/problem';

const LABELS = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$/;
const WANTED = 'Write host or host:port only, such as "s3.minio.example.com:9000"';

/** A parsed `host[:port]`. */
export interface Endpoint {
  /** DNS name or IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly isIp: boolean;
}

/** 4 or 6 for an IP address, else 0. Asks for IPv6 only where there are two colons: Node's pattern takes 3 ms to compile. */
export function ipVersion(text: string): number {
  if (/:.*:/.test(text)) return isIP(text);
  return isIPv4(text) ? 4 : 0;
}

/** Reads an S3 endpoint as Thanos wants it, and names what is wrong with it. */
export function parseEndpoint(endpoint: string): Endpoint {
  if (isEnvToken(endpoint)) return { host: endpoint, isIp: false };
  if (endpoint === undefined || endpoint === '')
    throw new InputProblem(`is ${endpoint === '' ? 'empty' : 'missing'}. ${WANTED}`);
  if (typeof endpoint !== 'string') throw new InputProblem(`is ${found(endpoint)}, not a text. ${WANTED}`);
  // what may hold keys is never quoted: user information, and the query of a presigned URL
  if (endpoint.includes('@'))
    throw new InputProblem(`holds user information before "@". ${WANTED}; keys belong in credentials`);
  const shown = found(endpoint.replace(/[?#].*$/s, '?...'));
  if (/\s/.test(endpoint)) throw new InputProblem(`${shown} has blanks. ${WANTED}`);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(endpoint)) {
    throw new InputProblem(`${shown} has a scheme. ${WANTED}; TLS is used unless insecure is set`);
  }
  if (/[/?#]/.test(endpoint)) throw new InputProblem(`${shown} has a path or query. ${WANTED}`);
  const { host, port } = split(endpoint);
  const isIp = ipVersion(host) !== 0;
  if (isIp && host.includes('%'))
    throw new InputProblem(`${found(host)} has an IPv6 zone, which Thanos can't read. Use a name or a global address`);
  if (!isIp && (host.length > 253 || !LABELS.test(host) || /^[\d.]+$/.test(host))) {
    throw new InputProblem(`${found(host)} is neither a DNS name nor an IP address. ${WANTED}`);
  }
  return { host, port: port === undefined ? undefined : parsePort(port), isIp };
}

/**
 * Endpoint in one spelling, so that two spellings of one store are seen as one, and one spelling of two stores as two: a
 * name without dots is a Service of the pod's own namespace.
 */
export function canonicalEndpoint(endpoint: string, insecure: boolean, namespace: string): string {
  if (isEnvToken(endpoint)) return endpoint;
  const { host, port, isIp } = parseEndpoint(endpoint);
  return `${isIp ? canonicalIp(host) : canonicalName(host.toLowerCase(), namespace)}:${port ?? (insecure ? 80 : 443)}`;
}

/** Whether a bucket is that of a Service or claim, whose name means another store in another cluster. */
export function isInCluster(bucketId: string): boolean {
  return /^([^./]+\.[^./]+\.svc:|claim:|volume:)/.test(bucketId);
}

function canonicalName(host: string, namespace: string): string {
  const name = host.replace(/\.$/, '');
  if (!name.includes('.')) return `${name}.${namespace}.svc`;
  return name.replace(/^([^.]+\.[^.]+\.svc)\..*$/, '$1');
}

function canonicalIp(host: string): string {
  return isIP(host) === 6 ? new URL(`http://[${host}]`).hostname : host;
}

function split(endpoint: string): { host: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(endpoint);
  if (bracketed) {
    if (ipVersion(bracketed[1]) !== 6)
      throw new InputProblem(`${found(bracketed[1])} in brackets is not an IPv6 address. ${WANTED}`);
    return { host: bracketed[1], port: bracketed[2] };
  }
  if (ipVersion(endpoint) === 6)
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
