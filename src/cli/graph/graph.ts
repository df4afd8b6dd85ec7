import type { Command } from 'commander';
import { GROUPINGS } from '../../lint/clusters';
import { dot } from '../../graph/dot';
import { draw } from '../../graph/draw';
import type { Graph } from '../../graph/graph';
import { mermaid } from '../../graph/mermaid';
import { readManifestObjects } from './read';
import { svg } from './svg';
import { writeFiles } from '../files';
import { emit, wantsJson } from '../output';
import { CliProblem } from '../problem';

interface GraphCommandOptions {
  readonly format: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly clusters: string;
}

const FORMATS: Readonly<Record<string, (graph: Graph) => string | Promise<string>>> = {
  mermaid,
  dot,
  svg: (graph) => svg(dot(graph)),
};

const EXAMPLES = `
Examples:
  $ cdk8s-thanos graph manifests/                                  # Mermaid, for a Markdown file
  $ cdk8s-thanos graph manifests/ --format svg --out stack.svg
  $ helm template thanos bitnami/thanos -f values.yaml | cdk8s-thanos graph -`;

/** Adds `graph`: a picture of what runs, who calls whom, and who holds the CA and the keys. */
export function registerGraph(program: Command): void {
  program
    .command('graph')
    .description('draw a stack from its manifests: components, who calls whom, who holds the CA and the keys')
    .argument('<manifests...>', 'files, folders, or - for stdin; what is applied together')
    .option('--format <format>', Object.keys(FORMATS).join(', '), 'mermaid')
    .option('--out <file>', 'write it there instead of printing it')
    .option('--force', 'overwrite the file')
    .option('--clusters <how>', `what belongs to one cluster: ${GROUPINGS.join(', ')}`, 'auto')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (manifests: string[], options: GraphCommandOptions, command: Command) => {
      const { format, out } = options;
      if (!Object.hasOwn(FORMATS, format))
        throw new CliProblem(`--format is not one of ${Object.keys(FORMATS).join(', ')}`);
      const graph = draw(readManifestObjects(manifests, options.clusters), new Date());
      if (graph.nodes.length === 0)
        throw new CliProblem('there is neither Thanos nor what holds its keys in what was given: nothing to draw');
      const text = await FORMATS[format](graph);
      if (out !== undefined) writeFiles([{ path: out, content: text }], options.force ?? false);
      const lines = out === undefined ? text.trimEnd().split('\n') : [`${out} written`];
      emit({ ok: true, data: { ...graph, out }, lines: () => lines }, wantsJson(command));
    });
}
