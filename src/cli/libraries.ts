import { createRequire } from 'node:module';
import { CliProblem } from './problem';

const load = createRequire(__filename);

/** Libraries that only the command uses: optional dependencies, loaded when a command needs them. */
interface Libraries {
  commander: typeof import('commander');
  aws4: typeof import('aws4');
  'node-forge': typeof import('node-forge');
}

/** Loads one of them, or says what to install. */
export function library<N extends keyof Libraries>(name: N): Libraries[N] {
  try {
    return load(name) as Libraries[N];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new CliProblem(`needs the package ${name}, which is not installed. Run: npm install ${name}`);
  }
}
