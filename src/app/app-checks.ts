import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { caBoundary } from './boundary/ca-boundary';
import { bucketOwners } from './bucket-owners';
import { AppRegistry } from './registry';
import { mixedShards } from './shards';
import { oncePerSynth } from './synth-pass';
import { uniqueNames } from './unique-names';

/** Puts the whole-app checks on the app's root, once, whoever comes first; and gives its registry. */
export function appChecks(scope: IConstruct): AppRegistry {
  const registry = AppRegistry.of(scope);
  if (registry.once('checks')) {
    registry.root.node.addValidation({ validate: oncePerSynth(registry.root, () => judge(registry)) });
  }
  return registry;
}

function judge(registry: AppRegistry): string[] {
  const objects = registry.root.node.findAll().filter((c): c is ApiObject => ApiObject.isApiObject(c));
  const boundary = caBoundary(registry, objects);
  for (const text of [...registry.warnings, ...boundary.warnings]) {
    if (registry.once(`shown: ${text}`)) process.stderr.write(`warning: ${text}\n`);
  }
  return [...boundary.problems, ...uniqueNames(registry, objects), ...mixedShards(registry), ...bucketOwners(registry)];
}
