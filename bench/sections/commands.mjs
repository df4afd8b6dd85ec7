import { join } from 'node:path';
import { inTurn, medianOf, ratio } from '../measure.mjs';

/** The commands that people run most, against a node process that does nothing. */
export function commands({ meter, root, work, rounds }) {
  const command = (...args) => meter.run(process.execPath, [join(root, 'lib/src/cli/main.js'), ...args]);
  const contestants = {
    help: () => command('--help'),
    lint: () => command('lint', join(work, 'guide')),
    ca_inspect: () => command('ca', 'inspect', join(root, 'examples/guide/certs/minio-ca.crt')),
    node: () => meter.run(process.execPath, ['-e', '0']),
  };
  const { node, ...results } = inTurn(contestants, rounds);
  return Object.entries(results).map(([name, runs]) => ({
    key: `${name}_vs_node`,
    what: `cdk8s-thanos ${name.replace('_', ' ').replace('help', '--help')} / an empty script`,
    ratio: ratio(runs, node),
    ms: [runs, node].map((r) => medianOf(r, 'cpu')),
  }));
}
