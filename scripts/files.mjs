// Which file of the shipped library a module of src goes into. What every stack needs is the core, which loads at once; what
// only some apps ask for is in files that load when something of theirs is first used.
import { transformSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The public surface, which is in no file: the door stands for it. */
export const INDEX = 'src/index.ts';

export const CORE = 'core';

/**
 * The files that load later, and the modules or folders that each begins with. What only they import goes with them, unless
 * it is public. Nothing of them may be used while the core loads: a row of a table is `later(() => ROW)` there.
 */
const LATER = {
  caches: modules('src/component', 'cache-ca', 'caching-bucket', 'memcached', 'redis', 'response-cache'),
  capacity: ['src/capacity/'],
  fleet: ['src/fleet/'],
  foreign: [
    ...modules('src/component', 'sidecar'),
    ...modules('src/objstore', 'foreign-workload'),
    ...modules('src/app/boundary', 'foreign-grant'),
    ...modules('src/manifest', 'operated', 'pod-template'),
  ],
  guarded: [
    ...modules(
      'src/input',
      's3-bucket-claim',
      's3-client-certificate',
      's3-encryption',
      's3-server-certificate',
      'secret-delivery',
    ),
    ...modules('src/objstore', 'deliver', 'object-bucket-claim', 'trust-bundle'),
  ],
  jobs: [
    ...modules(
      'src/component',
      'bucket-job',
      'bucket-replicate',
      'bucket-tool',
      'bucket-tool-options',
      'bucket-web',
      'compaction-schedule',
      'job-object',
      'preflight',
      'preflight-init',
    ),
    ...modules('src/objstore', 'preflight-grant', 'second-bucket'),
  ],
  lint: ['src/lint/'],
  monitoring: ['src/monitoring/', 'src/stack/stack-monitoring.ts'],
  policy: ['src/policy/'],
  ring: modules('src/component', 'receive-router', 'ring-rules', 'ring-shuffle', 'write-limits'),
  routes: ['src/routes/'],
  rules: [
    'src/rules/',
    'imports/monitoring.coreos.com.ts',
    ...modules('src/component', 'remote-write', 'remote-write-options', 'rule-reloader'),
  ],
  scaling: modules('src/pod', 'autoscaling'),
  stores: ['src/input/stores/', 'src/objstore/stores/'],
  testing: modules('src/app', 'grant-table', 'thanos-testing'),
  tls: [
    ...modules('src/component', 'endpoint-options'),
    ...modules('src/component/tls', 'endpoint-tls', 'tls-ca', 'tls-certificate', 'tls-files'),
  ],
  // what is judged at synth
  verdict: [
    ...modules('src/app', 'advice', 'bucket-owners', 'bucket-tools', 'fits', 'part-tls', 'renamed-parts', 'shards'),
    ...modules('src/app', 'boundary/ca-boundary', 'unique-names'),
  ],
};

export const FILES = [CORE, ...Object.keys(LATER)];

function modules(folder, ...names) {
  return names.map((name) => `${folder}/${name}.ts`);
}

/**
 * The modules that src/index.ts reaches, by path: the `file` that each goes into, what it `exports`, and what it `imports` of
 * others when it runs, types left out.
 */
export function graph() {
  const found = new Map();
  visit(INDEX, found);
  for (const [file, begins] of Object.entries(LATER))
    for (const begin of begins) {
      const own = [...found].filter(([path]) => (begin.endsWith('/') ? path.startsWith(begin) : path === begin));
      if (own.length === 0) throw new Error(`scripts/files.mjs: src/index.ts reaches no ${begin}`);
      for (const [, module] of own) module.file = file;
    }
  while (followOne(found));
  for (const module of found.values()) module.file ??= CORE;
  return found;
}

function visit(path, found) {
  if (found.has(path)) return;
  const module = { imports: [], exports: [] };
  found.set(path, module);
  const source = readFileSync(join(ROOT, path), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' });
  for (const [, kind, clause, from] of code.matchAll(/^(import|export) ([^;]*?) from "(\.[^"]+)";$/gm)) {
    const all = clause.startsWith('*');
    module.imports.push({ from: join(dirname(path), `${from}.ts`), names: all ? undefined : names(clause, 0) });
    if (kind === 'export') module.exports.push(...names(clause, -1));
  }
  for (const [, clause] of code.matchAll(/^export (\{[^}]*\});$/gm)) module.exports.push(...names(clause, -1));
  for (const { from } of module.imports) visit(from, found);
}

/** The names of `{ a, b as c }`, before or after `as`. */
function names(clause, side) {
  return [...clause.matchAll(/[\w$]+( as [\w$]+)?/g)].map(([name]) => name.split(' as ').at(side));
}

/** Puts a module that is imported by those of one later file alone into that file. */
function followOne(found) {
  const open = new Set([INDEX, ...found.get(INDEX).imports.map(({ from }) => from)]);
  for (const [path, module] of found) {
    if (module.file !== undefined || open.has(path)) continue;
    const users = [...found].filter(
      ([user, { imports }]) => user !== INDEX && imports.some(({ from }) => from === path),
    );
    const files = new Set(users.map(([, { file }]) => file));
    const [file] = files;
    if (files.size !== 1 || file === undefined || file === CORE) continue;
    module.file = file;
    return true;
  }
  return false;
}
