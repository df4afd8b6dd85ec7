// Writes the library as one file of one scope, which loads in a third of the time of two hundred. Node and bundlers take it by
// the package's `exports`, and jsii by `main`, where only a door to it is left: an app never has two copies of a class.
import { buildSync } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lib = join(root, 'lib');

// a package.json that a source imports is compiled to one here, and would stand for the package's own
if (existsSync(join(lib, 'package.json'))) throw new Error('lib/package.json: some source imports package.json');

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What jsii writes into each class that it compiles: by it a program in Python knows what it is given. */
const TYPES = `for(const [type,value] of Object.entries(module.exports))if(typeof value==='function')value[Symbol.for('jsii.rtti')]={fqn:'${name}.'+type,version:'${version}'};`;

buildSync({
  // not what jsii compiled: modules of CommonJS stay apart in one file, and each use of another's function is a detour
  entryPoints: [join(root, 'src/index.ts')],
  outfile: join(lib, 'thanos.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // cdk8s and constructs must be the app's own, and the others are loaded where they are needed
  packages: 'external',
  footer: { js: TYPES },
  minifySyntax: true,
  minifyWhitespace: true,
  // Node shows the whole line of an error that nobody catches
  lineLimit: 160,
  logLevel: 'warning',
});
writeFileSync(join(lib, 'src/index.js'), '"use strict";\nmodule.exports = require("../thanos.js");\n');
