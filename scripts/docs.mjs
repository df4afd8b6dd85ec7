// `npm run docs`: writes API.md from the docstrings. With --check: fails when API.md is not what it would write.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const committed = join(root, 'API.md');
const docgen = join(root, 'node_modules/jsii-docgen/bin/jsii-docgen');

function generate(path) {
  const args = [docgen, '--output', path.replace(/\.md$/, '')]; // docgen adds the suffix
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const fresh = join(folder, 'API.md');
    generate(fresh);
    if (!existsSync(committed) || readFileSync(fresh, 'utf8') !== readFileSync(committed, 'utf8')) {
      console.error('API.md is not up to date. Run `npm run docs` and commit it.');
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  generate(committed);
}
