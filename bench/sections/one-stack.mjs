import { join } from 'node:path';
import { chartsOf, requireSame } from '../manifests.mjs';
import { inTurn, medianOf, ratio } from '../measure.mjs';

/** The guide's stack against bare ApiObjects that carry the same JSON, both writing files. */
export function oneStack({ meter, work, app, rounds, chartsFile }) {
  const { guide, bare } = inTurn(
    {
      guide: () => meter.node(app('guide'), join(work, 'guide')),
      bare: () => meter.node(app('bare'), join(work, 'bare'), chartsFile),
    },
    rounds,
  );
  requireSame('the bare app', chartsOf(join(work, 'bare')), chartsOf(join(work, 'guide')));
  const row = (figure) => ({ ratio: ratio(guide, bare, figure), ms: [guide, bare].map((r) => medianOf(r, figure)) });
  return [
    { key: 'synth_vs_bare', what: 'one stack / bare ApiObjects, process', aim: 1.15, ...row('cpu') },
    { key: 'synth_vs_bare_inner', what: '  without the start of node', ...row('inner') },
    { key: 'memory_vs_bare', what: '  memory', ratio: ratio(guide, bare, 'memory') },
  ];
}
