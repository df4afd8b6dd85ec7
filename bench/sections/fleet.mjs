import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf, requireSame } from '../manifests.mjs';
import { exponent, inTurn, median, medianOf, ratio } from '../measure.mjs';

/**
 * Many stacks in one app, a file for each chart, against bare ApiObjects that carry the same JSON.
 *
 * @param aims for cdk8s' own App and for FleetApp
 */
export function fleetAgainstBare({ meter, work, app, rounds, say }, count, aims) {
  const out = (name) => join(work, `fleet-${count}-${name}`);
  const stacks = (kind) => () => meter.node(app('fleet'), out(kind), count, 'FILE_PER_CHART', kind);
  stacks('App')();
  const charts = chartsOf(out('App'));
  writeFileSync(out('json'), JSON.stringify(charts));
  say(`  ${count} stacks`);
  const bare = () => meter.node(app('bare'), out('bare'), out('json'));
  const results = inTurn({ App: stacks('App'), FleetApp: stacks('FleetApp'), bare }, rounds, count <= 10);
  for (const name of ['FleetApp', 'bare']) requireSame(name, chartsOf(out(name)), charts);
  const name = count === 10 ? 'ten' : `stacks_${count}`;
  return ['App', 'FleetApp'].flatMap((kind, i) => {
    const sides = [results[kind], results.bare];
    const key = `${name}${kind === 'App' ? '' : '_fleet_app'}`;
    const what = `${count} stacks in one ${kind} / bare ApiObjects, process`;
    return [
      { key: `${key}_vs_bare`, what, aim: aims[i], ratio: ratio(...sides), ms: sides.map((r) => medianOf(r, 'cpu')) },
      { key: `${key}_memory_vs_bare`, what: '  memory', ratio: ratio(...sides, 'memory') },
    ];
  });
}

/**
 * One app with more and more stacks. What an app without stacks costs is start-up: it is measured beside each run and taken
 * off. Growth is fitted where stacks are many, since a small app runs in code that isn't optimized yet.
 */
export function growth({ meter, work, app, say }, { key, what, type, kind, counts, fitFrom, rounds }) {
  const run = (count) => meter.node(app('fleet'), join(work, `growth-${type}-${kind}-${count}`), count, type, kind).cpu;
  const rows = counts.map((count) => {
    const runs = Array.from({ length: count >= 300 ? Math.min(rounds, 2) : rounds }, () => -run(0) + run(count));
    say(`  ${what}: ${count} stacks`);
    return [count, median(runs)];
  });
  const fitted = rows.filter(([count]) => count >= fitFrom);
  const from = fitted.map(([count]) => count);
  const label = `${what}, growth exponent from ${from[0]} to ${from.at(-1)} stacks`;
  return { what, rows, section: [{ key, what: label, aim: 1.1, ratio: exponent(fitted) }] };
}
