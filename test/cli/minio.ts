import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';

/** The real program: on the path, else where the test cluster's script builds it. */
const MINIO = [
  ...(process.env.PATH ?? '').split(path.delimiter).filter((directory) => directory !== ''),
  path.join(process.env.THANOS_CLUSTER_HOME ?? path.join(homedir(), '.cache/thanos-cluster'), 'bin'),
]
  .map((directory) => path.join(directory, 'minio'))
  .find(isProgram);

/** A suite that needs a real MinIO: skipped where it is absent, but in CI its absence fails. */
export function describeMinio(name: string, body: () => void): void {
  if (MINIO) describe(name, body);
  else if (process.env.CI) {
    test(`${name}: the real minio is there`, () => {
      throw new Error('no minio on PATH or in $THANOS_CLUSTER_HOME/bin; the TEST_CLUSTER script builds it');
    });
  } else describe.skip(`${name} (skipped: no minio; the TEST_CLUSTER script builds it)`, body);
}

/** Keys of the root user. */
export const ROOT_KEYS = { AWS_ACCESS_KEY_ID: 'rootuserofminio', AWS_SECRET_ACCESS_KEY: 'secret-of-the-root-user' };

/** A MinIO with the bucket `thanos`, and TLS where certificates are given. */
export class Minio {
  /** Starts one on free ports. `certificates` is a folder with public.crt and private.key. */
  public static async start(certificates?: string): Promise<Minio> {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-minio-'));
    mkdirSync(path.join(folder, 'data/thanos'), { recursive: true });
    mkdirSync(path.join(folder, 'no-certs'));
    const [port, console] = [await freePort(), await freePort()];
    const args = ['server', path.join(folder, 'data'), '--address', `127.0.0.1:${port}`];
    args.push(
      '--console-address',
      `127.0.0.1:${console}`,
      '--certs-dir',
      certificates ?? path.join(folder, 'no-certs'),
    );
    const { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: password } = ROOT_KEYS;
    const env = { HOME: folder, MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password };
    const minio = new Minio(spawn(MINIO!, args, { env, stdio: 'ignore' }), folder, port, console);
    await minio.listening(port);
    await minio.listening(console);
    return minio;
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    public readonly port: number,
    public readonly consolePort: number,
  ) {}

  public get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  public async stop(): Promise<void> {
    const over = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await over;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listening(port: number): Promise<void> {
    const end = Date.now() + 20_000;
    while (!(await accepts(port))) {
      if (this.child.exitCode !== null || Date.now() > end) throw new Error('minio does not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
