import type { Command } from 'commander';
import { GROUPINGS, type Grouping } from '../../lint/clusters';
import type { Finding } from '../../lint/finding';
import { judgeManifests } from '../../lint/lint';
import { manifestFiles } from '../manifest-files';
import { emit, type Paint, type Report, wantsJson } from '../output';
import { CliProblem } from '../problem';
import { baselineText, isKnown, readBaseline } from './baseline';
import { ignoresOf } from './ignore-file';
import { progress } from './progress';
import { sarif } from './sarif';
import { writeFiles } from '../files';

interface LintCommandOptions {
  readonly strict?: boolean;
  readonly at?: string;
  readonly clusters?: string;
  readonly whole?: boolean;
  readonly ignore?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly sarif?: boolean;
}

const EXAMPLES = `
Exit codes: 0 no errors; 1 errors, with --strict also warnings; 2 nothing to judge, or a file or folder that is not there.

A rule is switched off for the objects of one YAML document by a comment in it, with a reason:
  # cdk8s-thanos-lint ignore no-checksum: Argo rolls it
or by a file, --ignore: { ignore: [{ rule, reason, object: "Kind namespace/name", file }] }

Examples:
  $ cdk8s-thanos lint manifests/
  $ helm template thanos bitnami/thanos -f values.yaml | cdk8s-thanos lint -
  $ kustomize build overlays/central | cdk8s-thanos lint - --strict
  $ cdk8s-thanos lint manifests/ --at 2027-01-01T00:00:00Z   # will the CA still be valid then?
  $ cdk8s-thanos lint clusters/ --clusters folder --sarif > lint.sarif`;

/** Adds `lint`: what is wrong with rendered manifests, before they are applied. */
export function registerLint(program: Command): void {
  program
    .command('lint')
    .description(
      'find CA, key and objstore mistakes in rendered manifests: of this library, Helm, Kustomize or by hand',
    )
    .argument('<manifests...>', 'files, folders, or - for stdin; what is applied together')
    .option('--strict', 'fail on warnings too')
    .option('--at <time>', 'judge certificates at this time (ISO 8601) instead of now')
    .option('--clusters <how>', `what belongs to one cluster: ${GROUPINGS.join(', ')}`, 'auto')
    .option('--whole', 'nothing else is applied: tell of Secrets and ConfigMaps that are missing')
    .option('--ignore <file>', 'rules that are switched off, each with a reason')
    .option('--baseline <file>', 'findings that are known already, and do not fail')
    .option('--write-baseline <file>', 'write the findings of now as a baseline')
    .option('--sarif', 'print SARIF 2.1.0 for code scanning')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action((manifests: string[], options: LintCommandOptions, command: Command) => {
      const json = wantsJson(command);
      if (options.sarif && json) throw new CliProblem('give --sarif or --json, not both');
      const report = run(manifests, options);
      if (options.sarif) emit({ ...report, data: sarif(report.findings), bare: true }, true);
      else emit(report, json);
    });
}

interface LintReport extends Report {
  readonly findings: readonly Finding[];
}

function run(manifests: readonly string[], options: LintCommandOptions): LintReport {
  const now = timeOf(options.at);
  const ignores = ignoresOf(options.ignore);
  const known = readBaseline(options.baseline);
  const { texts, problems, kustomizations } = manifestFiles(manifests);
  const shown = progress('objects read');
  const judged = judgeManifests(texts, now, {
    clusters: groupingOf(options.clusters),
    kustomizations,
    whole: options.whole,
    ignores,
    onDocument: shown.count,
  });
  shown.end();
  const findings = [...problems, ...judged.findings].map((finding) =>
    finding.ignored === undefined && isKnown(known, finding) ? { ...finding, ignored: 'in the baseline' } : finding,
  );
  if (judged.objects === 0 && !findings.some(({ severity }) => severity === 'error'))
    throw new CliProblem('there is no Kubernetes object in what was given: nothing was judged');
  if (options.writeBaseline !== undefined)
    writeFiles([{ path: options.writeBaseline, content: baselineText(findings) }], true);
  return report({ ...judged, findings }, texts.length, options.strict ?? false);
}

function timeOf(given: string | undefined): Date {
  const time = given === undefined ? new Date() : new Date(given);
  if (Number.isNaN(time.getTime())) throw new CliProblem('--at is not a time; write it as 2027-01-01T00:00:00Z');
  return time;
}

function groupingOf(given: string = 'auto'): Grouping {
  const how = GROUPINGS.find((one) => one === given);
  if (how === undefined) throw new CliProblem(`--clusters is not one of ${GROUPINGS.join(', ')}`);
  return how;
}

type Judged = ReturnType<typeof judgeManifests>;

function report({ findings: all, objects, pods, clusters, why }: Judged, files: number, strict: boolean): LintReport {
  const findings = all.filter(({ ignored }) => ignored === undefined);
  const ignored = all.length - findings.length;
  const count = (severity: Finding['severity']): number => findings.filter((f) => f.severity === severity).length;
  const counts = { errors: count('error'), warnings: count('warning'), infos: count('info') };
  const judged = [plural(files, 'file'), plural(objects, 'object'), plural(pods, 'pod')].join(', ');
  const found = [plural(counts.errors, 'error'), plural(counts.warnings, 'warning'), plural(counts.infos, 'hint')];
  if (ignored > 0) found.push(`${ignored} ignored`);
  const several = clusters.length > 1 ? { names: clusters, why } : undefined;
  return {
    ok: counts.errors === 0 && (!strict || counts.warnings === 0),
    findings: all,
    data: { files, objects, pods, clusters: several, ...counts, ignored, findings: all },
    lines: (paint) => [
      ...findings.flatMap((finding) => lines(finding, paint)),
      ...(several ? [inWords(several)] : []),
      `${judged}: ${found.join(', ')}`,
    ],
  };
}

/** What was taken for a cluster of its own, and how to say otherwise. */
function inWords({ names, why }: { readonly names: readonly string[]; readonly why?: string }): string {
  const some = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names;
  const reason = why === undefined ? '' : ` (${why}; --clusters one judges all together)`;
  return `${names.length} clusters, each judged alone: ${some.join(', ')}${reason}`;
}

function lines({ severity, rule, file, line, object, path, text, fix }: Finding, paint: Paint): string[] {
  const mark = { error: paint.bad('error'), warning: paint.warn('warning'), info: paint.dim('info') }[severity];
  const where = [object, path].filter((part) => part !== '').join(': ');
  return [
    `${mark} ${paint.bold(rule)}  ${file}${line === undefined ? '' : `:${line}`}`,
    `  ${where === '' ? '' : `${where} `}${text}`,
    `  ${paint.dim('fix:')} ${fix}`,
    '',
  ];
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
