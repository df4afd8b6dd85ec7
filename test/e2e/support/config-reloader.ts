import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import { clusterScript, hasScript } from '../../programs/cluster';
import { progress } from './progress';

const MODULE = 'github.com/prometheus-operator/prometheus-operator';
const COMMAND = 'prometheus-config-reloader';
const IMAGE = 'local/config-reloader';

/**
 * The image that the library names by default, which everybody pulls; where images are made here, the same version built from
 * its source, under another name.
 */
export function reloaderImage(wanted: string): { repository: string; tag: string } {
  const at = wanted.lastIndexOf(':');
  const [repository, tag] = [wanted.slice(0, at), wanted.slice(at + 1)];
  if (!hasScript()) return { repository, tag };
  clusterScript('image', `${IMAGE}:${tag}`, `${program(tag)}:/bin/${COMMAND}`);
  return { repository: IMAGE, tag };
}

function program(version: string): string {
  const home = process.env.THANOS_CLUSTER_HOME ?? path.join(homedir(), '.cache/thanos-cluster');
  const folder = path.join(home, `${COMMAND}-${version}`);
  const built = path.join(folder, COMMAND);
  if (existsSync(built)) return built;
  progress(`building ${COMMAND} ${version} (minutes, once)`);
  const source = mkdtempSync(path.join(tmpdir(), 'config-reloader-'));
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };
  const go = (...args: string[]): void =>
    void execFileSync('go', args, { cwd: source, env, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    // its module replaces parts of itself, so that `go install` refuses it
    go('mod', 'init', 'tools');
    go('get', '-tool', `${MODULE}/cmd/${COMMAND}@${version}`);
    mkdirSync(folder, { recursive: true });
    go('build', '-trimpath', '-ldflags', '-s -w', '-o', `${folder}/`, 'tool');
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
  return built;
}
