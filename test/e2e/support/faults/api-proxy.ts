import { type ChildProcess, spawn } from 'node:child_process';

const LIMIT = 10_000;

/** The API server as a port of this machine: it reaches pods and Services from anywhere, without a process for each question. */
export class ApiProxy {
  /** Starts it, on a free port. */
  public static async start(): Promise<ApiProxy> {
    const child = spawn('kubectl', ['proxy', '--port=0'], { env: process.env });
    const port = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('kubectl proxy does not start')), LIMIT);
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`kubectl proxy ended with ${code}`)));
      child.stdout.on('data', (text: Buffer) => {
        const found = /127\.0\.0\.1:(\d+)/.exec(text.toString())?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    });
    return new ApiProxy(child, `http://127.0.0.1:${port}`);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
  ) {}

  /** URL of a path of the API server. */
  public url(path: string): string {
    return `${this.address}${path}`;
  }

  /** URL at a Service, one of whose ready pods is asked each time, or at a pod: `services/NAME:PORT`, `pods/NAME:PORT`. */
  public urlOf(namespace: string, target: string, path: string): string {
    return this.url(`/api/v1/namespaces/${namespace}/${target}/proxy${path}`);
  }

  public stop(): void {
    this.child.kill();
  }
}
