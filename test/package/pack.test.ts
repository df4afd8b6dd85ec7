import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fences } from '../docs/fences';
import { installed } from './installed';
import * as kept from './kept.json';

const ROOT = join(__dirname, '../..');
const GUIDE = join(ROOT, 'examples/guide');

/** What an installed library may grow over what is kept before somebody has to say that it may. */
const GROWTH = 1.1;

let project: string;
let packed: number;

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
  const [{ filename, size }] = JSON.parse(run(ROOT, 'npm', ['pack', '--json', '--pack-destination', project]));
  packed = size;
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
    'lib/thanos/core.js',
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

test('what is installed has its size, its count and its licences, and nothing in it is out of reach of an update', () => {
  const packages = installed(join(project, 'node_modules/cdk8s-thanos'));
  const sum = (what: 'bytes' | 'files') => packages.reduce((total, each) => total + each[what], 0);
  const now = {
    packed,
    bytes: sum('bytes'),
    files: sum('files'),
    packages: packages.map(({ name, license }) => `${name}: ${license}`).sort(),
  };
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  process.stdout.write(
    `cdk8s-thanos and what it brings: ${kilobytes(now.bytes)} in ${now.files} files, ${kilobytes(packed)} of them packed by us; ` +
      `${packages.length} packages (${now.packages.join(', ')})\n`,
  );
  // what grew for a reason is written into kept.json, with the reason in the commit
  expect(now.packages).toEqual(kept.packages);
  for (const what of ['packed', 'bytes', 'files'] as const)
    expect([what, now[what]]).toEqual([what, Math.min(now[what], kept[what] * GROWTH)]);
  // a bundled package is one that nobody can override, and that a second copy of cdk8s would hide in
  expect(existsSync(join(project, 'node_modules/cdk8s-thanos/node_modules'))).toBe(false);
});

test('each link of README.md and docs leads to what is installed', () => {
  const library = join(project, 'node_modules/cdk8s-thanos');
  const pages = [
    'README.md',
    ...readdirSync(join(library, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join('docs', file)),
  ];
  const links = pages.flatMap((page) =>
    [...readFileSync(join(library, page), 'utf8').matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, to]) =>
      join(dirname(page), to),
    ),
  );
  expect(links).toContain('docs/cli.md');
  expect(links.filter((to) => !existsSync(join(library, to)))).toEqual([]);
});

test('a line of the library is no longer than a terminal can show: Node prints that of an error', () => {
  const folder = join(project, 'node_modules/cdk8s-thanos/lib/thanos');
  const files = readdirSync(folder);
  expect(files).toContain('core.js');
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1000);
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

test('the command reads YAML from a plain install', () => {
  const manifest = join(project, 'guide/thanos.k8s.yaml');
  writeFileSync(manifest, Object.values(synth(join(project, 'guide')))[0]);
  expect(run(project, 'npx', ['--no-install', 'cdk8s-thanos', 'lint', manifest])).toMatch(
    /1 file, 28 objects, .*: 0 errors/,
  );
});

test('an ES module imports every construct by its name', () => {
  const names = Object.keys(jest.requireActual('../../src'));
  writeFileSync(
    join(project, 'names.mjs'),
    `import { ${names.join(', ')} } from 'cdk8s-thanos';\nconsole.log(ThanosStack.name);`,
  );
  expect(names).toContain('ThanosStack');
  expect(run(project, process.execPath, ['names.mjs'])).toBe('ThanosStack\n');
});

describe('bundled into one file, where no package is installed,', () => {
  let alone: string;
  beforeAll(() => {
    run(project, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', 'esbuild@0.28.2']);
    alone = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-bundle-'));
  });
  afterAll(() => rmSync(alone, { recursive: true }));

  /** Bundles a main.ts of the project as README.md says, without a word, and runs it. */
  function runBundle(main: string): string {
    const bundle = ['--bundle', '--platform=node', `--outfile=${join(alone, 'main.js')}`, '--log-level=warning'];
    run(project, 'npx', ['--no-install', 'esbuild', join(project, main), ...bundle]);
    return run(alone, process.execPath, ['main.js'], { CDK8S_OUTDIR: join(alone, 'manifests') });
  }

  test('the guide example writes the same', () => {
    cpSync(join(GUIDE, 'certs'), join(alone, 'certs'), { recursive: true });
    runBundle('guide/main.ts');
    const written = readFileSync(join(alone, 'manifests/thanos.k8s.yaml'), 'utf8');
    expect({ 'thanos.k8s.yaml': written }).toEqual(synth(GUIDE));
  });

  test('an app that reads a sealed manifest has the YAML reader of cdk8s', () => {
    writeFileSync(join(alone, 'sealed.yaml'), 'apiVersion: v1\nkind: ConfigMap\n');
    const app = [
      "import { App, Chart } from 'cdk8s';",
      "import { ObjstoreConfig, S3Credentials, SecretDelivery } from 'cdk8s-thanos';",
      "const credentials = S3Credentials.fromDelivery(SecretDelivery.sealedManifest('sealed.yaml'));",
      "const bucket = { bucket: 'thanos', endpoint: 's3.example.com', credentials };",
      "try { new ObjstoreConfig(new Chart(new App(), 'chart'), 'Bucket', bucket); }",
      'catch (error) { console.log(error.message); }',
    ];
    writeFileSync(join(project, 'sealed.ts'), app.join('\n'));
    expect(runBundle('sealed.ts')).toContain('the file "sealed.yaml" holds no SealedSecret but "ConfigMap"');
  });
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
