import type { Command } from 'commander';
import { GROUPINGS } from '../../lint/clusters';
import { dot } from '../../graph/dot';
import { draw } from '../../graph/draw';
import type { Graph } from '../../graph/graph';
import { mermaid } from '../../graph/mermaid';
import { readManifests } from './read';
import { reviewPage } from './review';
import { svg } from './svg';
import { writeFiles } from '../files';
import { emit, wantsJson } from '../output';
import { CliProblem } from '../problem';

interface GraphCommandOptions {
  readonly format: string;
  readonly out?: string;
  readonly html?: string;
  readonly title: string;
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
  $ cdk8s-thanos graph manifests/                                  # Mermaid
  $ cdk8s-thanos graph manifests/ --out stack.md                  # the same, in the fence of a Markdown file
  $ cdk8s-thanos graph manifests/ --format svg --out stack.svg
  $ cdk8s-thanos graph manifests/ --html review.html               # for a security review
  $ helm template thanos bitnami/thanos -f values.yaml | cdk8s-thanos graph -`;

/** Adds `graph`: a picture of what runs, who calls whom, and who holds the CA and the keys. */
export function registerGraph(program: Command): void {
  program
    .command('graph')
    .description('draw a stack from its manifests: components, who calls whom, who holds the CA and the keys')
    .argument('<manifests...>', 'files, folders, or - for stdin; what is applied together')
    .option('--format <format>', Object.keys(FORMATS).join(', '), 'mermaid')
    .option('--out <file>', 'write it there instead of printing it')
    .option('--html <file>', 'write a page for a security review there: grants, picture, lint, certificates, versions')
    .option('--title <text>', 'title of that page', 'Thanos: who holds the CA and the keys')
    .option('--force', 'overwrite the file')
    .option('--clusters <how>', `what belongs to one cluster: ${GROUPINGS.join(', ')}`, 'auto')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (manifests: string[], options: GraphCommandOptions, command: Command) => {
      const { format, html, title, force = false } = options;
      if (!Object.hasOwn(FORMATS, format))
        throw new CliProblem(`--format is not one of ${Object.keys(FORMATS).join(', ')}`);
      if (html !== undefined && options.out !== undefined) throw new CliProblem('give --html or --out, not both');
      const now = new Date();
      const read = readManifests(manifests, options.clusters);
      const graph = draw(read.clusters, now);
      if (graph.nodes.length === 0)
        throw new CliProblem('there is neither Thanos nor what holds its keys in what was given: nothing to draw');
      const drawn = await FORMATS[html === undefined ? format : 'svg'](graph);
      const out = html ?? options.out;
      const text =
        html === undefined ? fenced(drawn, format, out) : reviewPage({ read, graph, picture: drawn, now, title });
      if (out !== undefined) writeFiles([{ path: out, content: text }], force);
      const lines = out === undefined ? text.trimEnd().split('\n') : [`${out} written`];
      emit({ ok: true, data: { ...graph, out }, lines: () => lines }, wantsJson(command));
    });
}

/** In a Markdown file GitHub and GitLab draw what stands in a fence alone. */
function fenced(drawn: string, format: string, out: string | undefined): string {
  const markdown = format === 'mermaid' && out !== undefined && /\.(md|markdown)$/i.test(out);
  return markdown ? `\`\`\`mermaid\n${drawn}\`\`\`\n` : drawn;
}
