import { createRequire } from 'node:module';
import type * as yaml from 'yaml';

let loaded: typeof yaml | undefined;

/**
 * The `yaml` package: the copy that cdk8s brings and every synth loads anyway, since a second one costs a twelfth of a
 * synth; else this library's own. Both are of the same major version.
 */
export function yamlPackage(): typeof yaml {
  loaded ??= fromCdk8s() ?? (createRequire(__filename)('yaml') as typeof yaml);
  return loaded;
}

function fromCdk8s(): typeof yaml | undefined {
  try {
    const load = createRequire(require.resolve('cdk8s'));
    return (load('yaml/package.json') as { version: string }).version.startsWith('2.') ? load('yaml') : undefined;
  } catch {
    return undefined;
  }
}
