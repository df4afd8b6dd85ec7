// Builds each Thanos version that the library knows of from its source and writes what it has into a fixture: the flags that
// each command's help shows, the values that some take, the verdict of its config parsers on each key, and the keys that its
// laxer parsers read. Needs Go; minutes for each version.
// npm run versions -- --keep FOLDER   keeps the programs there, and takes those that are there; -- --only v0.41.0   one alone
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { COMMANDS, thanosVersions } from './versions/list.mjs';
import { sourceOf, thanosOf } from './versions/build.mjs';
import { CONFIGS } from './versions/configs.mjs';
import { choicesOf, helpedFlags } from './versions/flags.mjs';
import { keysOf } from './versions/keys.mjs';
import { verdict } from './versions/verdict.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const fixtures = join(root, 'test/fixtures/thanos-versions');
const { values } = parseArgs({ options: { keep: { type: 'string' }, only: { type: 'string' } } });
const kept = values.keep ?? mkdtempSync(join(tmpdir(), 'thanos-versions-'));

mkdirSync(fixtures, { recursive: true });
try {
  for (const version of values.only?.split(',') ?? thanosVersions) {
    console.log(`${version}: building`);
    const thanos = thanosOf(version, kept);
    console.log(`${version}: asking`);
    const file = join(fixtures, `${version}.json`);
    writeFileSync(file, `${JSON.stringify(await fixtureOf(version, thanos), null, 2)}\n`);
  }
} finally {
  if (values.keep === undefined) rmSync(kept, { recursive: true, force: true });
}

/** All of it runs in the folder of the programs: some make folders of their own where they stand. */
async function fixtureOf(version, thanos) {
  const commands = flagsOf(thanos);
  const choices = Object.fromEntries(COMMANDS.map((words) => [words, choicesOf(thanos, words, commands[words], kept)]));
  return { commands, choices, configs: await verdictsOf(thanos), keys: keysOf(sourceOf(version)) };
}

function flagsOf(thanos) {
  return Object.fromEntries(COMMANDS.map((words) => [words, helpedFlags(thanos, words)]));
}

async function verdictsOf(thanos) {
  const verdicts = {};
  for (const [name, { args, configs }] of Object.entries(CONFIGS)) {
    verdicts[name] = {};
    for (const [key, config] of configs) {
      const folder = mkdtempSync(join(tmpdir(), 'thanos-config-'));
      verdicts[name][key] = await verdict(thanos, args, config, folder);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return verdicts;
}
