import { spawnSync } from 'node:child_process';
import { clusterScript, hasScript, SKIP, STARTED } from '../../programs/cluster';
import { progress } from './progress';
import { reclaimVolumes } from './volumes';

/** Finds a cluster: the one of KUBECONFIG, else the one that the script brings up. */
export default async function setup(): Promise<void> {
  if (!process.env.KUBECONFIG) {
    if (!hasScript()) return absent('no KUBECONFIG, and no script to make a cluster (TEST_CLUSTER)');
    progress('bringing the cluster up (the first time builds its programs, which takes minutes)');
    bringUp();
  }
  const { status, stderr, error } = spawnSync('kubectl', ['get', '--raw', '/readyz'], { encoding: 'utf8' });
  if (error) return absent(`kubectl can't be run: ${error.message}`);
  if (status !== 0) throw new Error(`the cluster of KUBECONFIG does not answer: ${stderr}`);
  await reclaimVolumes();
}

/** The script prints a line for a shell to evaluate: `export KUBECONFIG=… PATH=…:$PATH`. */
function bringUp(): void {
  const { stdout, stderr } = clusterScript('up');
  const line = stdout.split('\n').find((text) => text.startsWith('export '));
  if (!line) throw new Error(`the script printed no export line: ${stdout}`);
  for (const [, name, value] of line.matchAll(/(\w+)=(\S+)/g)) {
    process.env[name] = value.replace('$PATH', process.env.PATH ?? '');
  }
  if (!stderr.includes('already up')) process.env[STARTED] = 'yes';
}

function absent(reason: string): void {
  if (process.env.CI) throw new Error(`e2e: ${reason}`);
  progress(`skipped: ${reason}`);
  process.env[SKIP] = reason;
}
