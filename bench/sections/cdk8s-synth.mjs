import { join } from 'node:path';
import { inTurn, medianOf, ratio } from '../measure.mjs';

/** `cdk8s synth` of the guide as its cdk8s.yaml runs it, against the way of `cdk8s init`, which checks types each time. */
export function cdk8sSynth({ meter, root, work, rounds }) {
  const cdk8s = join(root, 'node_modules/cdk8s-cli/bin/cdk8s');
  const synth = (...app) => {
    const args = [cdk8s, 'synth', '--output', join(work, 'synth'), ...app];
    return meter.run(process.execPath, args, { cwd: join(root, 'examples/guide') });
  };
  const { ours, init } = inTurn(
    { ours: () => synth(), init: () => synth('--app', 'npx ts-node main.ts') },
    rounds,
    false,
  );
  return [
    {
      key: 'cdk8s_synth_vs_init',
      what: "cdk8s synth / the init template's way",
      aim: 0.4,
      ratio: ratio(ours, init),
      ms: [ours, init].map((r) => medianOf(r, 'cpu')),
    },
  ];
}
