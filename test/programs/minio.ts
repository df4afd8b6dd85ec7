import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { sign } from 'aws4';
import { accepts, freePorts } from './ports';
import { program } from './program';

/** The bucket that each has. */
export const BUCKET = 'thanos';
/** Keys of the root user. */
export const ROOT_KEYS = { AWS_ACCESS_KEY_ID: 'rootuserofminio', AWS_SECRET_ACCESS_KEY: 'secret-of-the-root-user' };

/** A real MinIO with one bucket, and TLS where certificates are given. */
export class Minio {
  /** Starts one on free ports. `certificates` is a folder with public.crt and private.key. */
  public static async start(certificates?: string, tries = 3): Promise<Minio> {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-minio-'));
    const data = path.join(folder, 'data');
    const certs = certificates ?? path.join(folder, 'no-certs');
    // a folder in the data directory is a bucket
    for (const made of [path.join(data, BUCKET), certs]) mkdirSync(made, { recursive: true });
    const [port, console] = await freePorts(2);
    const addresses = ['--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${console}`];
    const { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: password } = ROOT_KEYS;
    const child = spawn(program('minio')!, ['server', '--quiet', ...addresses, '--certs-dir', certs, data], {
      env: { HOME: folder, MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password },
      stdio: 'ignore',
    });
    const minio = new Minio(child, folder, certificates !== undefined, port, console);
    try {
      await minio.#ready();
      return minio;
    } catch (error) {
      const ended = child.exitCode !== null;
      await minio.stop();
      // another program took a port that was free a moment ago
      if (ended && tries > 1) return await Minio.start(certificates, tries - 1);
      throw error;
    }
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly tls: boolean,
    public readonly port: number,
    public readonly consolePort: number,
  ) {}

  public get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Keys for an hour, from MinIO's STS, of a user with this policy. */
  public async temporaryKeys(...Statement: object[]): Promise<Record<string, string>> {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    const query = { Action: 'AssumeRole', Version: '2011-06-15', DurationSeconds: '3600', Policy };
    const body = new URLSearchParams(query).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const keys = { accessKeyId: ROOT_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: ROOT_KEYS.AWS_SECRET_ACCESS_KEY };
    const request = {
      method: 'POST',
      path: '/',
      host: this.address,
      service: 'sts',
      region: 'us-east-1',
      headers,
      body,
    };
    const answer = await this.#call('POST', '/', body, sign(request, keys).headers);
    const element = (name: string): string => {
      const text = new RegExp(`<${name}>([^<]*)<`).exec(answer.body)?.[1];
      if (text === undefined) throw new Error(`no ${name} in ${answer.body}`);
      return text;
    };
    return {
      AWS_ACCESS_KEY_ID: element('AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: element('SecretAccessKey'),
      AWS_SESSION_TOKEN: element('SessionToken'),
    };
  }

  public async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const over = new Promise((resolve) => this.child.once('close', resolve));
      this.child.kill('SIGKILL');
      await over;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const end = Date.now() + 20_000;
    const status = async () => (await this.#call('GET', '/minio/health/ready').catch(() => undefined))?.status;
    while ((await status()) !== 200 || !(await accepts(this.consolePort))) {
      if (this.child.exitCode !== null || Date.now() > end) throw new Error('minio does not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Whoever answers: some tests give it a certificate that nobody should trust. */
  #call(method: string, url: string, body = '', headers = {}): Promise<{ status?: number; body: string }> {
    return new Promise((resolve, reject) => {
      const options = { method, headers, rejectUnauthorized: false, agent: false, timeout: 5000 };
      const request = this.tls ? https.request : http.request;
      const call = request(`${this.tls ? 'https' : 'http'}://${this.address}${url}`, options, (response) => {
        let text = '';
        response
          .on('data', (chunk) => (text += chunk))
          .on('end', () => resolve({ status: response.statusCode, body: text }));
      });
      call.on('error', reject).end(body);
    });
  }
}
