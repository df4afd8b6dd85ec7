import { readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Json } from '../../render';
import { kubectl } from './kubectl';

/**
 * Makes released volumes of the script's cluster new again: it has a fixed number of them, with reclaim policy Retain. What
 * they hold must go, or the next receivers would upload the last test's samples. Volumes of other clusters are left alone.
 */
export async function reclaimVolumes(): Promise<void> {
  const volumes: Json[] = JSON.parse(await kubectl(['get', 'persistentvolumes', '-o', 'json'])).items;
  const pool = path.join(path.dirname(process.env.KUBECONFIG!), 'run/volumes');
  for (const { metadata, spec, status } of volumes) {
    if (status.phase !== 'Released' || path.dirname(spec.hostPath?.path ?? '') !== pool) continue;
    for (const entry of readdirSync(spec.hostPath.path))
      rmSync(path.join(spec.hostPath.path, entry), { recursive: true });
    await kubectl(['patch', 'persistentvolume', metadata.name, '--type=merge', '-p', '{"spec":{"claimRef":null}}']);
  }
}
