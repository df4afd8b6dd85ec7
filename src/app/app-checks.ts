import type { IConstruct } from 'constructs';
import { advice } from './advice';
import { caBoundary } from './boundary/ca-boundary';
import { bucketOwners } from './bucket-owners';
import { bucketTools } from './bucket-tools';
import { finished, type Rendering } from './finished';
import { misfits } from './fits';
import { mountedVolumes } from './mounted-volumes';
import { partTls } from './part-tls';
import { AppRegistry } from './registry';
import { renamedParts } from './renamed-parts';
import { mixedShards } from './shards';
import { judgeAtSynth } from './synth-pass';
import { uniqueNames } from './unique-names';

/** Puts the whole-app checks on the app's root, once, whoever comes first; and gives its registry. */
export function appChecks(scope: IConstruct): AppRegistry {
  const registry = AppRegistry.of(scope);
  if (registry.once('checks')) {
    judgeAtSynth(registry.root, (app) => judge(registry, app));
  }
  return registry;
}

function judge(registry: AppRegistry, app: readonly Rendering[]): string[] {
  const objects = finished(app);
  const standing = registry.standing();
  const boundary = caBoundary(standing, objects);
  const tools = bucketTools(standing, objects);
  const advised = standing.judges.flatMap((one) => one.advise?.(objects) ?? []);
  for (const text of [...standing.warnings, ...boundary.warnings, ...tools.warnings, ...advice(standing), ...advised]) {
    if (registry.once(`shown: ${text}`)) process.stderr.write(`warning: ${text}\n`);
  }
  return [
    ...boundary.problems,
    ...misfits(standing, objects),
    ...mountedVolumes(standing, objects),
    ...renamedParts(standing, objects),
    ...uniqueNames(standing, objects),
    ...mixedShards(standing),
    ...bucketOwners(standing),
    ...tools.problems,
    ...partTls(standing, registry.links),
    ...standing.judges.flatMap(({ judge }) => judge(objects)),
  ];
}
