import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Json } from '../../../render';
import { kubectl } from '../kubectl';
import { until } from '../progress';

/** Of a cluster whose DNS runs in it, as kubeadm and most others have it. */
const DNS = ['-n', 'kube-system', 'deployment/coredns'];

/** Has the cluster's DNS answer nobody while something runs. */
export async function withoutDns(run: () => Promise<void>): Promise<void> {
  const back = await stopDns();
  try {
    await run();
  } finally {
    await back();
  }
}

/** Stops it, and returns what brings it back. The script's cluster has it as a process of this machine. */
async function stopDns(): Promise<() => Promise<void>> {
  const file = path.join(path.dirname(process.env.KUBECONFIG!), 'run/dns.pid');
  if (existsSync(file)) {
    const id = Number(readFileSync(file, 'utf8'));
    process.kill(id, 'SIGSTOP');
    return async () => void process.kill(id, 'SIGCONT');
  }
  const { spec }: Json = JSON.parse(await kubectl(['get', ...DNS, '-o', 'json']));
  const scale = (replicas: number): Promise<string> => kubectl(['scale', ...DNS, `--replicas=${replicas}`]);
  await scale(0);
  await until('no DNS', async () => !JSON.parse(await kubectl(['get', ...DNS, '-o', 'json'])).status.replicas);
  return async () => void (await scale(spec.replicas));
}
