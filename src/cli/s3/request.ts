import * as http from 'node:http';
import type { Socket } from 'node:net';
import { library } from '../libraries';
import { withoutSecrets } from '../output';
import { inTime } from '../pki/connect';
import type { AccessKeys, Settings } from './settings';

/** What an S3 server answered. */
export interface S3Answer {
  readonly status: number;
  /** First part of the body. */
  readonly body: string;
  /** `Code` of an S3 error. */
  readonly code?: string;
  /** `Message` of an S3 error. */
  readonly message?: string;
  /** Region that the server names in an error. */
  readonly region?: string;
  readonly server?: string;
}

/** No answer to one key, or to a location, is larger. */
const LONGEST_BODY = 256 * 1024;
/** Longer texts of a server are cut. */
const LONGEST_SHOWN = 300;

/** What is asked of the bucket, or of an object in it. */
export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Name of the object; empty for the bucket itself. */
  readonly key?: string;
  /** With its question mark. */
  readonly query?: string;
  readonly body?: string;
}

/** Sends one request over an open connection, signed where there are keys, and closes the connection. */
export async function send(
  settings: Settings,
  socket: Socket,
  { method, key = '', query = '', body }: S3Request,
  region: string,
  keys?: AccessKeys,
): Promise<S3Answer> {
  const object = key.split('/').map(encodeURIComponent).join('/');
  const path = `${settings.pathStyle ? `/${encodeURIComponent(settings.bucket)}` : ''}/${object}${query}`;
  const headers: Record<string, string> = {
    Host: settings.hostHeader,
    'User-Agent': 'cdk8s-thanos',
    Connection: 'close',
    ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
  };
  const request = { method, path, headers, body, host: settings.host, service: 's3', region };
  if (keys) library('aws4').sign(request, keys);
  const { timeoutMs } = settings;
  try {
    return await inTime(exchange(socket, request), timeoutMs, () => undefined);
  } finally {
    socket.destroy();
  }
}

interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function exchange(socket: Socket, { method, path, headers, body: content }: Signed): Promise<S3Answer> {
  return new Promise((done, failed) => {
    const options = { createConnection: () => socket, method, path, headers, setHost: false };
    const request = http.request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < LONGEST_BODY) body += chunk;
        else response.destroy();
      });
      const finish = (): void => done(answerOf(response, body));
      response.once('end', finish);
      response.once('close', finish);
      response.once('error', finish);
    });
    request.once('error', failed);
    request.end(content);
  });
}

function answerOf(response: http.IncomingMessage, body: string): S3Answer {
  return {
    status: response.statusCode ?? 0,
    body,
    code: shownPart(element(body, 'Code')),
    message: shownPart(element(body, 'Message')),
    region: shownPart(element(body, 'Region') ?? (response.headers['x-amz-bucket-region'] as string | undefined)),
    server: shownPart(response.headers.server?.toString()),
  };
}

/** What may be shown of a server's text: on one line, cut, and without the keys that it was sent. */
export function shownPart(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const safe = withoutSecrets(text);
  const cut = safe.length > LONGEST_SHOWN ? `${safe.slice(0, LONGEST_SHOWN)}...` : safe;
  return cut.replace(/[\r\n]/g, ' ');
}

/**
 * Text of an element of a small XML answer; these elements hold text only. Each part of the answer is looked at once: the
 * server's is no trusted text.
 */
export function element(xml: string, name: string): string | undefined {
  const end = `</${name}>`;
  let at = 0;
  for (;;) {
    const start = xml.indexOf(`<${name}`, at);
    const opened = start < 0 ? -1 : xml.indexOf('>', start);
    if (opened < 0) return undefined;
    at = opened + 1;
    const next = xml[start + name.length + 1];
    const closed = xml.indexOf('<', at);
    if (closed < 0) return undefined;
    if ((next === '>' || next === ' ') && xml.startsWith(end, closed)) return decodedText(xml.slice(at, closed));
    at = closed;
  }
}

function decodedText(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity]);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
