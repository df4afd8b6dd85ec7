import { found } from '../support/problem';
import type { StackWatcher } from './part';
import type { Standing } from './registry';

/** Warnings that need more than one construct. */
export function advice(app: Standing): string[] {
  return [...overlaps(app), ...unrouted(app), ...unwatched(app), ...severed(app)];
}

/** A compactor halts at blocks that overlap, unless it is told to merge them. */
function overlaps({ writers, compactors }: Standing): string[] {
  return writers.flatMap(({ construct, bucket, overlapping }) => {
    const compactor = overlapping && compactors.find((one) => one.bucket === bucket && !one.merges);
    if (!compactor) return [];
    return [
      `${construct.node.path}: tsdb: takes samples out of order, whose blocks overlap, and ${compactor.construct.node.path} halts at those. Give it verticalCompaction: {}`,
    ];
  });
}

/** Another app may have the pods; mostly the name or the namespace is wrong. */
function unwatched({ watchers, parts, clusterOf }: Standing): string[] {
  const inPlace = ({ construct, instance, namespace }: StackWatcher): boolean =>
    parts.some(
      ({ construct: part, identity }) =>
        identity.instance === instance && identity.namespace === namespace && clusterOf(part) === clusterOf(construct),
    );
  return watchers
    .filter((watcher) => !inPlace(watcher))
    .map(
      ({ construct, instance, namespace }) =>
        `${construct.node.path}: instance: the app has no component of a stack ${found(instance)} in namespace ${namespace}; unless another app has, nothing is scraped`,
    );
}

/** What is written to such receivers directly is stored once. Where a router has members unknown here, they may be these. */
function unrouted({ ingestors, routers }: Standing): string[] {
  if (routers.some(({ whole }) => !whole)) return [];
  const routed = new Set(routers.flatMap(({ receivers }) => receivers));
  return ingestors
    .filter((construct) => !routed.has(construct))
    .map(
      ({ node }) =>
        `${node.path}: ingestOnly: no ReceiveRouter of the app has it in a ring, and what is written to it directly is stored once. Put it into a ring`,
    );
}

/** What was removed has no Service that answers. */
function severed(app: Standing): string[] {
  const texts = app.severed.map(
    ({ from, to }) =>
      `${from.node.path}: still calls ${to.node.path}, which was removed from the tree. Drop it there too`,
  );
  return [...new Set(texts)];
}
