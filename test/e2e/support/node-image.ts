import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { clusterScript, hasScript } from '../../programs/cluster';

/** Image of Node. */
export const NODE_IMAGE = process.env.E2E_NODE_IMAGE ?? 'local/node:test';

/** This machine's node as an image of the script's cluster. */
export function nodeImage(): void {
  if (!process.env.E2E_NODE_IMAGE && hasScript()) clusterScript('image', NODE_IMAGE, ...nodeFiles());
}

/** This machine's node, with the libraries that it is linked with, as the script takes files for an image. */
export function nodeFiles(): string[] {
  const program = realpathSync(process.execPath);
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
  const libraries = linked.split(/\s+/).filter((word) => word.startsWith('/'));
  return [`${program}:/bin/node`, ...libraries.map((library) => `${realpathSync(library)}:${library}`)];
}
