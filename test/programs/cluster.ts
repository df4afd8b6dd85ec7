import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { needing } from './program';

const ROOT = path.join(__dirname, '../..');

/** The script that makes a cluster: build, up, down, image, host. */
export const CLUSTER_SCRIPT = path.resolve(ROOT, process.env.TEST_CLUSTER ?? '../shared/cluster/cluster');
/** Data for tests: real CRDs. */
export const TEST_DATA = path.resolve(ROOT, process.env.TEST_DATA ?? '../shared');

/** Why there is no cluster; the setup leaves it in the environment, where every test file finds it. */
export const SKIP = 'E2E_SKIP';
/** Set by the setup when it started the cluster, so that the teardown stops it. */
export const STARTED = 'E2E_STARTED';

/** A suite that needs a cluster. Where there is none its body doesn't run, since it may read what a cluster's tests need. */
export function describeOnCluster(name: string, body: () => void): void {
  if (process.env[SKIP]) describe.skip(needing(name, ['a cluster']), () => test('all of it', () => undefined));
  else describe(name, body);
}

/** Whether the script is there: only then can images be made and DNS names be set. */
export function hasScript(): boolean {
  return existsSync(CLUSTER_SCRIPT);
}

/** Runs the script; its messages are shown, its output is returned. */
export function clusterScript(...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(CLUSTER_SCRIPT, args, { encoding: 'utf8' });
  if (error) throw error;
  process.stderr.write(stderr);
  if (status !== 0) throw new Error(`${path.basename(CLUSTER_SCRIPT)} ${args[0]} failed with ${status}: ${stderr}`);
  return { stdout, stderr };
}

/** Makes a name resolve in the cluster. False where only the pods themselves can be told (hostAliases). */
export function nameHost(name: string, ip: string): boolean {
  if (!hasScript()) return false;
  clusterScript('host', name, ip);
  return true;
}
