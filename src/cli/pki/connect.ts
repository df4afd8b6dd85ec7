import type { X509Certificate } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { ClientPair } from '../client-certificate';
import { startLookup } from './lookup';

/** An answer that did not come in time. */
export class TimedOut extends Error {}

/** How TLS is spoken. */
export interface TlsOptions {
  /** Name for SNI; an IP address is left out, as the standard wants. */
  readonly serverName: string;
  readonly timeoutMs: number;
  /** Client certificate and key, PEM. */
  readonly client?: ClientPair;
}

/** A TLS connection and what the server showed. */
export interface TlsConnection {
  readonly socket: tls.TLSSocket;
  /** The server's certificate, then those that it sent with it, in its order. */
  readonly sent: X509Certificate[];
}

/** A process that has not started by then starts never. */
const STARTS_WITHIN = 30_000;

/** What `resolve` found: a connection does not ask again. */
const known = new Map<string, LookupAddress[]>();

/** Addresses of a name. */
export async function resolve(host: string, timeoutMs: number): Promise<string[]> {
  if (net.isIP(host) !== 0) return [host];
  const { begun, addresses, stop } = startLookup(host);
  addresses.catch(() => undefined);
  // the limit is the resolver's, not that of the process that asks it
  await inTime(begun, STARTS_WITHIN, stop);
  const found = await inTime(addresses, timeoutMs, stop);
  known.set(host, found);
  return found.map((entry) => entry.address);
}

/** Opens a TCP connection. */
export function openTcp(host: string, port: number, timeoutMs: number): Promise<net.Socket> {
  const addresses = known.get(host);
  const socket = net.connect({ host, port, ...(addresses && { lookup: answering(addresses) }) });
  const connected = new Promise<net.Socket>((done, failed) => {
    socket.once('connect', () => done(socket));
    socket.once('error', (error) => failed(firstOf(error)));
  });
  return inTime(connected, timeoutMs, () => socket.destroy());
}

function answering(addresses: LookupAddress[]): net.LookupFunction {
  return (_, { all }, callback) => {
    if (all) callback(null, addresses);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}

/** Speaks TLS over a TCP connection. Every certificate is taken here; the caller judges it. */
export function openTls(tcp: net.Socket, options: TlsOptions): Promise<TlsConnection> {
  const { serverName, client, timeoutMs } = options;
  const socket = tls.connect({
    socket: tcp,
    servername: net.isIP(serverName) === 0 ? serverName.replace(/\.+$/, '') : undefined,
    // chain and name are judged as Go does, not as OpenSSL
    rejectUnauthorized: false,
    ca: [],
    cert: client?.certificate,
    key: client?.key,
  });
  const connected = new Promise<TlsConnection>((done, failed) => {
    socket.once('secureConnect', () => done({ socket, sent: sentBy(socket) }));
    socket.once('error', failed);
    tcp.once('close', () => failed(Object.assign(new Error('closed in the TLS handshake'), { code: 'ECONNRESET' })));
  });
  // errors after the handshake (a refused client certificate) reach whoever reads the socket
  socket.on('error', () => undefined);
  return inTime(connected, timeoutMs, () => socket.destroy());
}

/** Fails with TimedOut, and cleans up, where nothing came in time. */
export async function inTime<T>(work: Promise<T>, timeoutMs: number, cleanUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new TimedOut(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    cleanUp();
    work.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** getPeerCertificate leaves out what signed nothing below it; this has all, but can be asked only once. */
function sentBy(socket: tls.TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next = socket.getPeerX509Certificate(); next; next = next.issuerCertificate) sent.push(next);
  return sent;
}

/** A name with several addresses fails with all of their errors in one. */
function firstOf(error: Error): Error {
  return error instanceof AggregateError ? (error.errors[0] as Error) : error;
}
