import { type ChildProcess, spawn } from 'node:child_process';
import * as http from 'node:http';
import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { freePorts } from './ports';
import { describeWith, program } from './program';

/** A suite that needs the real program. */
export function describeThanos(name: string, body: () => void): void {
  describeWith(['thanos'], name, body);
}

/** How a call of Thanos ended. */
export interface Ended {
  readonly code: number | null;
  /** Both streams; stack traces cut off. */
  readonly output: string;
}

/** Runs Thanos to its end, with these variables and no others. */
export async function runThanos(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = start(args, env);
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const output = collect(child);
  const code = await ended(child);
  clearTimeout(timer);
  return { code, output: output() };
}

/** How a HTTP port is asked that has a web config. */
export interface Web {
  /** Over TLS by this CA, as `localhost`. */
  readonly ca?: string;
  /** `user:password`. */
  readonly login?: string;
}

/** An answer to a GET. */
export interface Page {
  readonly status: number;
  readonly text: string;
}

/** A page, whatever its status; fetch knows no CA. */
export function getPage(port: number, path: string, { ca, login }: Web = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, agent: false, auth: login };
    const take = (response: IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, text })).on('error', reject);
    };
    const asked = ca ? https.get({ ...options, ca, servername: 'localhost' }, take) : http.get(options, take);
    asked.on('error', reject);
  });
}

/** A Thanos that serves. */
export class Serving {
  constructor(
    private readonly child: ChildProcess,
    /** What it has logged so far. */
    public readonly output: () => string,
    public readonly httpPort: number,
    /** `127.0.0.1:port` of the StoreAPI. */
    public readonly grpcAddress: string,
    /** The same of a receiver's remote-write. */
    public readonly remoteWriteAddress: string,
    /** The same of its port for Cap'n Proto. */
    public readonly capnprotoAddress: string,
    private readonly web?: Web,
  ) {}

  /** URL of its HTTP port. */
  public get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Body of a page, whatever its status. */
  public async text(page: string): Promise<string> {
    if (this.web) return (await this.page(page)).text;
    return (await fetch(`http://127.0.0.1:${this.httpPort}${page}`)).text();
  }

  /** A page and its status, asked as the web config wants it or otherwise. */
  public page(path: string, web = this.web): Promise<Page> {
    return getPage(this.httpPort, path, web);
  }

  /** Status of the answer to a POST without a body. */
  public async post(page: string): Promise<number> {
    return (await fetch(`http://127.0.0.1:${this.httpPort}${page}`, { method: 'POST' })).status;
  }

  /** `data` of an API answer. */
  public async api(page: string): Promise<any> {
    return JSON.parse(await this.text(page)).data;
  }

  /** Waits until a question has an answer; fails with the log. */
  public async until<T>(what: string, ask: () => Promise<T | undefined>, seconds = 15): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await ask().catch(() => undefined);
      if (answer !== undefined && answer !== false) return answer;
      if (this.child.exitCode !== null) throw new Error(`thanos ended before ${what}:\n${this.output()}`);
      if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s:\n${this.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  public async ready(): Promise<void> {
    await this.until('/-/ready', async () => (await this.text('/-/ready')) === 'OK' || undefined);
  }

  public async stop(): Promise<void> {
    const over = ended(this.child);
    this.child.kill('SIGKILL');
    await over;
  }

  /** Lets it end as Kubernetes does: a receiver uploads its head. */
  public async end(): Promise<void> {
    const over = ended(this.child);
    this.child.kill('SIGTERM');
    if ((await over) !== 0) throw new Error(`thanos did not end well:\n${this.output()}`);
  }
}

/** Starts a component on free ports and waits until it is healthy: by then flags and configs are parsed. */
export async function serveThanos(
  args: readonly string[],
  env: Record<string, string> = {},
  web?: Web,
): Promise<Serving> {
  const [port, ...rest] = await freePorts(4);
  const child = start([...args, ...addresses(args[0], port, rest)], env);
  const serving = new Serving(child, collect(child), port, ...local(rest), web);
  try {
    await serving.until('/-/healthy', async () => (await serving.text('/-/healthy')) === 'OK' || undefined);
    return serving;
  } catch (error) {
    await serving.stop();
    throw error;
  }
}

function local([grpc, remoteWrite, capnproto]: number[]): [string, string, string] {
  return [`127.0.0.1:${grpc}`, `127.0.0.1:${remoteWrite}`, `127.0.0.1:${capnproto}`];
}

function addresses(command: string, http: number, [grpc, remoteWrite, capnproto]: number[]): string[] {
  const flags = [`--http-address=127.0.0.1:${http}`];
  if (['receive', 'store', 'rule', 'query', 'sidecar'].includes(command))
    flags.push(`--grpc-address=127.0.0.1:${grpc}`);
  if (command !== 'receive') return flags;
  return [
    ...flags,
    `--remote-write.address=127.0.0.1:${remoteWrite}`,
    `--receive.capnproto-address=127.0.0.1:${capnproto}`,
  ];
}

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(program('thanos')!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text.replace(/(\\n(github\.com|main|runtime)[^"]*)/g, '');
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', resolve));
}
