import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const yaml = (path: string) => parse(read(path));
const list = (folder: string) => readdirSync(join(ROOT, folder)).map((file) => join(folder, file));
const { scripts, version, engines, files } = JSON.parse(read('package.json'));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: { readonly 'node-version'?: number };
}
interface Job {
  readonly steps: Step[];
  readonly 'timeout-minutes'?: number;
  readonly needs?: string;
}

describe.each(list('.github/workflows'))('%s', (path) => {
  const workflow = yaml(path);
  const jobs: Job[] = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

  test('names npm scripts and files that exist', () => {
    const named = commands.flatMap((run) => [...run.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)]);
    expect(named.map(([, script]) => script).filter((script) => !(script in scripts))).toEqual([]);
    for (const [file] of commands.flatMap((run) => [...run.matchAll(/^\.\/?[\w/.]+/g)]))
      accessSync(join(ROOT, file), constants.X_OK);
    expect(commands.length).toBeGreaterThan(0);
  });

  test('may read the contents alone unless a job says why, pins its actions, and ends', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    for (const job of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('runs a Node that the library takes', () => {
    const oldest = Number(/\d+/.exec(engines.node)![0]);
    const versions = steps.flatMap((step) => step.with?.['node-version'] ?? []);
    expect(versions.filter((each) => each < oldest)).toEqual([]);
  });
});

test('every change meets the gate, and what is published has passed it', () => {
  const runs = (job: Job) => job.steps.map(({ run }) => run);
  expect(yaml('.github/workflows/gate.yml').on).toHaveProperty('pull_request');
  expect(runs(yaml('.github/workflows/gate.yml').jobs.gate)).toContain('.ci/run');
  const { gate, publish } = yaml('.github/workflows/release.yml').jobs;
  expect(runs(gate)).toContain('.ci/run');
  expect(publish.needs).toBe('gate');
  expect(runs(publish).join('\n')).toMatch(/npm sbom [^]*npm publish --provenance [^]*publib-pypi/);
});

test('every linter that writes docs/security.md is got every night, and has its word there', () => {
  const script = readFileSync(join(ROOT, 'scripts/linters.mjs'), 'utf8');
  const [, body] = /const LINTERS = \{([^]*?)\n\};/.exec(script)!;
  const names = [...body.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name]) => name);
  expect(names).toEqual(['kube-linter', 'kube-score', 'polaris', 'checkov', 'trivy']);
  const runs = yaml('.github/workflows/nightly.yml').jobs.linters.steps.map(({ run }: Step) => run ?? '');
  expect(runs.at(-1)).toMatch(/npm run linters -- --check --all$/);
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  for (const name of names) {
    expect(runs.slice(0, -1).join('\n')).toContain(name);
    expect(page).toContain(name);
  }
});

test('dependabot leaves the oldest cdk8s and constructs that users may have', () => {
  const { updates } = yaml('.github/dependabot.yml');
  expect(updates.map((each: any) => each['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  const ignored = updates[0].ignore.map((each: any) => each['dependency-name']);
  expect(ignored).toEqual(expect.arrayContaining(['cdk8s', 'constructs']));
});

test('the form for a bug asks for what lint and check print as JSON', () => {
  const fields = yaml('.github/ISSUE_TEMPLATE/bug.yml').body.filter((field: any) => field.id);
  const asked = fields.map((field: any) => field.attributes.description).join('\n');
  expect(asked).toMatch(/`npx cdk8s-thanos lint \S+ --json`/);
  expect(asked).toMatch(/`npx cdk8s-thanos check .* --json`/);
});

test('CHANGELOG.md knows the version, and goes with the package like SECURITY.md', () => {
  expect(read('CHANGELOG.md')).toContain(`## [${version}] - `);
  expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'SECURITY.md']));
});

test('the paths of CODEOWNERS exist', () => {
  const paths = [...read('.github/CODEOWNERS').matchAll(/^(\/\S+)/gm)].map(([, path]) => path);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

describe('the gate without the script of a cluster', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-gate-'));
    mkdirSync(join(home, 'clone'));
    mkdirSync(join(home, 'bin'));
    cpSync(join(ROOT, '.ci'), join(home, 'clone/.ci'), { recursive: true });
    // every program that the steps start is there, and does nothing
    for (const name of ['node', 'npm', 'npx', 'dpkg']) {
      writeFileSync(join(home, 'bin', name), '#!/bin/sh\n');
      chmodSync(join(home, 'bin', name), 0o755);
    }
    writeFileSync(join(home, 'clone/.ci/alone'), '#!/bin/sh\n');
    mkdirSync(join(home, 'clone/examples/one/manifests'), { recursive: true });
    writeFileSync(join(home, 'clone/examples/one/main.ts'), '');
    writeFileSync(join(home, 'clone/examples/one/manifests/one.yaml'), 'kind: ConfigMap\n');
  });
  afterAll(() => rmSync(home, { recursive: true }));

  function gate(env: NodeJS.ProcessEnv) {
    const { status, stdout, stderr } = spawnSync(join(home, 'clone/.ci/run'), [], {
      encoding: 'utf8',
      env: { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, TMPDIR: home, ...env },
    });
    return { status, stdout, stderr };
  }

  test('leaves out what needs one, and says so', () => {
    const { status, stdout } = gate({});
    expect([status, stdout]).toEqual([0, expect.stringContaining('gate: passed')]);
    expect(stdout).toContain('skipped            e2e on a real cluster: neither TEST_CLUSTER nor KUBECONFIG is set');
  });

  test('takes the one that KUBECONFIG names', () => {
    const { status, stdout } = gate({ KUBECONFIG: '/some/file', GATE_CLUSTER: 'required' });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/passed .* e2e on a real cluster/)]);
  });

  test('fails with what goes on beside the tests of the cluster, and shows what it printed', () => {
    const npm = join(home, 'bin/npm');
    writeFileSync(npm, '#!/bin/sh\ncase "$*" in *test:python*) echo no wheel; exit 3;; esac\n');
    const { status, stdout } = gate({ KUBECONFIG: '/some/file' });
    writeFileSync(npm, '#!/bin/sh\n');
    expect([status, stdout]).toEqual([3, expect.stringContaining('no wheel')]);
    expect(stdout).toMatch(/FAILED .* python: wheel and parity\n[^]*gate: FAILED/);
  });

  test('ends what goes on beside the tests of the cluster when those fail', async () => {
    const npm = join(home, 'bin/npm');
    const id = join(home, 'id');
    const steps = [
      `*test:package*) echo $$ >${id}; exec sleep 600;;`,
      `*"e2e --"*) until [ -s ${id} ]; do sleep 0.1; done; exit 4;;`,
    ];
    writeFileSync(npm, `#!/bin/sh\ncase "$*" in ${steps.join(' ')} esac\n`);
    const { status, stdout } = gate({ KUBECONFIG: '/some/file' });
    writeFileSync(npm, '#!/bin/sh\n');
    expect([status, stdout]).toEqual([4, expect.stringMatching(/FAILED .* e2e on a real cluster/)]);
    // whoever takes care of orphans may do so a little later
    while (isAlive(Number(readFileSync(id, 'utf8')))) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test.each([
    [{ GATE_CLUSTER: 'required' }, 'gate: no cluster: set KUBECONFIG, or TEST_CLUSTER to a script'],
    [{ TEST_CLUSTER: 'nowhere' }, 'gate: nowhere of TEST_CLUSTER is no program'],
  ])('fails where one is demanded: %j', (env, message) => {
    const { status, stdout, stderr } = gate(env);
    expect([status, stderr, stdout]).toEqual([1, expect.stringContaining(message), '']);
  });
});

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

describe('a skipped test fails the gate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-skips-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The report of a run, in a clone of its own, in which a file had one test. */
  function report(status: string, run: number): string {
    const path = join(folder, `${run}.json`);
    const file = { name: `/clone-${run}/test/x.test.ts`, assertionResults: [{ fullName: 'x', status }] };
    writeFileSync(path, JSON.stringify({ success: status !== 'failed', testResults: [file] }));
    return path;
  }

  test.each([
    [['passed'], 0],
    [['pending'], 1],
    [['pending', 'passed'], 0],
    [['passed', 'pending'], 1],
    [['failed', 'passed'], 1],
  ])('runs of one file that ended %j: %d', (statuses, code) => {
    const script = join(ROOT, 'scripts/no-skips.mjs');
    expect(spawnSync(process.execPath, [script, ...statuses.map(report)]).status).toBe(code);
  });
});
