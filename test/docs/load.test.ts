import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');
const INDEX = join(ROOT, 'lib/src/index');

/** What a program that synthesizes a whole stack has loaded: paths below node_modules or lib. */
function loadedBySynth(): string[] {
  const program = `
    const fs = require('node:fs');
    const { App, Size } = require('cdk8s');
    const { IndexCache, S3Ca, S3Credentials, ThanosStack } = require('${INDEX}');
    const app = new App({ outdir: fs.mkdtempSync('${join(tmpdir(), 'load-')}') });
    new ThanosStack(app, 'thanos', {
      objstore: {
        bucket: 'thanos',
        endpoint: 's3.example.com',
        ca: S3Ca.fromFile('${join(ROOT, 'examples/guide/certs/minio-ca.crt')}', { validAt: new Date('2027-01-01') }),
        credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
      },
      receiver: {},
      compactor: {},
      storeGateway: { indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }) },
      ruler: { rules: [{ name: 'up', rules: [{ record: 'job:up:sum', expr: 'sum by (job) (up)' }] }] },
      query: {},
      queryFrontend: {},
      bucketWeb: {},
      grafana: {},
    });
    app.synth();
    fs.rmSync(app.outdir, { recursive: true });
    process.stdout.write(JSON.stringify(Object.keys(require.cache)));
  `;
  const child = spawnSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`synth in a process of its own failed (is lib built?): ${child.stderr}`);
  return JSON.parse(child.stdout).map((file: string) => relative(ROOT, file));
}

/** The declarations that an application reads when it imports the library. */
function declarations(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?['"](\.[^'"]+)['"]/g)) {
    const target = join(dirname(file), specifier);
    const found = [`${target}.d.ts`, join(target, 'index.d.ts')].find((candidate) => existsSync(candidate));
    if (found === undefined) throw new Error(`${relative(ROOT, file)} refers to ${specifier}, which is not there`);
    declarations(found, seen);
  }
  return seen;
}

describe('synth of a whole stack', () => {
  const loaded = loadedBySynth();
  const of = (part: string): string[] => loaded.filter((file) => file.startsWith(`node_modules/${part}/`));

  test('loads the library itself and cdk8s', () => {
    expect(loaded).toContain('lib/src/index.js');
    expect(of('cdk8s').length).toBeGreaterThan(10);
  });

  test('loads no code of cdk8s-plus-28, whose types are enough, and no second copy of yaml', () => {
    expect(['cdk8s-plus-28', 'yaml'].flatMap(of)).toEqual([]);
  });

  test('loads nothing that only the command line needs', () => {
    expect(['node-forge', 'aws4', 'commander'].flatMap(of)).toEqual([]);
    expect(loaded.filter((file) => file.startsWith('lib/src/cli/'))).toEqual([]);
  });
});

test('the types that an application reads pull in no type of cdk8s-plus', () => {
  const reached = [...declarations(`${INDEX}.d.ts`)];
  expect(reached.length).toBeGreaterThan(20);
  const heavy = reached.filter((file) => readFileSync(file, 'utf8').includes('cdk8s-plus'));
  expect(heavy.map((file) => relative(ROOT, file))).toEqual([]);
});

// what is marked internal is cut out of them, and whatever still names it no longer compiles for a user
test('the types that an application reads are whole', () => {
  const options = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, types: ['node'], noEmit: true };
  const program = ts.createProgram([`${INDEX}.d.ts`], options);
  const errors = ts.getPreEmitDiagnostics(program);
  expect(
    errors.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  ).toEqual([]);
}, 60_000);
