import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import { sign } from 'aws4';
import { describeThanos } from '../thanos/thanos';
import type { Holder } from './certificates';
import type { Servers } from './servers';

/** The real store: on the path, else where the test cluster's script builds it. */
export const MINIO = [
  ...(process.env.PATH ?? '').split(path.delimiter).filter((directory) => directory !== ''),
  path.join(process.env.THANOS_CLUSTER_HOME ?? path.join(homedir(), '.cache/thanos-cluster'), 'bin'),
]
  .map((directory) => path.join(directory, 'minio'))
  .find(isProgram);

export const BUCKET = 'thanos';
export const KEYS = { AWS_ACCESS_KEY_ID: 'catalogue', AWS_SECRET_ACCESS_KEY: 'catalogue-secret' };

/** A suite that needs Thanos and the store: skipped where one is absent, but in CI its absence fails. */
export function describeWithStore(name: string, body: () => void): void {
  if (MINIO) describeThanos(name, body);
  else if (process.env.CI) {
    test(`${name}: the real minio is there`, () => {
      throw new Error('no minio on PATH or in $THANOS_CLUSTER_HOME/bin; the TEST_CLUSTER script builds it');
    });
  } else describe.skip(`${name} (skipped: no minio; the TEST_CLUSTER script builds it)`, body);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A MinIO with TLS and one bucket. */
export class Minio {
  private constructor(
    public readonly port: number,
    private readonly child: ChildProcess,
    private readonly directory: string,
    private readonly ca: string,
  ) {}

  public static async start(servers: Servers, holder: Holder, ca: string): Promise<Minio> {
    const directory = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-minio-'));
    // a folder in the data directory is a bucket
    for (const folder of [`data/${BUCKET}`, 'certs']) mkdirSync(path.join(directory, folder), { recursive: true });
    writeFileSync(path.join(directory, 'certs/public.crt'), holder.pem);
    writeFileSync(path.join(directory, 'certs/private.key'), holder.keyPem);
    const port = await servers.closed();
    const args = ['server', '--quiet', '--certs-dir', path.join(directory, 'certs'), '--address', `127.0.0.1:${port}`];
    const child = spawn(MINIO!, [...args, '--console-address', '127.0.0.1:0', path.join(directory, 'data')], {
      env: {
        HOME: directory,
        MINIO_ROOT_USER: KEYS.AWS_ACCESS_KEY_ID,
        MINIO_ROOT_PASSWORD: KEYS.AWS_SECRET_ACCESS_KEY,
      },
      stdio: 'ignore',
    });
    const minio = new Minio(port, child, directory, ca);
    for (let tries = 0; (await minio.#status()) !== 200; tries++) {
      if (tries > 150 || child.exitCode !== null) throw new Error('MinIO does not get ready');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return minio;
  }

  /** Keys that may do nothing: of a temporary user whose policy denies all. */
  public async powerless(): Promise<Record<string, string>> {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] }],
    });
    const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', Policy: policy }).toString();
    const host = `127.0.0.1:${this.port}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const keys = { accessKeyId: KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY };
    const signed = sign({ method: 'POST', path: '/', host, service: 'sts', region: 'us-east-1', headers, body }, keys);
    const answer = await this.#call('POST', '/', body, signed.headers);
    const of = (name: string): string => new RegExp(`<${name}>(.*?)</${name}>`).exec(answer.body)?.[1] ?? '';
    if (of('AccessKeyId') === '') throw new Error(`no temporary keys: ${answer.body}`);
    return {
      AWS_ACCESS_KEY_ID: of('AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: of('SecretAccessKey'),
      AWS_SESSION_TOKEN: of('SessionToken'),
    };
  }

  public async stop(): Promise<void> {
    const over = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await over;
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #status(): Promise<number | undefined> {
    return (await this.#call('GET', '/minio/health/ready').catch(() => undefined))?.status;
  }

  #call(method: string, url: string, body = '', headers = {}): Promise<{ status?: number; body: string }> {
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: this.ca, agent: false, timeout: 5000 };
      const call = request(`https://127.0.0.1:${this.port}${url}`, options, (response) => {
        let text = '';
        response
          .on('data', (chunk) => (text += chunk))
          .on('end', () => resolve({ status: response.statusCode, body: text }));
      });
      call.on('error', reject).end(body);
    });
  }
}
