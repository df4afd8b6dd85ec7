import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf, requireSame } from '../manifests.mjs';
import { inTurn, medianOf, ratio } from '../measure.mjs';

/** One stack with all that a stack can have, against bare ApiObjects that carry the same JSON. */
export function everything({ meter, work, app, rounds }) {
  const out = (name) => join(work, `everything-${name}`);
  const stack = (kind) => () => meter.node(app('everything'), out(kind), kind);
  stack('App')();
  const charts = chartsOf(out('App'));
  writeFileSync(out('json'), JSON.stringify(charts));
  const bare = () => meter.node(app('bare'), out('bare'), out('json'));
  const results = inTurn({ App: stack('App'), FleetApp: stack('FleetApp'), bare }, rounds);
  for (const name of ['FleetApp', 'bare']) requireSame(name, chartsOf(out(name)), charts);
  const sides = (kind, figure) => ({
    ratio: ratio(results[kind], results.bare, figure),
    ...(figure === 'cpu' && { ms: [results[kind], results.bare].map((r) => medianOf(r, figure)) }),
  });
  const what = `a stack with everything (${charts.thanos.length} objects) / bare ApiObjects`;
  return [
    { key: 'everything_vs_bare', what, ...sides('App', 'cpu') },
    { key: 'everything_fleet_app_vs_bare', what: '  by FleetApp', ...sides('FleetApp', 'cpu') },
    { key: 'everything_memory_vs_bare', what: '  memory', ...sides('App', 'memory') },
  ];
}
