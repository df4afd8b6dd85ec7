// `npm run bench`: where the library's time stands against cdk8s itself and against helm, as ratios of CPU time from one
// run. --json prints one object and nothing else on stdout, --quick is a smoke test whose figures mean little.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meter } from './measure.mjs';
import { printReport } from './report.mjs';
import { growth, guideObjects, loadAgainstCdk8s, processAgainstHelm, synthAgainstBare } from './sections.mjs';

const root = join(import.meta.dirname, '..');
const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const say = (text) => process.stderr.write(`${text}\n`);

const FLEET = quick ? [1, 10, 30] : [1, 10, 100, 1000];
/** cdk8s validates the whole app again for each file of a chart's own: 1000 stacks would take minutes. */
const DEFAULT_TYPE = quick ? [1, 10, 20] : [1, 10, 30, 100];

const work = mkdtempSync(join(tmpdir(), 'thanos-bench-'));
try {
  // the compiled example reads its CA beside itself
  cpSync(join(root, 'examples/guide/certs'), join(root, 'lib/examples/guide/certs'), { recursive: true });
  const results = measure();
  if (json) console.log(JSON.stringify(keys(results)));
  else printReport(results);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function measure() {
  const bench = { meter: meter(work), work, say, rounds: quick ? 3 : 15, objectsFile: join(work, 'objects.json') };
  bench.objects = guideObjects(bench);
  writeFileSync(bench.objectsFile, JSON.stringify(bench.objects));
  say('synth against bare ApiObjects');
  const synth = synthAgainstBare(bench);
  say('load');
  const load = loadAgainstCdk8s(bench);
  say('node against helm');
  const helm = processAgainstHelm(bench);
  say('growth');
  const fleet = growth(bench, 'FOLDER_PER_CHART_FILE_PER_RESOURCE', FLEET, quick ? 1 : 3);
  const charts = growth(bench, 'FILE_PER_CHART', DEFAULT_TYPE, quick ? 1 : 3);
  return { objects: bench.objects.length, rounds: bench.rounds, synth, load, helm, fleet, charts };
}

function keys({ synth, fleet, load, helm }) {
  const round = (value) => Math.round(value * 1000) / 1000;
  return {
    synth_vs_bare: round(synth.process),
    growth_exponent: round(fleet.exponent),
    load_vs_cdk8s: round(load.ratio),
    process_vs_helm: helm && round(helm.ratio),
  };
}
