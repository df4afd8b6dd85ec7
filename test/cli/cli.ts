import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');
// each call is a process of its own, and some make keys or stretch passwords
jest.setTimeout(60_000);

/** How a call of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. */
  readonly json: any;
}

/** What a call gets. */
export interface CallOptions {
  readonly input?: string | Buffer;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** Runs the command as a process of its own, with these variables and no others. */
export async function cli(
  args: readonly string[],
  { input = '', env = {}, cwd = ROOT }: CallOptions = {},
): Promise<Ended> {
  const register = path.join(__dirname, 'swc-register.cjs');
  const child = spawn(process.execPath, ['-r', register, path.join(ROOT, 'src/cli/main.ts'), ...args], { env, cwd });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...output, json: args.includes('--json') ? parsed(output) : undefined };
}

/** A call that must not be the user's fault to have failed: it did what was asked, code 0. */
export async function done(args: readonly string[], options?: CallOptions): Promise<Ended> {
  const ended = await cli(args, options);
  if (ended.code !== 0)
    throw new Error(`cdk8s-thanos ${args.join(' ')}: ${ended.code}\n${ended.stdout}${ended.stderr}`);
  return ended;
}

/** A folder for one test file, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function parsed({ stdout, stderr }: { stdout: string; stderr: string }): any {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON: ${stdout}\n${stderr}`);
  }
}
