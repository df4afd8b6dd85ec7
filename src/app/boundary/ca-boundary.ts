import type { ApiObject } from 'cdk8s';
import { podSpecs, strayReferences } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import { finished } from '../finished';
import { isOurs } from '../place';
import type { AppRegistry, GrantRecord, ShareRecord } from '../registry';
import { Copies } from './copies';
import { foreignGrant } from './foreign-grant';
import { GuardIndex } from './guard-index';
import { Leaks } from './leaks';
import { nodeAccess } from './node-access';
import { patchedConfig } from './patched-config';
import { hasNoPods, isOperated } from './pod-kinds';
import { SecretReaders } from './secret-readers';
import { NOTHING, together, type Verdict } from './verdict';
import { wholeGrant } from './whole-grant';

/**
 * The CA boundary: no container outside the granted ones mounts, projects or reads into its env what a Grant carries, and
 * every granted pod still has all of it. Judged on the finished objects of the whole app, the users' patches included.
 */
export function caBoundary(registry: AppRegistry, objects: readonly ApiObject[]): Verdict {
  if (registry.guarded.length === 0) return NOTHING;
  const grants = groupBy(registry.grants, ({ workload }) => workload);
  const shares = groupBy(registry.shares, ({ object }) => object);
  const leaks = new Leaks(registry, new GuardIndex(registry), new Copies(registry, objects));
  const readers = new SecretReaders(registry, objects);
  const verdicts = objects
    .filter((object) => !hasNoPods(object) || grants.has(object))
    .flatMap((object) => judge(object, grants.get(object) ?? [], shares.get(object) ?? [], leaks, readers));
  return together([...verdicts, patchedConfig(registry, objects)]);
}

function judge(
  object: ApiObject,
  records: readonly GrantRecord[],
  shared: readonly ShareRecord[],
  leaks: Leaks,
  readers: SecretReaders,
): Verdict[] {
  const misfits = records.flatMap((grant) => grant.problems?.() ?? []);
  // of what came of a Grant that does not fit nothing more needs to be said
  if (misfits.length > 0) return [{ problems: misfits, warnings: [] }];
  // the containers of a foreign workload are read from the rendered object: once for all that follows
  const granted = records.map((grant) => ({ ...grant, containers: grant.containers }));
  return finished(object).flatMap((one) => {
    const specs = podSpecs(one.json);
    const pods = specs.flatMap((found) => [
      leaks.ofPod(one, found, granted, shared),
      nodeAccess(one, found, granted, shared, () => leaks.areNear(one)),
      readers.ofPod(one, found, granted, shared),
    ]);
    // the library's own custom resources make Secrets and bundles, they don't use them
    const stray = isOurs(object) ? [] : [leaks.ofObject(one, strayReferences(one.json), shared, isOperated(one.json))];
    return [...pods, ...stray, ...granted.map((grant) => (grant.own ? wholeGrant : foreignGrant)(one, specs, grant))];
  });
}
