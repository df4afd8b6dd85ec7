import { spawn } from 'node:child_process';
import type { Json } from '../../manifest/pod-specs';
import { CliProblem } from '../problem';

/** Which cluster, as kubectl takes it. */
export interface KubectlOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace: string;
}

/** How a call of kubectl ended. */
export interface Answer {
  readonly ok: boolean;
  readonly out: Buffer;
  /** The first line of what it complained about. */
  readonly error: string;
}

const MIB = 1024 * 1024;
/** The log of a pod that has run for months, cut from its beginning. */
const LARGEST_ANSWER = 256 * MIB;
const TIMEOUT_SECONDS = 60;
const PARALLEL = 4;
/** The cluster itself does not answer: no check makes sense. */
const NO_CLUSTER =
  /connection to the server .* was refused|Unable to connect to the server|no configuration has been provided|context .* does not exist|[Ee]rror loading config file|^error: stat |must be logged in/;

/** Reads a cluster through the user's own kubectl: his kubeconfig, logins and rights. It changes nothing. */
export class Kubectl {
  readonly #base: string[];
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(public readonly options: KubectlOptions) {
    this.#base = [
      ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
      ...(options.context === undefined ? [] : [`--context=${options.context}`]),
      `--namespace=${options.namespace}`,
    ];
  }

  /** An answer, whatever it is. Throws only where there is no kubectl or no cluster. */
  public async run(...args: string[]): Promise<Answer> {
    if (this.#running >= PARALLEL) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await call([...this.#base, ...args]);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /** An object, or a list of them. Undefined where it is not there; throws where it may not be read. */
  public async get(...args: string[]): Promise<Json> {
    const { ok, out, error } = await this.run('get', ...args, '--output=json', '--request-timeout=20s');
    if (ok) return JSON.parse(out.toString('utf8'));
    if (/NotFound|not found/.test(error)) return undefined;
    throw new NotAllowed(error);
  }

  /** A page that a pod serves, fetched by the API server. */
  public page(pod: string, port: number, path: string): Promise<Answer> {
    const proxy = `/api/v1/namespaces/${this.options.namespace}/pods/${pod}:${port}/proxy${path}`;
    return this.run('get', '--raw', proxy, '--request-timeout=20s');
  }
}

/** Something can't be read: mostly a right that the user doesn't have. */
export class NotAllowed extends Error {}

function call(args: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, {
      env: process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // spawn's own timeout would keep the process alive where there is no kubectl to start
    const timer = setTimeout(() => child.kill(), TIMEOUT_SECONDS * 1000);
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_ANSWER) child.kill();
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(missing(error));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = Buffer.concat(complaints).toString('utf8');
      const error = signal ? `kubectl gave no answer within ${TIMEOUT_SECONDS} s` : firstLine(said);
      if (code !== 0 && NO_CLUSTER.test(said)) reject(new CliProblem(`the cluster can't be reached: ${error}`));
      else resolve({ ok: code === 0, out: Buffer.concat(out), error });
    });
  });
}

function missing({ code, message }: NodeJS.ErrnoException): CliProblem {
  if (code !== 'ENOENT') return new CliProblem(`kubectl can't be started: ${message}`);
  return new CliProblem('needs kubectl on the PATH: https://kubernetes.io/docs/tasks/tools/');
}

/** Without client-go's own log lines and kubectl's remarks. */
function firstLine(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^([EWIF]\d{4} |Defaulted container)/.test(line));
  return lines[0] ?? '';
}
