// Writes the library as one file, which loads in half the time of a hundred. Node and bundlers take it by the package's
// `exports`; jsii loads `main`, the files that it compiled. The two are never in one process.
import { buildSync } from 'esbuild';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lib = join(dirname(fileURLToPath(import.meta.url)), '../lib');

// a package.json that a source imports is compiled to one here, and would stand for the package's own
if (existsSync(join(lib, 'package.json'))) throw new Error('lib/package.json: some source imports package.json');

buildSync({
  entryPoints: [join(lib, 'src/index.js')],
  outfile: join(lib, 'thanos.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  // cdk8s and constructs must be the app's own, and the others are loaded where they are needed
  packages: 'external',
  minifySyntax: true,
  minifyWhitespace: true,
  // Node shows the whole line of an error that nobody catches
  lineLimit: 160,
  logLevel: 'warning',
});
