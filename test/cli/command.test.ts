import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { spawnSync } from 'node:child_process';
import { cli, temporaryFolder } from './cli';

const ROOT = path.join(__dirname, '../..');
const folder = temporaryFolder();
const COMMANDS = [
  ['ca', 'create'],
  ['ca', 'fetch'],
  ['ca', 'inspect'],
  ['verify'],
  ['size'],
  ['seal'],
  ['graph'],
  ['lint'],
  ['check'],
];

test.each(COMMANDS.map((words) => [words.join(' '), words]))(
  '%s --help has examples and --json',
  async (name, words) => {
    const { code, stdout, stderr } = await cli([...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Examples:\n');
    expect(stdout).toContain(`cdk8s-thanos ${name} `);
    expect(stdout).toContain('--json');
  },
);

test('every command is in the help and in the docs', async () => {
  const { stdout } = await cli(['--help']);
  const docs = readFileSync(path.join(ROOT, 'docs/cli.md'), 'utf8');
  for (const words of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^  ${words[0]} `, 'm'));
    expect(docs).toContain(`\`${words.join(' ')}`);
  }
  expect(stdout).toContain(
    'Exit codes: 0 done, every check passed; 1 a check failed; 2 wrong usage or unusable input.',
  );
});

test('every option is in the docs', async () => {
  const docs = ['docs/cli.md', 'docs/lint.md'].map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n');
  for (const words of COMMANDS) {
    const { stdout } = await cli([...words, '--help']);
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, option]) => option);
    expect(options.length).toBeGreaterThan(3);
    expect(options.filter((option) => option !== '--help' && !docs.includes(`\`${option}`))).toEqual([]);
  }
});

test.each([
  ['nothing', []],
  ['an unknown command', ['frobnicate']],
  ['an unknown option', ['ca', 'inspect', 'x', '--frob']],
  ['a missing argument', ['ca', 'fetch']],
  ['ca alone', ['ca']],
  ['an argument too many', ['ca', 'fetch', 'a', 'b']],
])('wrong usage exits 2 and prints nothing but help: %s', async (_, args) => {
  const { code, stdout, stderr } = await cli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/error: |Usage: /);
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('with --json an error is one JSON object on stdout', async () => {
  for (const args of [
    ['ca', 'inspect', '--json'],
    ['ca', 'inspect', 'no-such', '--json'],
    ['--json', 'ca', 'inspect', 'no-such'],
  ]) {
    const { code, json } = await cli(args);
    expect({ code, json }).toEqual({ code: 2, json: { ok: false, error: expect.any(String) } });
  }
});

test('a reader that leaves early is not an error', () => {
  const register = path.join(__dirname, 'swc-register.cjs');
  const command = `'${process.execPath}' -r '${register}' src/cli/main.ts --help | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
});

test('where a library of the command is missing it says what to install', () => {
  // a copy of the sources with every package but those two, as after `npm install --omit=optional`
  const copy = path.join(folder, 'copy');
  mkdirSync(path.join(copy, 'node_modules'), { recursive: true });
  for (const part of ['src', 'test/cli/swc-register.cjs'])
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  const link = (name: string) =>
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(copy, 'node_modules', name));
  for (const name of readdirSync(path.join(ROOT, 'node_modules')))
    if (!['commander', 'node-forge'].includes(name) && !name.startsWith('.')) link(name);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['-r', './test/cli/swc-register.cjs', 'src/cli/main.ts', ...args], {
      cwd: copy,
      encoding: 'utf8',
    });
  expect(run('--help')).toMatchObject({ status: 2, stderr: expect.stringContaining('Run: npm install commander') });
  link('commander');
  expect(run('--help').status).toBe(0);
  const create = run('ca', 'create', '--ecdsa', '--dns', 'a.b', '--out', path.join(copy, 'certs'));
  expect(create).toMatchObject({
    status: 2,
    stderr: 'cdk8s-thanos: needs the package node-forge, which is not installed. Run: npm install node-forge\n',
  });
});

test('the library never imports the command', () => {
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('cli/'),
  );
  expect(sources.length).toBeGreaterThan(30);
  expect(
    sources.filter((file) => /from '(\.\.?\/)+cli/.test(readFileSync(path.join(ROOT, 'src', file), 'utf8'))),
  ).toEqual([]);
});

test('a command of ca that is asked for without it is told where it is', async () => {
  const { code, json } = await cli(['inspect', 'ca.crt', '--json']);
  expect(code).toBe(2);
  expect(json.error).toBe("unknown command 'inspect'; did you mean 'ca inspect'?");
});
