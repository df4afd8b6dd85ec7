import { groupBy } from '../support/group-by';
import type { Graph, GraphEdge, GraphNode } from './graph';

/** Attributes of each shape (https://graphviz.org/doc/info/shapes.html). */
const SHAPES: Readonly<Record<GraphNode['shape'], string>> = {
  pods: 'shape=box, style=rounded',
  bucket: 'shape=cylinder',
  outside: 'shape=box, style="rounded,dashed"',
};

/** Of more arrows curves take Graphviz minutes, and straight lines seconds. */
const MANY_EDGES = 300;
const STRAIGHT = '  graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.2];';

/** The graph in the language of Graphviz. */
export function dot({ nodes, edges }: Graph): string {
  const groups = [...groupBy(nodes, ({ group }) => group)];
  const lines = [
    'digraph thanos {',
    '  rankdir=LR;',
    '  graph [fontname="Helvetica,Arial,sans-serif", fontsize=12];',
    ...(edges.length > MANY_EDGES ? [STRAIGHT] : []),
    // wide margins: who looks at it may have another font, a fifth wider
    '  node [fontname="Helvetica,Arial,sans-serif", fontsize=11, margin="0.38,0.1"];',
    '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10];',
    ...groups.flatMap(([group, own], i) => (group === undefined ? [] : cluster(group, i, own))),
    ...groups.flatMap(([group, own]) => (group === undefined ? own.map((node) => `  ${nodeLine(node)}`) : [])),
    ...edges.map(edgeLine),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function cluster(group: string, i: number, nodes: readonly GraphNode[]): string[] {
  return [
    `  subgraph cluster_${i} {`,
    `    label=${quoted([group])};`,
    '    style=rounded;',
    ...nodes.map((node) => `    ${nodeLine(node)}`),
    '  }',
  ];
}

function nodeLine({ id, shape, title, lines, holds }: GraphNode): string {
  const granted = holds.length === 0 ? '' : ', penwidth=2.5';
  return `${id} [label=${quoted([title, ...lines])}, ${SHAPES[shape]}${granted}];`;
}

function edgeLine({ kind, from, to, carries, port, by, refusedBy }: GraphEdge): string {
  const label = [carries, port, refusedBy === undefined ? '' : `refused by ${refusedBy}`].filter((part) => part !== '');
  const look = kind === 'allowed' ? ', style=dotted' : refusedBy === undefined ? '' : ', style=dashed, arrowhead=tee';
  return `  ${from} -> ${to} [label=${quoted(label)}, tooltip=${quoted([by])}${look}];`;
}

/** A string of DOT: a backslash would begin an escape, `&` an entity, a line break ends nothing but the picture's line. */
function quoted(lines: readonly string[]): string {
  const plain = lines.map((line) =>
    line
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
      .replace(/\\/g, '\\\\')
      .replace(/"/g, '\\"')
      .replace(/&/g, '&amp;'),
  );
  return `"${plain.join('\\n')}"`;
}
