import type { Command } from 'commander';
import type { Finding, Severity } from '../../lint/finding';
import { lint } from '../../lint/lint';
import { manifestFiles } from '../manifest-files';
import { type Paint, type Report, emit, wantsJson } from '../output';
import { CliProblem } from '../problem';

interface LintOptions {
  readonly strict?: boolean;
  readonly at?: string;
}

const EXAMPLES = `
Exit codes: 0 no errors; 1 errors, with --strict also warnings; 2 a file or folder that is not there.

Examples:
  $ cdk8s-thanos lint manifests/
  $ helm template thanos bitnami/thanos -f values.yaml | cdk8s-thanos lint -
  $ kustomize build overlays/central | cdk8s-thanos lint - --strict
  $ cdk8s-thanos lint manifests/ --at 2027-01-01T00:00:00Z   # will the CA still be valid then?`;

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
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action((manifests: string[], options: LintOptions, command: Command) => {
      const { texts, problems } = manifestFiles(manifests);
      const findings = [...problems, ...lint(texts, timeOf(options.at))];
      emit(report(findings, texts.length, options.strict ?? false), wantsJson(command));
    });
}

function timeOf(given: string | undefined): Date {
  const time = given === undefined ? new Date() : new Date(given);
  if (Number.isNaN(time.getTime())) throw new CliProblem('--at is not a time; write it as 2027-01-01T00:00:00Z');
  return time;
}

function report(findings: Finding[], files: number, strict: boolean): Report {
  const count = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  const counts = { errors: count('error'), warnings: count('warning'), infos: count('info') };
  return {
    ok: counts.errors === 0 && (!strict || counts.warnings === 0),
    data: { files, ...counts, findings },
    lines: (paint) => [
      ...findings.flatMap((finding) => lines(finding, paint)),
      `${plural(files, 'file')}: ${plural(counts.errors, 'error')}, ${plural(counts.warnings, 'warning')}, ${plural(counts.infos, 'hint')}`,
    ],
  };
}

function lines({ severity, rule, file, object, path, text, fix }: Finding, paint: Paint): string[] {
  const mark = { error: paint.bad('error'), warning: paint.warn('warning'), info: paint.dim('info') }[severity];
  const where = [object, path].filter((part) => part !== '').join(': ');
  return [
    `${mark} ${paint.bold(rule)}  ${file}`,
    `  ${where === '' ? '' : `${where} `}${text}`,
    `  ${paint.dim('fix:')} ${fix}`,
    '',
  ];
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
