// `npm run test:python`: builds the Python wheel into dist/python, installs it into an environment of its own, and compares
// the synth of one stack from both languages byte for byte. Runs README.md's Python too.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const guide = join(root, 'examples/guide');
const wheels = join(root, 'dist/python');
const work = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-python-'));

function run(command, args, { cwd = root, env = {} } = {}) {
  const child = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (child.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${child.stdout}${child.stderr}${child.error ?? ''}`);
  }
  return child.stdout;
}

function manifest(folder) {
  return readFileSync(join(folder, 'thanos.k8s.yaml'), 'utf8');
}

function same(what, python, typescript) {
  if (python === typescript) return console.log(`${what}: equal, ${Buffer.byteLength(typescript)} bytes`);
  const lines = [python, typescript].map((text) => text.split('\n'));
  const at = lines[1].findIndex((line, i) => line !== lines[0][i]);
  throw new Error(`${what} differs in line ${at + 1}:\n  python:     ${lines[0][at]}\n  typescript: ${lines[1][at]}`);
}

/** A Python that has the wheel. */
function install() {
  rmSync(wheels, { recursive: true, force: true });
  run(process.execPath, [join(root, 'node_modules/jsii-pacmak/bin/jsii-pacmak'), '--targets', 'python']);
  const [wheel] = readdirSync(wheels).filter((file) => file.endsWith('.whl'));
  console.log(`dist/python/${wheel}`);
  run('python3', ['-m', 'venv', join(work, 'venv')]);
  const python = join(work, 'venv/bin/python');
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', join(wheels, wheel)]);
  return python;
}

function compare(python) {
  const [ours, theirs] = ['python', 'typescript'].map((name) => join(work, name));
  const program = join(root, 'test/python/guide.py');
  const table = run(python, [program, join(guide, 'certs/minio-ca.crt'), ours]);
  const main = ['-r', 'ts-node/register/transpile-only', join(guide, 'main.ts')];
  const expected = run(process.execPath, main, { env: { CDK8S_OUTDIR: theirs } });
  same('manifests', manifest(ours), manifest(theirs));
  same('grant table', table, expected);
}

function readme(python) {
  const [, text] = /^```python\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'));
  const output = join(work, 'readme');
  mkdirSync(output);
  run(python, ['-c', text], { cwd: guide, env: { CDK8S_OUTDIR: output } });
  console.log(`README.md's Python: ${manifest(output).match(/^kind: /gm).length} objects`);
}

try {
  const python = install();
  compare(python);
  readme(python);
} finally {
  rmSync(work, { recursive: true });
}
