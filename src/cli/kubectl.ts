import { spawn } from 'node:child_process';
import type { Json } from '../support/json';
import { CliProblem } from './problem';

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

/** How long a call may take, and how much it may answer. */
export interface Limits {
  readonly seconds: number;
  readonly bytes: number;
  /** All calls together; as long as they take where it is not given. */
  readonly allSeconds?: number;
}

/** Of one call. */
interface TimeLeft extends Limits {
  /** What is said where it does not end in time. */
  readonly late: string;
}

const MIB = 1024 * 1024;
/** Bytes: the log of a pod that has run for months, cut from its beginning. */
const LIMITS: Limits = { seconds: 60, bytes: 256 * MIB };
/** What a process that has ended may still have in its pipes is there at once. */
const DRAIN_MS = 1000;
/** What kubectl says of an error stands at its beginning. */
const LONGEST_COMPLAINT = 64 * 1024;
const PARALLEL = 4;
/** The cluster itself does not answer: no check makes sense. */
const UNREACHABLE =
  /connection to the server .{1,300} was refused|Unable to connect to the server|no configuration has been provided|context .{1,300} does not exist|[Ee]rror loading config file|^error: stat /;
const NO_CLUSTER = new RegExp(`${UNREACHABLE.source}|must be logged in`);

interface CallOptions {
  readonly input?: string;
  /** What is said where the cluster itself does not answer. */
  readonly lost?: RegExp;
}

/** A pod that serves pages. */
interface PagePod {
  readonly name: string;
  readonly httpPort: number;
  readonly https: boolean;
}

/** Reads a cluster through the user's own kubectl: his kubeconfig, logins and rights. It changes nothing. */
export class Kubectl {
  readonly #base: string[];
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #end: number;
  readonly #limits: Limits;

  constructor(
    public readonly options: KubectlOptions,
    limits: Partial<Limits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
    this.#end = performance.now() + (this.#limits.allSeconds ?? Infinity) * 1000;
    this.#base = [
      ...(options.kubeconfig === undefined ? [] : [`--kubeconfig=${options.kubeconfig}`]),
      ...(options.context === undefined ? [] : [`--context=${options.context}`]),
      `--namespace=${options.namespace}`,
    ];
  }

  /** An answer, whatever it is. Throws only where there is no kubectl or no cluster. */
  public run(...args: string[]): Promise<Answer> {
    return this.#call(args);
  }

  async #call(args: string[], { input, lost = NO_CLUSTER }: CallOptions = {}): Promise<Answer> {
    if (this.#running >= PARALLEL) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await call([...this.#base, ...args], this.#left(), lost, input);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /**
   * How long kubectl waits for the API server. In a pod it must not be told: kubectl takes the pod's own account where no option
   * of the connection is given (DeferredLoadingClientConfig of client-go), and there a call's limit alone holds.
   */
  #patience(): string[] {
    const { kubeconfig = process.env.KUBECONFIG, context } = this.options;
    const inPod = process.env.KUBERNETES_SERVICE_HOST !== undefined && !kubeconfig && context === undefined;
    return inPod ? [] : ['--request-timeout=20s'];
  }

  /** What a call that starts now may take. */
  #left(): TimeLeft {
    const { seconds, bytes, allSeconds } = this.#limits;
    const left = (this.#end - performance.now()) / 1000;
    if (left < seconds) return { seconds: Math.max(left, 0), bytes, late: `the ${allSeconds} s for all were over` };
    return { seconds, bytes, late: `kubectl gave no answer within ${seconds} s` };
  }

  /** An object, or a list of them. Undefined where it is not there; throws where it may not be read. */
  public async get(...args: string[]): Promise<Json> {
    const { ok, out, error } = await this.run('get', ...args, '--output=json', ...this.#patience());
    if (ok) return JSON.parse(out.toString('utf8'));
    if (/NotFound|not found/.test(error)) return undefined;
    throw new NotAllowed(error);
  }

  /** What the API server or something behind it answers to a POST. */
  public post(path: string, body: string): Promise<Answer> {
    return this.#call(['create', '--raw', path, '--filename=-'], { input: body });
  }

  /** A page that a pod serves, fetched by the API server, which verifies no certificate of pods. */
  public page(pod: PagePod, path: string): Promise<Answer> {
    const name = `${pod.https ? 'https:' : ''}${pod.name}:${pod.httpPort}`;
    const proxy = `/api/v1/namespaces/${this.options.namespace}/pods/${name}/proxy${path}`;
    // a pod's own 401 is said as if it were the API server's
    return this.#call(['get', '--raw', proxy, ...this.#patience()], { lost: UNREACHABLE });
  }
}

/** Something can't be read: mostly a right that the user doesn't have. */
export class NotAllowed extends CliProblem {}

/**
 * It ends with kubectl or at the limit, whatever processes kubectl started (for a login, say): they may live on, and hold
 * its pipes open.
 */
function call(args: string[], limits: TimeLeft, lost: RegExp, input?: string): Promise<Answer> {
  if (limits.seconds === 0) return Promise.resolve({ ok: false, out: Buffer.alloc(0), error: limits.late });
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { env: process.env, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    let size = 0;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      clearTimeout(drain);
      child.kill('SIGKILL');
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
      child.unref();
      settle();
    };
    const failed = (error: string): void => end(() => resolve({ ok: false, out: Buffer.alloc(0), error }));
    const answered = (code: number | null): void =>
      end(() => {
        const said = Buffer.concat(complaints).subarray(0, LONGEST_COMPLAINT).toString('utf8');
        const error = firstLine(said);
        if (code !== 0 && lost.test(said)) reject(new CliProblem(`the cluster can't be reached: ${error}`));
        else resolve({ ok: code === 0, out: Buffer.concat(out), error });
      });
    const timer = setTimeout(() => failed(limits.late), limits.seconds * 1000);
    let drain: NodeJS.Timeout | undefined;
    const take = (list: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bytes) failed(`kubectl answered more than ${shownSize(limits.bytes)}`);
      else list.push(chunk);
    };
    child.stdout.on('data', take(out));
    child.stderr.on('data', take(complaints));
    // kubectl need not read to the end
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => end(() => reject(missing(error))));
    child.on('exit', (code) => (drain = setTimeout(() => answered(code), DRAIN_MS)));
    child.on('close', (code) => answered(code));
  });
}

function shownSize(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${bytes / MIB} MiB`;
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
