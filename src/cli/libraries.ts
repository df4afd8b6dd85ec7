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
    throw missing(name, error);
  }
}

/** Graphviz, compiled to WebAssembly. It is an ES module, which Node 20 can't load in any other way. */
export async function graphviz(): Promise<
  import('@hpcc-js/wasm-graphviz', { with: { 'resolution-mode': 'import' } }).Graphviz
> {
  try {
    return await (await import('@hpcc-js/wasm-graphviz')).Graphviz.load();
  } catch (error) {
    throw missing('@hpcc-js/wasm-graphviz', error);
  }
}

function missing(name: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return error;
  return new CliProblem(`needs the package ${name}, which is not installed. Run: npm install ${name}`);
}
