import type { Command } from 'commander';
import { DEFAULT_NAMESPACE } from '../../support/identity';
import { writeFiles } from '../files';
import { commonOptions } from '../options';
import { emit, PLAIN, printable, type Report, reportText, wantsJson } from '../output';
import { CliProblem, EXIT, reason } from '../problem';
import { junit, junitOfError } from './junit';
import type { CheckResult } from './result';
import { resultsOf, type RunOptions } from './run';
import { atMost, counts, everything, type Screen, summary } from './screen';
import { changes, redrawn, type Seen, watch } from './watch';

interface CheckOptions extends RunOptions {
  readonly junit?: string;
  readonly verbose?: boolean;
  readonly watch?: boolean;
  readonly interval: string;
}

const HELP = `
It only reads: pods, Services, NetworkPolicies (Cilium's too), the objstore config, hashrings and the CA by "kubectl get"; the
files of CA and certificates by "kubectl exec ... cat", the space of the volumes by "df"; logs; metrics, the list of blocks and
Query's list of stores through the API server. What your user may not read is skipped, and said, and so is what the time does not
suffice for. At most a screen is printed, the worst first; --verbose, --json and --junit have everything.

Exit codes: 0 nothing failed; 1 a check failed; 2 no kubectl, no cluster or no stack.

Examples:
  $ cdk8s-thanos check
  $ cdk8s-thanos check --namespace monitoring --instance thanos --manifests manifests/
  $ cdk8s-thanos check --context edge --ca minio-ca.crt --json
  $ cdk8s-thanos check --junit check.xml                # for a CI
  $ cdk8s-thanos check --watch                          # while something is rolled out`;

/** Registers `check`. */
export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .description('prove a running stack: the CA in the granted pods and in no other, uploads, logs, stores')
    .option('-n, --namespace <name>', 'namespace of the stack', DEFAULT_NAMESPACE)
    .option('--instance <name>', 'name of the stack, where several run in the namespace')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig, as for kubectl')
    .option('--ca <file>', 'the CA that the pods must have')
    .option('--manifests <path>', 'the rendered manifests (file or folder) whose CA they must have')
    .option('--since <duration>', 'read the logs of this long, such as 1h, instead of all')
    .option('--max-upload-age <hours>', 'how old the last upload may be', '3')
    .option('--time-limit <seconds>', 'how long all calls of kubectl together may take', '300')
    .option('--verbose', 'print every result, not a screen of them')
    .option('--watch', 'look again and again until Ctrl-C, which ends it with the code of what was seen last')
    .option('--interval <seconds>', 'how long --watch waits between two looks', '30')
    .option('--junit <file>', 'write the results there as JUnit XML too, for a CI; a file there is replaced')
    .addHelpText('after', HELP)
    .action(async (options: CheckOptions) => {
      if (options.watch) await watched(options, wantsJson(command));
      else emit(report(options, await looked(options)), wantsJson(command));
    });
  commonOptions(command);
}

/** Looks once, and leaves what a CI reads. */
async function looked(options: CheckOptions): Promise<CheckResult[]> {
  const suite = `cdk8s-thanos check ${options.namespace}`;
  const write = (content: string): void => {
    if (options.junit !== undefined) writeFiles([{ path: options.junit, content }], true);
  };
  const results = await resultsOf(options).catch((error: unknown) => {
    // else the CI would show what an earlier run left there
    write(junitOfError(suite, error instanceof Error ? error.message : String(error)));
    throw error;
  });
  write(junit(suite, results));
  return results;
}

function report({ namespace, verbose = false }: CheckOptions, checks: readonly CheckResult[], kept = 0): Report {
  const { fail, warn, skip } = counts(checks);
  const { rows, columns } = screen();
  return {
    ok: fail === 0,
    data: { namespace, failed: fail, warnings: warn, skipped: skip, checks },
    lines: (paint) => (verbose ? everything(checks, paint) : atMost({ rows: rows - kept, columns }, checks, paint)),
  };
}

/** Of the terminal, or the smallest that anybody has. */
function screen(): Screen {
  const { rows, columns } = process.stdout;
  return { rows: rows || 24, columns: columns || 80 };
}

async function watched(options: CheckOptions, json: boolean): Promise<void> {
  const seconds = Number(options.interval);
  if (!(seconds >= 1)) throw new CliProblem('--interval is not a number of seconds, 1 or more');
  if (json) throw new CliProblem('give --watch or --json, not both');
  const over = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const view = process.stdout.isTTY
    ? redrawn(
        (seen) => live(options, seen),
        (text) => process.stdout.write(text),
      )
    : changes(
        () => new Date(),
        told,
        (line) => process.stdout.write(`${printable(line)}\n`),
      );
  let first = true;
  const look = async (): Promise<Seen> => {
    try {
      return { checks: await looked(options) };
    } catch (error) {
      // what is wrong from the start is the user's to mend; a cluster that goes away comes back
      if (first || !(error instanceof CliProblem)) throw error;
      return { problem: reason(error) };
    } finally {
      first = false;
    }
  };
  const last = await watch(look, view, pause, over);
  // calls of kubectl may still be under way
  process.exit(
    last === undefined || 'problem' in last ? EXIT.usage : counts(last.checks).fail > 0 ? EXIT.failed : EXIT.ok,
  );
}

/** The live view: a line on top, a screen below it. */
function live(options: CheckOptions, seen: Seen): string[] {
  const time = new Date().toISOString().slice(11, 19);
  const top = `${options.instance ?? 'Thanos'} in ${options.namespace}, ${time} UTC, every ${options.interval} s. Ctrl-C ends`;
  if ('problem' in seen) return [top, '', printable(`could not look: ${seen.problem}`)];
  return [top, '', ...reportText(report(options, seen.checks, 2)).split('\n')];
}

function told(seen: Seen): string {
  return 'problem' in seen ? seen.problem : summary(seen.checks, PLAIN);
}
