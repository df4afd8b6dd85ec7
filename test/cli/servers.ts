import { type ChildProcess, spawn } from 'node:child_process';
import { type Server, type Socket, connect, createServer } from 'node:net';
import * as tls from 'node:tls';
import type { Pair } from './issued';

/** A server of a test on a free port of this machine. */
export interface Running {
  readonly port: number;
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a server and forgets the connections that are still open at its end. */
export async function listening(server: Server): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const stop = async (): Promise<void> => {
    const over = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await over;
  };
  return { port, address: `127.0.0.1:${port}`, stop };
}

/** Shows a certificate and says nothing. */
export function tlsServer(pair: Pair, chain = '', options: tls.TlsOptions = {}): Promise<Running> {
  const server = tls.createServer({ cert: pair.certificate + chain, key: pair.key, ...options }, (socket) =>
    socket.on('error', () => undefined),
  );
  return listening(server);
}

/** Takes connections and never says a word. */
export function silentServer(): Promise<Running> {
  return listening(createServer());
}

/** Hangs up at the first byte. */
export function hangingUpServer(): Promise<Running> {
  return listening(createServer((socket) => socket.once('data', () => socket.destroy())));
}

/** A port whose queue is full, so that the kernel drops what comes: what a firewall does. */
export async function droppingServer(): Promise<Running> {
  const code = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  child.kill('SIGSTOP');
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const stop = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    await killed(child);
  };
  return { port, address: `127.0.0.1:${port}`, stop };
}

function killed(child: ChildProcess): Promise<unknown> {
  const over = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  return over;
}
