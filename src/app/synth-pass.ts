import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * Keeps what a function gives while one synth runs, and for no longer: cdk8s validates the whole app once for each chart,
 * and in between runs no code of the user's. Whatever is asked outside of `synth` and `synthYaml` (`Testing.synth`, say) is
 * worked out anew, since anything may have changed since: an object that was put in another's place, or a mount that an L2
 * added after it was rendered, changes no count.
 */
export function oncePerSynth<T>(root: IConstruct, work: () => T): () => T {
  let running = 0;
  let kept: { value: T } | undefined;
  const around = (run: () => unknown): unknown => {
    running += 1;
    try {
      return run();
    } finally {
      running -= 1;
      kept = undefined;
    }
  };
  if (root instanceof App) {
    // on the instance: a subclass may have its own
    const { synth, synthYaml } = root;
    root.synth = () => void around(() => synth.call(root));
    root.synthYaml = () => around(() => synthYaml.call(root)) as string;
  }
  return () => {
    if (running === 0) return work();
    kept ??= { value: work() };
    return kept.value;
  };
}
