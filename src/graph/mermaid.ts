import { groupBy } from '../support/group-by';
import type { Graph, GraphEdge, GraphNode } from './graph';

/** Brackets of each shape (https://mermaid.js.org/syntax/flowchart.html#node-shapes). */
const SHAPES: Readonly<Record<GraphNode['shape'], readonly [open: string, close: string]>> = {
  pods: ['["', '"]'],
  bucket: ['[("', '")]'],
  outside: ['(["', '"])'],
};

/** The graph as Mermaid's flowchart, which GitHub and GitLab render in Markdown. */
export function mermaid({ nodes, edges }: Graph): string {
  const groups = [...groupBy(nodes, ({ group }) => group)];
  const holders = nodes.filter(({ holds }) => holds.length > 0).map(({ id }) => id);
  const lines = [
    'flowchart LR',
    ...groups.flatMap(([group, own], i) => (group === undefined ? [] : subgraph(group, i, own))),
    ...groups.flatMap(([group, own]) => (group === undefined ? own.map((node) => `  ${nodeLine(node)}`) : [])),
    ...edges.map(edgeLine),
    ...(holders.length === 0 ? [] : ['  classDef granted stroke-width:3px', `  class ${holders.join(',')} granted`]),
  ];
  return `${lines.join('\n')}\n`;
}

function subgraph(group: string, i: number, nodes: readonly GraphNode[]): string[] {
  return [`  subgraph group_${i}["${escaped(group)}"]`, ...nodes.map((node) => `    ${nodeLine(node)}`), '  end'];
}

function nodeLine({ id, shape, title, lines }: GraphNode): string {
  const [open, close] = SHAPES[shape];
  return `${id}${open}${[title, ...lines].map(escaped).join('<br/>')}${close}`;
}

/** A call has a line, a refused one a cross at its end, and what is only allowed dots. */
function edgeLine({ kind, from, to, carries, port, refusedBy }: GraphEdge): string {
  const arrow = kind === 'allowed' ? '-.->' : refusedBy === undefined ? '-->' : '--x';
  const label = [carries, port, refusedBy === undefined ? '' : `refused by ${refusedBy}`].filter((part) => part !== '');
  return `  ${from} ${arrow}|"${label.map(escaped).join('<br/>')}"| ${to}`;
}

/**
 * Text that stands for itself: Mermaid takes HTML, Markdown, entities and its own directives in labels, so whatever is not
 * plain is written as the number of its character; so is what would begin a list.
 */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:/()-]|[.)-](?=\s)/gu, (char) => `#${char.codePointAt(0)};`);
}
