import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fences } from '../docs/fences';

const ROOT = join(__dirname, '../..');
const GUIDE = join(ROOT, 'examples/guide');

let project: string;

/** Runs a program in a folder; gives what it wrote, or fails with it. */
function run(cwd: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, CDK8S_OUTDIR: undefined, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a main.ts as README.md says, or with another Node, and gives the files that it wrote. */
function synth(folder: string, node?: string): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const env = { CDK8S_OUTDIR: outdir };
    if (node) run(folder, node, ['-r', 'ts-node/register/transpile-only', 'main.ts'], env);
    else run(folder, 'npx', ['--no-install', 'ts-node', '-T', 'main.ts'], env);
    return Object.fromEntries(readdirSync(outdir).map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Path of the newest Node of a major version, installed from the registry's package for this platform. */
function nodeOf(major: number): string {
  const folder = join(project, `node-${major}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  const name = `node-${process.platform}-${process.arch}`;
  run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${major}`]);
  return join(folder, 'node_modules', name, 'bin/node');
}

/** Checks the types of a main.ts, those of the library's own declarations included. */
function typeCheck(folder: string): void {
  const options = ['--noEmit', '--module', 'node16', '--target', 'es2022', '--types', 'node', '--ignoreConfig'];
  run(folder, 'npx', ['--no-install', 'tsc', ...options, 'main.ts']);
}

/** The code blocks of README.md's start: the shell lines that set a project up, and main.ts. */
const start = fences('README.md').slice(0, 2);

/** An empty project outside of the repository, set up as README.md says but with the package as it would be published. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-user-'));
  const [{ filename }] = JSON.parse(run(ROOT, 'npm', ['pack', '--json', '--pack-destination', project]));
  const setup = start[0].text.replace('npm install cdk8s-thanos ', `npm install ./${filename} `);
  run(project, 'bash', ['-euc', setup], { npm_config_audit: 'false', npm_config_fund: 'false' });
});

afterAll(() => rmSync(project, { recursive: true }));

test('the package holds the compiled library and what README leads to, and neither sources nor tests', () => {
  const installed = join(project, 'node_modules/cdk8s-thanos');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => !file.startsWith('node_modules'));
  const wanted = [
    'lib/thanos.js',
    'lib/src/index.js',
    'lib/src/index.d.ts',
    '.jsii',
    'README.md',
    'LICENSE',
    'docs/cli.md',
  ];
  expect(own).toEqual(expect.arrayContaining(wanted));
  const sources = own.filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith('examples/'));
  expect(sources).toEqual([]);
  expect(own.filter((file) => /(^|\/)(test|dist|manifests)\//.test(file))).toEqual([]);
});

test('the application has one cdk8s and one constructs', () => {
  const installed = join(project, 'node_modules/cdk8s-thanos/node_modules');
  const nested = existsSync(installed) ? readdirSync(installed) : [];
  expect(nested.filter((name) => ['cdk8s', 'constructs', 'cdk8s-plus-28'].includes(name))).toEqual([]);
});

test('cdk8s-plus is not installed with the library, which takes its types alone', () => {
  expect(existsSync(join(project, 'node_modules/cdk8s-plus-28'))).toBe(false);
});

test('the guide example, copied into the project, is type-checked and writes what it writes in the repository', () => {
  const copy = join(project, 'guide');
  cpSync(GUIDE, copy, { recursive: true, filter: (file) => !file.endsWith('/manifests') });
  typeCheck(copy);
  const written = synth(copy);
  expect(Object.keys(written)).toEqual(['thanos.k8s.yaml']);
  expect(written).toEqual(synth(GUIDE));
});

test('the guide example, bundled into one file, writes the same where no package is installed', () => {
  run(project, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', 'esbuild@0.28.2']);
  const alone = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-bundle-'));
  try {
    const bundle = ['--bundle', '--platform=node', `--outfile=${join(alone, 'main.js')}`, '--log-level=error'];
    run(project, 'npx', ['--no-install', 'esbuild', join(project, 'guide/main.ts'), ...bundle]);
    cpSync(join(GUIDE, 'certs'), join(alone, 'certs'), { recursive: true });
    run(alone, process.execPath, ['main.js'], { CDK8S_OUTDIR: join(alone, 'manifests') });
    const written = readFileSync(join(alone, 'manifests/thanos.k8s.yaml'), 'utf8');
    expect({ 'thanos.k8s.yaml': written }).toEqual(synth(GUIDE));
  } finally {
    rmSync(alone, { recursive: true });
  }
});

test.each([22, 24])('Node %i writes the same bytes', (major) => {
  const node = nodeOf(major);
  expect(run(project, node, ['--version'])).toMatch(new RegExp(`^v${major}\\.`));
  expect(synth(join(project, 'guide'), node)).toEqual(synth(GUIDE));
});

test('the start of README.md runs as it stands', () => {
  mkdirSync(join(project, 'certs'));
  cpSync(join(GUIDE, 'certs/minio-ca.crt'), join(project, 'certs/minio-ca.crt'));
  writeFileSync(join(project, 'main.ts'), start[1].text);
  typeCheck(project);
  run(project, 'npx', ['--no-install', 'cdk8s', 'synth'], { CDK8S_CHECK_UPGRADE: 'false' });
  const text = readFileSync(join(project, 'manifests/thanos.k8s.yaml'), 'utf8');
  expect(text.match(/^kind: StatefulSet$/gm)).toHaveLength(4);
});
