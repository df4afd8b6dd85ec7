import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { bucketOwners } from './bucket-owners';
import { caBoundary } from './ca-boundary';
import { AppRegistry } from './registry';
import { uniqueNames } from './unique-names';

/** Puts the whole-app checks on the app's root, once, whoever comes first; and gives its registry. */
export function appChecks(scope: IConstruct): AppRegistry {
  const registry = AppRegistry.of(scope);
  if (registry.once('checks')) registry.root.node.addValidation({ validate: memoised(registry) });
  return registry;
}

/**
 * cdk8s validates the whole app again for every chart. Between two charts of one synth nothing changes, so the verdict is
 * kept while the tree, the patches and the registry have the same size.
 */
function memoised(registry: AppRegistry): () => string[] {
  let last: { print: string; verdict: string[] } | undefined;
  return () => {
    const objects = registry.root.node.findAll().filter((c): c is ApiObject => ApiObject.isApiObject(c));
    const print = fingerprint(registry, objects);
    if (last?.print !== print) last = { print, verdict: judge(registry, objects) };
    return last.verdict;
  };
}

function fingerprint(registry: AppRegistry, objects: readonly ApiObject[]): string {
  // `patches` is private in cdk8s; where it should vanish the sum is NaN and the verdict is kept only per tree size
  const patches = objects.reduce((sum, o) => sum + (o as unknown as { patches: unknown[] }).patches?.length, 0);
  return [
    objects.length,
    patches,
    registry.grants.length,
    registry.guarded.length,
    registry.writers.length,
    registry.compactors.length,
  ].join();
}

function judge(registry: AppRegistry, objects: readonly ApiObject[]): string[] {
  for (const text of registry.warnings) {
    if (registry.once(`shown: ${text}`)) process.stderr.write(`warning: ${text}\n`);
  }
  return [...caBoundary(registry, objects), ...uniqueNames(registry, objects), ...bucketOwners(registry)];
}
