import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** The real programs that tests run. */
export type Program = 'thanos' | 'minio' | 'promtool' | 'kubectl' | 'openssl' | 'chromium';

const FOLDERS = [
  ...(process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== ''),
  path.join(process.env.THANOS_CLUSTER_HOME ?? path.join(homedir(), '.cache/thanos-cluster'), 'bin'),
];

/** Path of a program: on the path, else where the script of TEST_CLUSTER builds it; undefined where it is absent. */
export function program(name: Program): string | undefined {
  return FOLDERS.map((folder) => path.join(folder, name)).find(isProgram);
}

/** A suite that needs programs. Where one is absent it is skipped, which the reporter of skipped tests counts. */
export function describeWith(programs: readonly Program[], name: string, body: () => void): void {
  const absent = missing(programs);
  if (absent.length === 0) describe(name, body);
  else describe.skip(needing(name, absent), body);
}

/** A test that needs programs, likewise. */
export function testWith(programs: readonly Program[], name: string, run: () => void): void {
  const absent = missing(programs);
  if (absent.length === 0) test(name, run);
  else test.skip(needing(name, absent), run);
}

/** The title of a skipped test; skipped-reporter.cjs reads what it lacks. */
export function needing(name: string, what: readonly string[]): string {
  return `${name} (needs ${what.join(', ')})`;
}

function missing(programs: readonly Program[]): Program[] {
  return programs.filter((name) => program(name) === undefined);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
