import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf, requireSame } from '../manifests.mjs';
import { exponent, inTurn, median, medianOf, ratio } from '../measure.mjs';

/** Many stacks in one app, a file for each chart, against bare ApiObjects that carry the same JSON. */
export function fleetAgainstBare({ meter, work, app, rounds, say }, count, aim) {
  const [ours, bareOut, file] = ['ours', 'bare', 'json'].map((name) => join(work, `fleet-${count}-${name}`));
  const fleet = () => meter.node(app('fleet'), ours, count, 'FILE_PER_CHART');
  fleet();
  const charts = chartsOf(ours);
  writeFileSync(file, JSON.stringify(charts));
  say(`  ${count} stacks`);
  const results = inTurn({ fleet, bare: () => meter.node(app('bare'), bareOut, file) }, rounds, count <= 10);
  requireSame('the bare fleet', chartsOf(bareOut), charts);
  const sides = [results.fleet, results.bare];
  const name = count === 10 ? 'ten' : `stacks_${count}`;
  return [
    {
      key: `${name}_vs_bare`,
      what: `${count} stacks / bare ApiObjects, process`,
      aim,
      ratio: ratio(...sides),
      ms: sides.map((r) => medianOf(r, 'cpu')),
    },
    { key: `${name}_memory_vs_bare`, what: '  memory', ratio: ratio(...sides, 'memory') },
  ];
}

/**
 * One app with more and more stacks. What an app without stacks costs is start-up: it is measured beside each run and taken
 * off. Growth is fitted where stacks are many, since a small app runs in code that isn't optimized yet.
 */
export function growth({ meter, work, app, say }, { key, what, type, counts, fitFrom, rounds }) {
  const run = (count) => meter.node(app('fleet'), join(work, `growth-${type}-${count}`), count, type).cpu;
  const rows = counts.map((count) => {
    const runs = Array.from({ length: count >= 300 ? Math.min(rounds, 2) : rounds }, () => -run(0) + run(count));
    say(`  ${type}: ${count} stacks`);
    return [count, median(runs)];
  });
  const fitted = rows.filter(([count]) => count >= fitFrom);
  const from = fitted.map(([count]) => count);
  const label = `${what}, growth exponent from ${from[0]} to ${from.at(-1)} stacks`;
  return { type, rows, section: [{ key, what: label, aim: 1.1, ratio: exponent(fitted) }] };
}
