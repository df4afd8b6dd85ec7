import { stringify } from 'yaml';
import { draw } from '../../src/graph/draw';
import type { Graph } from '../../src/graph/graph';
import { divide } from '../../src/lint/clusters';
import { parseManifests } from '../../src/lint/parse-manifests';
import type { Files } from '../examples/example';
import { NOW } from '../lint/manifests';
import type { Json } from '../render';

/** The graph of files, as the command draws it. */
export function drawnFiles(files: Files): Graph {
  const objects = Object.entries(files).flatMap(([file, text]) => parseManifests(file, text).objects);
  return draw(divide(objects).clusters, NOW);
}

/** The graph of objects that are applied together. */
export function drawn(objects: readonly Json[]): Graph {
  return drawnFiles({ 'm.yaml': objects.map((object) => stringify(object)).join('---\n') });
}

/** `from -> to: what, port` of each edge, by the titles of its ends. */
export function calls({ nodes, edges }: Graph): string[] {
  const title = (id: string): string => nodes.find((node) => node.id === id)!.title;
  return edges.map(({ from, to, carries, port }) => `${title(from)} -> ${title(to)}: ${carries}, ${port}`);
}
