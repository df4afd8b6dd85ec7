import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { progress } from './progress';

const ROOT = path.join(__dirname, '../../..');

/** A line of what `check` found. */
export interface Checked {
  readonly check: string;
  readonly of: string;
  readonly result: 'pass' | 'warn' | 'fail' | 'skip';
  readonly detail: string;
  readonly fix?: string;
}

/** Runs the command `check` on a stack, as a user does, and shows what did not pass. */
export function runCheck(namespace: string, caPem: string): { status: number | null; checks: Checked[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'thanos-e2e-'));
  try {
    const ca = path.join(folder, 'ca.crt');
    writeFileSync(ca, caPem);
    const node = ['-r', 'ts-node/register/transpile-only', path.join(ROOT, 'src/cli/main.ts')];
    const args = ['check', '--namespace', namespace, '--ca', ca, '--json'];
    const options = { cwd: ROOT, env: { ...process.env }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], options);
    if (stdout === '') throw new Error(`check printed nothing: ${stderr}`);
    const { checks, error } = JSON.parse(stdout);
    if (error) throw new Error(`check: ${error}`);
    for (const c of (checks as Checked[]).filter(({ result }) => result !== 'pass'))
      progress(`check: ${c.result} ${c.check}: ${c.of}: ${c.detail}`);
    return { status, checks };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
