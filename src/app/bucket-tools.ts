import { isInCluster } from '../input/endpoint';
import { phrase } from '../support/problem';
import { areDisjoint } from './block-selection';
import { NOTHING, together, type Verdict } from './boundary/verdict';
import type { Finished } from './finished';
import type { BucketCompactor, BucketToolUse, Standing } from './registry';

/** Tools on the blocks of a compactor that runs: what Thanos forbids, and what it warns of. */
export function bucketTools(app: Standing, objects: readonly Finished[]): Verdict {
  if (app.tools.length === 0) return NOTHING;
  const running = app.compactors.filter((compactor) => runs(compactor, objects));
  return together(
    app.tools.flatMap((tool) =>
      running.filter((compactor) => meet(app, tool, compactor)).map((compactor) => verdict(tool, compactor)),
    ),
  );
}

function verdict({ construct, beside, bucket }: BucketToolUse, compactor: BucketCompactor): Verdict {
  const text = `${compactor.construct.node.path} works on the same bucket (${bucket}): a compactor ${beside.text}`;
  if (!beside.forbidden) return { problems: [], warnings: [`${construct.node.path}: tool: ${text}`] };
  const what = `${text}. Remove one of the two, or scale the compactor to 0 for that time (a CronJob: suspend it)`;
  return { problems: [phrase(construct.node.path, 'tool', what)], warnings: [] };
}

/** One that is scaled to 0 stands still, and so does a CronJob that is suspended. */
function runs({ construct }: BucketCompactor, objects: readonly Finished[]): boolean {
  return !objects.some(
    ({ object, json }) =>
      object.node.scope === construct &&
      (json.spec?.replicas === 0 || (json.kind === 'CronJob' && json.spec.suspend === true)),
  );
}

function meet(app: Standing, tool: BucketToolUse, compactor: BucketCompactor): boolean {
  if (tool.bucket !== compactor.bucket) return false;
  const { selection } = compactor;
  if (tool.selection && selection && areDisjoint(tool.selection, selection)) return false;
  if (!isInCluster(tool.bucket)) return true;
  const [a, b] = [tool, compactor].map(({ construct }) => app.clusterOf(construct));
  return a === undefined || b === undefined || a === b;
}
