// Writes the library as few files, which load in a fraction of the time of four hundred: lib/thanos/core.js, and beside it
// what only some apps ask for (scripts/files.mjs), which loads when it is first used. lib/thanos.js is the door: Node and
// bundlers take it by the package's `exports`, and jsii by `main`, where another door leads to it. An app never has two
// copies of a class: a file that loads later is a function of `$given`, by which the core gives it what it requires. Its own
// `require` would find other copies where the cache of modules was emptied meanwhile, as `jest.resetModules` does.
//
// `--out FOLDER` writes the door and the files elsewhere, and prints which modules each file holds.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CORE, FILES, graph, INDEX, ROOT } from './files.mjs';

const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const lib = out ?? join(ROOT, 'lib');

// a package.json that a source imports is compiled to one here, and would stand for the package's own
if (existsSync(join(lib, 'package.json'))) throw new Error('lib/package.json: some source imports package.json');

const modules = graph();
const fileOf = (path) => modules.get(path).file;
const shared = sharedNames();

rmSync(join(lib, 'thanos'), { recursive: true, force: true });
mkdirSync(join(lib, 'thanos'), { recursive: true });
const later = await Promise.all(FILES.filter((file) => file !== CORE).map((file) => bundle(file, laterFile())));
// the core hands out what the others require
const bundled = [await bundle(CORE, { banner: given() }), ...later].map(([file, own]) => [file, own]);
writeFileSync(join(lib, 'thanos.js'), door());
if (out === undefined) {
  writeFileSync(join(lib, 'src/index.js'), jsiiDoor());
  requireLate();
} else {
  console.log(JSON.stringify(Object.fromEntries(bundled)));
}

/** What a module gives to other files: by module, its names, and the names under which its file exports them. */
function sharedNames() {
  const names = new Map();
  const taken = new Set();
  const share = (path, name) => {
    const own = names.get(path) ?? names.set(path, new Map()).get(path);
    if (own.has(name)) return;
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}$${i}`;
    taken.add(free);
    own.set(name, free);
  };
  // the public ones first, which keep their names
  for (const { from, names: some } of modules.get(INDEX).imports) for (const name of some) share(from, name);
  for (const file of FILES) for (const [path, name] of elsewhere(file)) share(path, name);
  return names;
}

/** What the modules of a file import from other files. */
function elsewhere(file) {
  return [...modules]
    .filter(([path, module]) => path !== INDEX && module.file === file)
    .flatMap(([, { imports }]) => imports.filter(({ from }) => fileOf(from) !== file))
    .flatMap(({ from, names = modules.get(from).exports }) => names.map((name) => [from, name]));
}

/** Writes a file; gives its name, the modules in it, and the packages that it requires. */
async function bundle(file, around) {
  const { metafile } = await build({
    // not what jsii compiled: modules of CommonJS stay apart in one file, and each use of another's function is a detour
    stdin: { contents: entry(file), resolveDir: ROOT, sourcefile: `${file}.ts` },
    outfile: join(lib, `thanos/${file}.js`),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // cdk8s and constructs must be the app's own, and the others are loaded where they are needed
    packages: 'external',
    plugins: [otherFiles(file)],
    minifySyntax: true,
    minifyWhitespace: true,
    // Node shows the whole line of an error that nobody catches
    lineLimit: 160,
    banner: { js: around.banner },
    footer: { js: around.footer ?? '' },
    metafile: true,
    logLevel: 'warning',
  });
  const path = join(lib, `thanos/${file}.js`);
  const code = withoutCopies(readFileSync(path, 'utf8'));
  if (/import_later_|"later:/.test(code))
    throw new Error(`lib/thanos/${file}.js: names a file that loads later as it is not known`);
  writeFileSync(path, code);
  const { imports } = Object.values(metafile.outputs)[0];
  const packages = imports.filter(({ path, kind }) => kind === 'require-call' && !/^(\.|later:)/.test(path));
  return [file, Object.keys(metafile.inputs).filter((input) => modules.has(input)), packages.map(({ path }) => path)];
}

/**
 * Takes a module as it is where esbuild would copy it, name by name, for each one that requires it; only a default import
 * would need the copy, and no source has one. What loads later is asked for where it is used.
 */
function withoutCopies(code) {
  return code
    .replace(/\bvar import_later_\w+=(?:__toESM\()?require\("later:\w+"\)\)?;/g, '')
    .replace(/\bimport_later_([a-z]+)\d*\b/g, '$later.$1')
    .replace(/\b__toESM\((require\("[^"]+"\))\)/g, '$1');
}

/** What stands around a file that loads later. */
function laterFile() {
  return {
    banner: 'module.exports=$given=>{const require=$given,$later=$given.later,$own={};',
    footer: 'return $own.exports};',
  };
}

/**
 * The function of the core that gives a file what it requires. cdk8s and constructs are those that the core itself has. Each
 * name stands there in full, for bundlers.
 */
function given() {
  const packages = [...new Set(later.flatMap(([, , names]) => names))].sort();
  const own = packages.filter((name) => !name.startsWith('node:'));
  const files = FILES.filter((file) => file !== CORE);
  const cases = [
    `case './${CORE}.js': return module.exports;`,
    ...packages.map(
      (name) => `case '${name}': return ${own.includes(name) ? `$own['${name}']` : `require('${name}')`};`,
    ),
    ...files.map((file) => `case './${file}.js': return $files['${file}'] ??= require('./${file}.js')($given);`),
  ];
  return [
    `const $own = { ${own.map((name) => `'${name}': require('${name}')`).join(', ')} }, $files = {};`,
    `function $given(name) { switch (name) {`,
    ...cases,
    "} throw new Error('not a file of the library: ' + name); }",
    `const $later = $given.later = { ${files.map((file) => `get ${file}() { return $given('./${file}.js'); }`).join(', ')} };`,
  ].join('\n');
}

/** The source of a file: what others take of its modules, as one object, since a getter for each name would cost more. */
function entry(file) {
  const own = [...shared].filter(([path]) => fileOf(path) === file);
  const imports = own.map(([path, names]) => `import { ${as([...names])} } from './${path}';`);
  const names = own.flatMap(([, some]) => [...some.values()]);
  const exported = file === CORE ? `module.exports = { $given, ` : `$own.exports = { `;
  return `${imports.join('\n')}\n${exported}${names.join(', ')} };`;
}

function as(names) {
  return names.map(([from, to]) => (from === to ? from : `${from} as ${to}`)).join(', ');
}

/** Takes what stands in another file from there: from the core at once, from the others when it is used. */
function otherFiles(file) {
  return {
    name: 'other-files',
    setup(to) {
      to.onResolve({ filter: /^\./, namespace: 'file' }, ({ path, resolveDir }) => {
        const module = relative(ROOT, join(resolveDir, path)).replace(/(\.ts)?$/, '.ts');
        if (!modules.has(module) || fileOf(module) === file) return undefined;
        return { path: module, namespace: 'elsewhere' };
      });
      to.onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path }) => {
        const names = as([...shared.get(path)].map(([name, free]) => [free, name]));
        const from = fileOf(path) === CORE ? `./${CORE}.js` : `later:${fileOf(path)}`;
        return { contents: `export { ${names} } from '${from}';` };
      });
      to.onResolve({ filter: /^later:/ }, ({ path }) => ({ path, external: true }));
      to.onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => ({ path, external: true }));
    },
  };
}

/** The public names: those of the core as they are, the others when they are asked for. */
function door() {
  const names = modules
    .get(INDEX)
    .imports.flatMap(({ from, names: some }) => some.map((name) => [name, fileOf(from)]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const line = ([name, file]) =>
    file === CORE ? `  ${name}: core.${name},` : `  get ${name}() { return core.$given('./${file}.js').${name}; },`;
  return [
    '"use strict";',
    `const core = require('./thanos/${CORE}.js');`,
    'module.exports = {',
    ...names.map(line),
    '};',
    "Object.defineProperty(module.exports, '__esModule', { value: true });",
    '// by this an ES module knows the names',
    '0 && (module.exports = {',
    ...names.map(([name]) => `  ${name},`),
    '});',
    '',
  ].join('\n');
}

/**
 * Loads everything, and writes what jsii writes into each class that it compiles: by it a program in Python knows what it is
 * given.
 */
function jsiiDoor() {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return [
    '"use strict";',
    "module.exports = { ...require('../thanos.js') };",
    'for (const [type, value] of Object.entries(module.exports))',
    `  if (typeof value === 'function') value[Symbol.for('jsii.rtti')] = { fqn: '${name}.' + type, version: '${version}' };`,
    '',
  ].join('\n');
}

/** What loads with the core would find it half made. */
function requireLate() {
  const require = createRequire(import.meta.url);
  require(join(lib, 'thanos.js'));
  const early = FILES.filter((file) => file !== CORE && join(lib, `thanos/${file}.js`) in require.cache);
  if (early.length > 0)
    throw new Error(
      `lib/thanos/${early}.js loads with the core: some module uses it while it loads (scripts/files.mjs)`,
    );
}
