import type { Graph, GraphEdge, GraphNode } from './graph';

const PREFIXES: Readonly<Record<GraphNode['shape'], string>> = { pods: 'pods', bucket: 'bucket', outside: 'outside' };

/** Collects nodes and edges, each once. */
export class Sheet {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();
  readonly #ids = new Set<string>();
  /** Ends and port of the calls, for which it is asked often. */
  readonly #called = new Set<string>();

  /** The node as it is drawn: of a bucket or a host that was there already, that one. */
  public node(given: Omit<GraphNode, 'id'>): GraphNode {
    const { shape, title, lines, group } = given;
    const key = JSON.stringify([shape, title, lines, group]);
    const known = this.#nodes.get(key) ?? { id: this.#id(shape, title), ...given };
    this.#nodes.set(key, known);
    return known;
  }

  public edge(edge: GraphEdge): void {
    const key = JSON.stringify([edge.kind, edge.from, edge.to, edge.carries, edge.port]);
    const known = this.#edges.get(key);
    const port = / (\d+)$/.exec(edge.port)?.[1];
    if (edge.kind === 'call' && port !== undefined) this.#called.add(`${edge.from} ${edge.to} ${Number(port)}`);
    if (known === undefined) this.#edges.set(key, edge);
    else if (!known.by.split(', ').includes(edge.by)) this.#edges.set(key, { ...known, by: `${known.by}, ${edge.by}` });
  }

  /** Whether a call to a port is drawn. */
  public calls(from: string, to: string, port: number): boolean {
    return this.#called.has(`${from} ${to} ${port}`);
  }

  public graph(): Graph {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  /** Readable, and never a word of Mermaid or DOT: those don't begin so. */
  #id(shape: GraphNode['shape'], title: string): string {
    const wanted = `${PREFIXES[shape]}_${title.replace(/[^A-Za-z0-9]+/g, '_')}`.slice(0, 80);
    let id = wanted;
    for (let n = 2; this.#ids.has(id); n++) id = `${wanted}_${n}`;
    this.#ids.add(id);
    return id;
  }
}
