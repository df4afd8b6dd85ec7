// Brings a fresh clone to where every other script can start: installs what is missing, builds what is stale.
// Plain Node, since it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// jsii warns of an old Node with a screen of text, which whoever tries a clone can't act on. Children inherit it
const [major] = process.versions.node.split('.');
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = major;
process.env.JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION = major;
process.env.JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION = major;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const INSTALLED = join(root, 'node_modules/.package-lock.json');
const BUILT = join(root, 'lib/.built');

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newest(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return Math.max(latest, newest(path));
    return entry.name.endsWith('.ts') ? Math.max(latest, mtime(path)) : latest;
  }, 0);
}

if (mtime(INSTALLED) < mtime(join(root, 'package-lock.json'))) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  utimesSync(INSTALLED, new Date(), new Date());
}

const sources = ['src', 'imports', 'examples', 'test'].map((folder) => newest(join(root, folder)));
const stale =
  Math.max(mtime(join(root, 'package.json')), mtime(join(root, 'tsconfig.json')), ...sources) > mtime(BUILT);
if (stale || process.argv.includes('--build')) {
  // what was built of sources that are gone would be packed and found by tests
  for (const old of ['lib', 'tsconfig.tsbuildinfo']) rmSync(join(root, old), { recursive: true, force: true });
  run(process.execPath, [join(root, 'node_modules/jsii/bin/jsii'), '--silence-warnings=reserved-word']);
  run(process.execPath, [join(root, 'scripts/bundle.mjs')]);
  mkdirSync(dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, '');
}
