// `npm run fuzz -- [--minutes 10 | --runs N] [--seed N] [--test NAME] [PATH...]`: tries the properties of the tests, or those
// whose names match, with random values: for so long, or with so many. A failure shows the smallest counterexample, which
// becomes a test with a name of its own.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    test: { type: 'string' },
  },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
const seed = values.seed ?? String(randomInt(2 ** 31));
const { runs, test } = values;
if (!(minutes > 0) || !/^-?\d+$/.test(seed) || !/^[1-9]\d*$/.test(runs ?? '1')) {
  console.error('usage: npm run fuzz -- [--minutes 10 | --runs N] [--seed N] [--test NAME] [PATH...]');
  process.exit(2);
}

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => join(root, 'test', file))
  .filter((file) => file.endsWith('.test.ts') && positionals.every((part) => file.includes(part)))
  .map((file) => ({ file, properties: readFileSync(file, 'utf8').match(/\bfc\.assert\(/g)?.length ?? 0 }))
  .filter(({ properties }) => properties > 0);
const count = files.reduce((sum, { properties }) => sum + properties, 0);
if (count === 0) {
  console.error(`no test below ${positionals.join(', ')} has a property`);
  process.exit(2);
}

const amount = runs === undefined ? `${minutes} minutes` : `${runs} values each`;
console.log(`${count} properties, ${amount}; again with: npm run fuzz -- --seed ${seed}`);
const jest = join(root, 'node_modules/jest/bin/jest.js');
const args = ['--config', 'jest.fuzz.config.cjs', '--runTestsByPath', ...files.map(({ file }) => relative(root, file))];
if (test !== undefined) args.push('--testNamePattern', test);
const limit = runs === undefined ? { FUZZ_SECONDS: String((minutes * 60) / count) } : { FUZZ_RUNS: runs };
const { status } = spawnSync(process.execPath, [jest, ...args], {
  cwd: root,
  env: { ...process.env, FUZZ_SEED: seed, ...limit },
  stdio: 'inherit',
});
process.exit(status ?? 1);
