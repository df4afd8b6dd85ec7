import type { IConstruct } from 'constructs';
import { podSpecs, strayReferences } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import type { Finished } from '../finished';
import { isOurs } from '../place';
import type { GrantRecord, ShareRecord, Standing } from '../registry';
import { Copies } from './copies';
import { foreignGrant } from './foreign-grant';
import { GuardIndex } from './guard-index';
import { inlineCopies } from './inline-copies';
import { Leaks } from './leaks';
import { nodeAccess } from './node-access';
import { hasNoPods, isMonitor } from './pod-kinds';
import { SecretReaders } from './secret-readers';
import { NOTHING, together, type Verdict } from './verdict';
import { wholeGrant } from './whole-grant';
import { wholeObjects } from './whole-objects';

/**
 * The CA boundary: no container outside the granted ones mounts, projects or reads into its env what a Grant carries, and
 * every granted pod still has all of it. Judged on the finished objects of the whole app, the users' patches included.
 */
export function caBoundary(app: Standing, objects: readonly Finished[]): Verdict {
  if (app.guarded.length === 0 && app.grants.length === 0) return NOTHING;
  const lost = wholeObjects(app, objects);
  const misfits = misfitting(app.grants);
  const granted = groupBy(
    // of what came of a Grant that does not fit nothing more needs to be said
    app.grants.filter(({ workload }) => !misfits.has(workload)),
    ({ workload }): IConstruct => workload,
  );
  const shares = groupBy(app.shares, ({ object }): IConstruct => object);
  const copies = new Copies(app, objects);
  const leaks = new Leaks(app, new GuardIndex(app), copies);
  const readers = new SecretReaders(app, objects);
  const verdicts = objects
    .filter(({ object, json }) => !misfits.has(object) && (!hasNoPods(json) || granted.has(object)))
    .flatMap((one) => {
      const mine = granted.get(one.object) ?? [];
      const shared = shares.get(one.object) ?? [];
      return judge(one, mine, shared, { app, leaks, readers, copies });
    });
  return together([{ problems: [...misfits.values()].flat(), warnings: [] }, ...verdicts, lost]);
}

/** Workloads of the users' that a Grant does not fit, and why. */
function misfitting(grants: readonly GrantRecord[]): Map<IConstruct, readonly string[]> {
  const misfits = new Map<IConstruct, readonly string[]>();
  for (const { workload, problems } of grants) {
    const found = problems?.() ?? [];
    if (found.length > 0) misfits.set(workload, [...(misfits.get(workload) ?? []), ...found]);
  }
  return misfits;
}

interface Judges {
  readonly app: Standing;
  readonly leaks: Leaks;
  readonly readers: SecretReaders;
  readonly copies: Copies;
}

function judge(
  one: Finished,
  grants: readonly GrantRecord[],
  shared: readonly ShareRecord[],
  { app, leaks, readers, copies }: Judges,
): Verdict[] {
  // the containers of a foreign workload are read from the rendered object: once for all that follows
  const granted = grants.map((grant) => ({ ...grant, containers: grant.containers }));
  const specs = podSpecs(one.json);
  const held = shared.filter(({ onlyReads }) => !onlyReads);
  const pods = specs.flatMap((found) => [
    leaks.ofPod(one, found, granted, held),
    nodeAccess(one, found, granted, held, () => leaks.areNear(one)),
    readers.ofPod(one, found, granted, shared),
  ]);
  // the library's own custom resources make Secrets and bundles, they don't use them
  const stray =
    isOurs(one.object) && !isMonitor(one.json) ? [] : [leaks.ofObject(one, strayReferences(one.json), held)];
  const whole = granted.map((grant) => (grant.own ? wholeGrant : foreignGrant)(one, specs, grant));
  return [...pods, ...stray, ...whole, inlineCopies(one, specs, granted, held, app, copies)];
}
