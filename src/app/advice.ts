import type { Standing } from './registry';

/** Warnings that need more than one construct. */
export function advice(app: Standing): string[] {
  return [...overlaps(app), ...unrouted(app)];
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
