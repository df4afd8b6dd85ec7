import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerCertificates } from './server-certificates';

/** A request that reached the store. */
export interface Seen {
  readonly method: string;
  /** Host that the client meant. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly tls: boolean;
  /** SNI. */
  readonly serverName?: string;
  /** Subject of the client's certificate. */
  readonly clientName?: string;
}

/**
 * An empty S3 bucket, and an STS, that record what they are asked. It is reached as a proxy, so endpoints stand in the
 * configs as users write them; TLS ends here.
 */
export class S3Stub {
  public readonly seen: Seen[] = [];
  readonly #tls;
  readonly #proxy: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(certificates: ServerCertificates) {
    const { serverKey: key, serverCertificate: cert, ca } = certificates;
    const options = { key, cert, ca, requestCert: true, rejectUnauthorized: false };
    this.#tls = createTlsServer(options, (request, response) => void this.#answer(request, response));
    this.#proxy = createServer((request, response) => void this.#answer(request, response));
    this.#proxy.on('connection', (socket) => this.#sockets.add(socket));
    this.#proxy.on('connect', (_, socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      this.#tls.emit('connection', socket);
    });
  }

  public static async start(certificates: ServerCertificates): Promise<S3Stub> {
    const stub = new S3Stub(certificates);
    await new Promise<void>((resolve) => stub.#proxy.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  /** `127.0.0.1:port`, for a plain HTTP endpoint. */
  public get address(): string {
    return `127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  /** Variables that lead every host but the loopback here. */
  public get env(): Record<string, string> {
    return { HTTP_PROXY: `http://${this.address}`, HTTPS_PROXY: `http://${this.address}` };
  }

  public async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#proxy.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = observe(request, Buffer.concat(chunks));
    this.seen.push(seen);
    const [status, body] = reply(seen);
    response
      .writeHead(status, { 'Content-Type': 'application/xml', ETag: '"0"' })
      .end(seen.method === 'HEAD' ? '' : body);
  }
}

function observe(request: IncomingMessage, body: Buffer): Seen {
  const socket = request.socket as Partial<TLSSocket>;
  const tls = typeof socket.getPeerCertificate === 'function';
  const url = new URL(request.url!, `http://${request.headers.host}`);
  const text = (value: string): string => Buffer.from(value, 'latin1').toString('utf8');
  return {
    method: request.method!,
    host: /^https?:\/\/([^/]*)/.exec(request.url!)?.[1] ?? request.headers.host!,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, text(String(value))])),
    body: body.toString('utf8'),
    tls,
    serverName: tls ? String(socket.servername || '') : undefined,
    clientName: tls ? (socket.getPeerCertificate!()?.subject?.CN as string | undefined) : undefined,
  };
}

function reply({ method, host, path, query }: Seen): [status: number, body: string] {
  if (host.startsWith('sts.')) return [200, STS];
  if (method === 'PUT') return [200, ''];
  if (query.has('location')) return [200, '<LocationConstraint>eu-stub-1</LocationConstraint>'];
  if (method === 'GET' && (path.split('/').length <= 2 || path.endsWith('/')))
    return [200, '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'];
  return [404, '<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>'];
}

const STS = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>FROMSTS</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>r</AssumedRoleId></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
