import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Construct } from 'constructs';
import * as library from '../../src';

const ROOT = join(__dirname, '../..');

let out: string;
let plan: Record<string, string[]>;

/** Runs a program where only the files of the library lie, and its packages. */
function node(...args: string[]): unknown {
  const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules'), NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: out, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The files that are loaded after some code, which has the library as `t`. */
function loadedBy(code: string): string[] {
  const program = `const t = require('./thanos.js'); ${code}; const path = require('node:path');
    const own = Object.keys(require.cache).filter((file) => path.basename(path.dirname(file)) === 'thanos');
    console.log(JSON.stringify(own.map((file) => path.basename(file, '.js'))));`;
  return node('-e', program) as string[];
}

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'files-'));
  plan = node(join(ROOT, 'scripts/bundle.mjs'), '--out', out) as typeof plan;
});

afterAll(() => rmSync(out, { recursive: true }));

test('each module is in one file, so that an app has one copy of each class', () => {
  const modules = Object.values(plan).flat();
  expect(modules.length).toBeGreaterThan(300);
  expect(modules.filter((module, i) => modules.indexOf(module) !== i)).toEqual([]);
  expect(readdirSync(join(out, 'thanos')).sort()).toEqual(
    Object.keys(plan)
      .map((file) => `${file}.js`)
      .sort(),
  );
});

test('the files together have the public names, and each class is the same by whatever way', () => {
  const names = node(
    '-e',
    `const t = require('./thanos.js');
     const same = Object.keys(t).filter((name) => t[name] !== undefined && t[name] === t[name]);
     const { $given } = require('./thanos/core.js');
     const [fleet, policy] = ['./fleet.js', './policy.js'].map($given);
     const two = fleet.FleetApp !== t.FleetApp || policy.NetworkPolicies !== t.NetworkPolicies;
     console.log(JSON.stringify(two ? [] : same));`,
  );
  expect(names).toEqual(Object.keys(library).sort());
});

test('each file can be the first to load', () => {
  const program = `const sizes = process.argv.slice(1).map((file) => {
      for (const path of Object.keys(require.cache)) if (/thanos.\\w+\\.js$/.test(path)) delete require.cache[path];
      return Object.keys(require('./thanos/core.js').$given('./' + file + '.js')).length;
    });
    console.log(JSON.stringify(sizes))`;
  expect(node('-e', program, '--', ...Object.keys(plan))).toEqual(Object.keys(plan).map(() => expect.any(Number)));
});

test('what loads after the cache of modules was emptied still belongs to the core that asks for it', () => {
  const program = `const t = require('./thanos.js');
    const cdk8s = require('cdk8s');
    const { Construct } = require('constructs');
    for (const path of Object.keys(require.cache)) delete require.cache[path];
    const app = new cdk8s.App();
    const stack = new t.ThanosStack(app, 'thanos', {
      objstore: { bucket: 'thanos', endpoint: 's3.example.com', credentials: t.S3Credentials.fromSecretName('s3') },
      bucketWeb: {}, query: {},
    });
    console.log(JSON.stringify({
      components: stack.components.map(({ node }) => node.id),
      constructs: Object.values(t).filter((one) => one?.prototype instanceof Construct).map(({ name }) => name),
      granted: t.GrantTable.of(app).rows.length,
    }))`;
  const told = node('-e', program) as { components: string[]; constructs: string[]; granted: number };
  expect(told.components).toEqual(['BucketWeb', 'Query']);
  const constructs = Object.values(library).filter((one) => (one as any).prototype instanceof Construct);
  expect(told.constructs.length).toBe(constructs.length);
  expect(told.granted).toBe(2);
});

test('the core loads alone, and what a stack does not have does not load with it', () => {
  expect(loadedBy('')).toEqual(['core']);
  const stack = `const app = new (require('cdk8s').App)({ outdir: 'out' });
    new t.ThanosStack(app, 'thanos', {
      externalLabels: { cluster: 'eu-1' },
      objstore: { bucket: 'thanos', endpoint: 's3.example.com', credentials: t.S3Credentials.fromSecretName('s3') },
      receiver: { replicas: 3 }, compactor: {}, storeGateway: { indexCache: t.IndexCache.inMemory() },
      ruler: { alertmanagers: ['http://alertmanager:9093'] }, query: {}, queryFrontend: {}, grafana: {},
      PROPS
    });
    app.synth()`;
  expect(loadedBy(stack.replace('PROPS', ''))).toEqual(['core', 'verdict']);
  expect(loadedBy(stack.replace('PROPS', 'preflight: {}'))).toEqual(['core', 'jobs', 'verdict']);
  expect(loadedBy(stack.replace('PROPS', 'monitoring: { podMonitor: {} }'))).toEqual([
    'core',
    'monitoring',
    'rules',
    'verdict',
  ]);
});

test('an ES module imports a class of each file by its name', () => {
  const program = "import { FleetApp, NetworkPeer, ThanosStack } from './thanos.js';";
  expect(
    node(
      '--input-type=module',
      '-e',
      `${program} console.log(JSON.stringify([FleetApp, NetworkPeer, ThanosStack].map((c) => typeof c)))`,
    ),
  ).toEqual(['function', 'function', 'function']);
});
