import { join } from 'node:path';
import { inTurn, medianOf, ratio } from '../measure.mjs';

const TSC = ['--noEmit', '--ignoreConfig', '--module', 'node16', '--target', 'es2022', '--types', 'node'];

const LABELS = { tsc: 'tsc', tsc_skip_lib_check: 'tsc --skipLibCheck', ts_node: 'ts-node' };

/** Type checking the guide against an app that knows cdk8s alone. */
export function types({ meter, root, work, rounds }) {
  const ours = join(root, 'examples/guide/main.ts');
  const cdk8s = join(root, 'bench/apps/types.ts');
  const bin = (name, ...args) => meter.run(process.execPath, [join(root, 'node_modules', name), ...args], env);
  const env = { cwd: root, env: { CDK8S_OUTDIR: join(work, 'types') } };
  const ways = {
    tsc: (file) => bin('typescript/bin/tsc', ...TSC, file),
    tsc_skip_lib_check: (file) => bin('typescript/bin/tsc', ...TSC, '--skipLibCheck', file),
    ts_node: (file) => bin('ts-node/dist/bin.js', file),
  };
  return Object.entries(ways).map(([way, check]) => {
    const results = inTurn({ ours: () => check(ours), cdk8s: () => check(cdk8s) }, rounds, false);
    const sides = [results.ours, results.cdk8s];
    return {
      key: `${way}_vs_cdk8s`,
      what: `${LABELS[way]} / an app of cdk8s alone`,
      aim: 1.05,
      ratio: ratio(...sides),
      ms: sides.map((r) => medianOf(r, 'cpu')),
    };
  });
}
