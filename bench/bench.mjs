// `npm run bench`: where the library's time stands against cdk8s itself and against helm, as ratios of CPU time from one
// run. --json prints one object and nothing else on stdout; --quick is a smoke test, whose growth means little; --check
// fails where a ratio between paired runs is far over the one kept in kept.json, twice in a row.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { worse } from './kept.mjs';
import { chartsOf } from './manifests.mjs';
import { meter } from './measure.mjs';
import { printReport } from './report.mjs';
import { cdk8sSynth } from './sections/cdk8s-synth.mjs';
import { commands } from './sections/commands.mjs';
import { everything } from './sections/everything.mjs';
import { fleetAgainstBare, growth } from './sections/fleet.mjs';
import { againstHelm } from './sections/helm.mjs';
import { load } from './sections/load.mjs';
import { oneStack } from './sections/one-stack.mjs';
import { thousand } from './sections/thousand.mjs';
import { types } from './sections/types.mjs';

const root = join(import.meta.dirname, '..');
const [json, quick, check] = ['--json', '--quick', '--check'].map((flag) => process.argv.includes(flag));
const say = (text) => process.stderr.write(`${text}\n`);

const FEW = { counts: [1, 10, 30], fitFrom: 10, rounds: 1 };
const GROWTH = [
  {
    key: 'growth_exponent',
    what: 'a folder per chart',
    type: 'FOLDER_PER_CHART_FILE_PER_RESOURCE',
    kind: 'App',
    ...(quick ? FEW : { counts: [1, 10, 100, 300, 1000], fitFrom: 100, rounds: 3 }),
  },
  {
    // cdk8s validates the whole app again for each file of a chart's own: 1000 stacks would take minutes
    key: 'growth_exponent_default',
    what: 'a file per chart',
    type: 'FILE_PER_CHART',
    kind: 'App',
    ...(quick ? FEW : { counts: [1, 10, 100, 200, 300], fitFrom: 100, rounds: 3 }),
  },
  {
    key: 'growth_exponent_fleet_app',
    what: 'a file per chart, FleetApp',
    type: 'FILE_PER_CHART',
    kind: 'FleetApp',
    ...(quick ? FEW : { counts: [1, 10, 100, 300, 1000], fitFrom: 100, rounds: 3 }),
  },
];

const work = mkdtempSync(join(tmpdir(), 'thanos-bench-'));
try {
  // the compiled example reads its CA beside itself
  cpSync(join(root, 'examples/guide/certs'), join(root, 'lib/examples/guide/certs'), { recursive: true });
  const bench = prepare();
  const paired = [oneStack, load, tenStacks];
  const pairs = paired.flatMap((section) => measure(section, bench));
  if (check) requireKept(pairs, () => paired.flatMap((section) => measure(section, bench)));
  const growths = GROWTH.map((plan) => growth(bench, plan));
  const rows = [
    ...pairs,
    ...(quick ? [] : fleetAgainstBare({ ...bench, rounds: 2 }, 300, [undefined, 1.3])),
    ...growths.flatMap(({ section }) => section),
    ...(quick ? [] : measure(everything, bench)),
    ...measure(againstHelm, bench),
    ...(quick ? [] : measure(thousand, bench)),
    ...measure(cdk8sSynth, { ...bench, rounds: quick ? 1 : 5 }),
    ...measure(types, { ...bench, rounds: quick ? 1 : 3 }),
    ...measure(commands, { ...bench, rounds: quick ? 1 : 5 }),
  ];
  if (json) console.log(JSON.stringify(Object.fromEntries(rows.map(({ key, ratio }) => [key, rounded(ratio)]))));
  else printReport({ objects: bench.charts.thanos.length, rounds: bench.rounds, rows, growth: growths });
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What the sections share: the guide's objects as the library writes them, and how to run things. */
function prepare() {
  const app = (name) => join(import.meta.dirname, 'apps', `${name}.cjs`);
  const bench = { root, work, say, app, meter: meter(work), rounds: quick ? 5 : 15 };
  bench.meter.node(app('guide'), join(work, 'guide'));
  const charts = chartsOf(join(work, 'guide'));
  const chartsFile = join(work, 'charts.json');
  writeFileSync(chartsFile, JSON.stringify(charts));
  return { ...bench, charts, chartsFile };
}

function tenStacks(bench) {
  return fleetAgainstBare(bench, 10, [1.38, 0.95]);
}

function measure(section, bench) {
  say(section.name);
  return section(bench);
}

/** A busy machine makes one measurement bad, hardly two in a row. */
function requireKept(rows, again) {
  const first = worse(rows);
  if (first.length === 0) return;
  say(`once more: ${first.join('; ')}`);
  const second = worse(again());
  if (second.length > 0) throw new Error(`slower than before, twice in a row: ${second.join('; ')}`);
}

function rounded(ratio) {
  return ratio === null ? null : Math.round(ratio * 1000) / 1000;
}
