import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { clusterScript, hasScript } from '../../programs/cluster';
import { nodeFiles } from './node-image';

const ROOT = path.join(__dirname, '../../..');
const INSTALLED = path.join(ROOT, 'node_modules');
const [REPOSITORY, TAG] = (process.env.E2E_CHECK_IMAGE ?? 'local/thanos-check:test').split(/:(?=[^:/]*$)/);

/** Image of what docs/cli.md has a Dockerfile for: Node, kubectl and the program `cdk8s-thanos`. */
export const CHECK_IMAGE = { repository: REPOSITORY, tag: TAG };

/** Makes it of the built package as it is packed, what that needs, and this machine's node and kubectl. */
export function checkImage(): void {
  if (process.env.E2E_CHECK_IMAGE || !hasScript()) return;
  const folder = mkdtempSync(path.join(tmpdir(), 'thanos-e2e-'));
  try {
    const modules = path.join(folder, 'node_modules');
    const own = path.join(modules, 'cdk8s-thanos');
    mkdirSync(own, { recursive: true });
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
      ...{ cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    });
    const archive = path.join(folder, packed.trim().split('\n').at(-1)!);
    execFileSync('tar', ['-xzf', archive, '-C', own, '--strip-components=1']);
    for (const name of needed(own)) cpSync(path.join(INSTALLED, name), path.join(modules, name), { recursive: true });
    const program = path.join(folder, 'cdk8s-thanos');
    writeFileSync(program, '#!/bin/sh\nexec node /opt/node_modules/cdk8s-thanos/lib/src/cli/main.js "$@"\n');
    for (const one of [modules, program]) chmodSync(one, 0o755);
    const kubectl = execFileSync('sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).trim();
    const files = [
      `${program}:/bin/cdk8s-thanos`,
      `${realpathSync(kubectl)}:/bin/kubectl`,
      `${modules}:/opt/node_modules`,
    ];
    clusterScript('image', `${REPOSITORY}:${TAG}`, ...nodeFiles(), ...files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The names of all packages that one needs. */
function needed(folder: string, known = new Set<string>()): Set<string> {
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const own = path.join(INSTALLED, name);
    if (known.has(name) || !existsSync(own)) continue;
    known.add(name);
    needed(own, known);
  }
  return known;
}
