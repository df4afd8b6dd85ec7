import { type ChildProcess, spawn } from 'node:child_process';
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

/** A Thanos that serves. */
export class Serving {
  constructor(
    private readonly child: ChildProcess,
    /** What it has logged so far. */
    public readonly output: () => string,
    private readonly httpPort: number,
    /** `127.0.0.1:port` of the StoreAPI. */
    public readonly grpcAddress: string,
    /** The same of a receiver's remote-write. */
    public readonly remoteWriteAddress: string,
    /** The same of its port for Cap'n Proto. */
    public readonly capnprotoAddress: string,
  ) {}

  /** URL of its HTTP port. */
  public get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Body of a page, whatever its status. */
  public async text(page: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.httpPort}${page}`)).text();
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
export async function serveThanos(args: readonly string[], env: Record<string, string> = {}): Promise<Serving> {
  const [http, ...rest] = await freePorts(4);
  const child = start([...args, ...addresses(args[0], http, rest)], env);
  const serving = new Serving(child, collect(child), http, ...local(rest));
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
  if (['receive', 'store', 'rule', 'query'].includes(command)) flags.push(`--grpc-address=127.0.0.1:${grpc}`);
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
