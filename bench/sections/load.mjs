import { inTurn, medianOf, ratio } from '../measure.mjs';

/** Loading the library against loading cdk8s alone, which it loads too. */
export function load({ meter, app, rounds }) {
  const { ours, cdk8s } = inTurn(
    {
      ours: () => meter.node(app('load'), 'cdk8s-thanos'),
      cdk8s: () => meter.node(app('load'), 'cdk8s'),
    },
    rounds,
  );
  const row = (figure) => ({ ratio: ratio(ours, cdk8s, figure), ms: [ours, cdk8s].map((r) => medianOf(r, figure)) });
  return [
    { key: 'load_vs_cdk8s', what: 'load / cdk8s alone', aim: 1.2, ...row('inner') },
    { key: 'load_process_vs_cdk8s', what: '  process', ...row('cpu') },
  ];
}
