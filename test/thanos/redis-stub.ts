import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';

const HELLO = ['%3\r\n', '+server\r\n+redis\r\n', '+version\r\n+7.0.0\r\n', '+proto\r\n:3\r\n'];

/** Speaks enough of Redis' protocol for a client to start, and keeps what it was told. */
export class RedisStub {
  public static async start(tls?: { readonly cert: string; readonly key: string }): Promise<RedisStub> {
    const stub = new RedisStub(tls);
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  /** The words of all commands, in order. */
  public readonly told: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(tls?: { readonly cert: string; readonly key: string }) {
    const serve = (socket: Socket): void => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        for (const command of data.toString().split(/(?=\*\d+\r\n\$)/)) socket.write(this.#answer(command));
      });
    };
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
    this.#server.on('tlsClientError', () => undefined);
  }

  public get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  public stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(command: string): string {
    const words = command.split('\r\n').filter((_, i) => i > 0 && i % 2 === 0);
    this.told.push(...words);
    if (words[0] === 'HELLO') return words[1] === '3' ? HELLO.join('') : `*6\r\n${HELLO.slice(1).join('')}`;
    if (words[0] === 'PING') return '+PONG\r\n';
    return /GET/i.test(words[0] ?? '') ? '$-1\r\n' : '+OK\r\n';
  }
}
