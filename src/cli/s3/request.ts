import * as http from 'node:http';
import type { Socket } from 'node:net';
import { library } from '../libraries';
import { inTime } from '../pki/connect';
import type { Keys, Settings } from './settings';

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

/** Sends one GET over an open connection, signed where there are keys, and closes the connection. */
export async function get(
  settings: Settings,
  socket: Socket,
  query: string,
  region: string,
  keys?: Keys,
): Promise<S3Answer> {
  const path = `${settings.pathStyle ? `/${settings.bucket}` : ''}/${query}`;
  const headers: Record<string, string> = {
    Host: settings.hostHeader,
    'User-Agent': 'cdk8s-thanos',
    Connection: 'close',
  };
  const request = { method: 'GET', path, headers, host: settings.host, service: 's3', region };
  if (keys) library('aws4').sign(request, keys);
  const { timeoutMs } = settings;
  try {
    return await inTime(exchange(socket, path, request.headers), timeoutMs, () => undefined);
  } finally {
    socket.destroy();
  }
}

function exchange(socket: Socket, path: string, headers: Record<string, string>): Promise<S3Answer> {
  return new Promise((done, failed) => {
    const request = http.request({ createConnection: () => socket, path, headers, setHost: false }, (response) => {
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
    request.end();
  });
}

function answerOf(response: http.IncomingMessage, body: string): S3Answer {
  return {
    status: response.statusCode ?? 0,
    body,
    code: element(body, 'Code'),
    message: element(body, 'Message'),
    region: element(body, 'Region') ?? (response.headers['x-amz-bucket-region'] as string | undefined),
    server: response.headers.server?.toString(),
  };
}

/** Text of an element of a small XML answer; these elements hold text only. */
export function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity]);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
