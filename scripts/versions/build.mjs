import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A module whose domain is gone, and what Thanos itself takes in its place from v0.40 on. */
const GONE = 'zenhack.net/go/util=github.com/zenhack/go-util@v0.0.0-20231005031245-66f5419c2aea';

const MODULE = 'github.com/thanos-io/thanos';

/** Thanos of a version, built from its source by Go, or found in the folder from an earlier run. */
export function thanosOf(version, folder) {
  const binary = join(folder, `thanos-${version}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const source = mkdtempSync(join(tmpdir(), 'thanos-source-'));
  try {
    // the module's own copy can't be written to, and its `replace` lines count only where it is built as the main module
    cpSync(sourceOf(version), source, { recursive: true });
    for (const file of ['.', 'go.mod', 'go.sum']) chmodSync(join(source, file), 0o755);
    go(['mod', 'edit', `-replace=${GONE}`], source);
    const stamp = `-s -w -X github.com/prometheus/common/version.Version=${version.slice(1)}`;
    go(
      ['build', '-buildvcs=false', '-mod=mod', '-trimpath', '-ldflags', stamp, '-o', `${binary}.part`, './cmd/thanos'],
      source,
    );
    cpSync(`${binary}.part`, binary);
    chmodSync(binary, 0o755);
    return binary;
  } finally {
    rmSync(`${binary}.part`, { force: true });
    rmSync(source, { recursive: true, force: true });
  }
}

/** The folder with Thanos' source of a version. */
export function sourceOf(version) {
  return JSON.parse(go(['mod', 'download', '-json', `${MODULE}@${version}`], tmpdir())).Dir;
}

function go(args, cwd) {
  return execFileSync('go', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
