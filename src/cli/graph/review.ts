import { createHash } from 'node:crypto';
import type { Graph } from '../../graph/graph';
import { page } from '../../graph/review/page';
import type { SourceFile } from '../../graph/review/review';
import { judgeManifests } from '../../lint/lint';
import { World } from '../../lint/world';
import { ownVersion } from '../version';
import type { ReadManifests } from './read';

/** What the page is made of. */
export interface ReviewInput {
  readonly read: ReadManifests;
  readonly graph: Graph;
  /** SVG of the graph. */
  readonly picture: string;
  readonly now: Date;
  readonly title: string;
}

/** The page for a security review of manifests that were read. */
export function reviewPage({ read, graph, picture, now, title }: ReviewInput): string {
  const { texts, kustomizations, how, clusters } = read;
  const { findings } = judgeManifests(texts, now, { clusters: how, kustomizations });
  const sources = texts.map(({ file, sha256, bytes }) => ({ file, sha256, bytes }));
  return page({
    title,
    now,
    madeBy: `cdk8s-thanos ${ownVersion()}`,
    sources,
    inputHash: inputHash(sources),
    clusters: clusters.map(({ name, objects }) => ({
      name: clusters.length > 1 ? name : '',
      world: new World(objects, now),
    })),
    findings,
    graph,
    svg: picture,
  });
}

/** SHA-256 of the lines of sha256sum. */
function inputHash(sources: readonly SourceFile[]): string {
  const lines = sources.map(({ file, sha256 }) => `${sha256}  ${file}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
