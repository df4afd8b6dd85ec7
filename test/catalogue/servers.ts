import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import * as path from 'node:path';
import type { Holder } from './certificates';

/** Servers of one kind of trouble each, on ports of the loopback. */
export class Servers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #children: ChildProcess[] = [];

  /** Shows this certificate and what follows it; never gets to HTTP unless a client accepts it, and then never answers. */
  public tls(holder: Holder, options: TlsOptions = {}): Promise<number> {
    const server = createTls({ key: holder.keyPem, cert: holder.pem, ...options });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket) => socket.on('error', () => undefined));
    return this.#listen(server);
  }

  /** Speaks HTTP without TLS. */
  public http(): Promise<number> {
    const server = createHttp((_, response) => response.end());
    return this.#listen(server);
  }

  /** Accepts, and does this with the connection. */
  public tcp(talk: (socket: Socket) => void): Promise<number> {
    return this.#listen(createServer(talk));
  }

  /** A port where nothing listens. */
  public async closed(): Promise<number> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  /** A port that drops packets, as a firewall does: its queue is full and nobody empties it. */
  public async dropping(): Promise<number> {
    const child = fork(path.join(__dirname, 'dropping.mjs'));
    this.#children.push(child);
    const [port] = (await once(child, 'message')) as [number];
    for (let i = 0; i < 4; i++) this.#keep(connect(port, '127.0.0.1'));
    return port;
  }

  public async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  async #listen(server: Server): Promise<number> {
    server.on('connection', (socket: Socket) => this.#keep(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
  }
}
