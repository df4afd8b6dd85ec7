import type { Command } from 'commander';
import { textOf } from '../../lint/files';
import { parseManifests } from '../../lint/parse-manifests';
import { World } from '../../lint/world';
import { parsePemBundle } from '../../pki/pem-bundle';
import { blocks } from './blocks';
import { type ExpectedCa, caElsewhere, caFiles, caObjects, wiring } from './ca';
import { junit, junitOfError } from './junit';
import { Kubectl } from '../kubectl';
import { logs } from './logs';
import { metrics } from './metrics';
import { podsReady, sameChecksum, startedAfterChange } from './pods';
import type { CheckResult } from './result';
import { readStack } from './stack';
import { stores } from './stores';
import { named } from '../ca/endpoint-option';
import { readTextInput, writeFiles } from '../files';
import { manifestFiles } from '../manifest-files';
import { commonOptions } from '../options';
import { DEFAULT_NAMESPACE } from '../../support/identity';
import { type Paint, type Report, emit, wantsJson } from '../output';
import { CliProblem } from '../problem';

interface CheckOptions {
  readonly namespace: string;
  readonly instance?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly ca?: string;
  readonly manifests?: string;
  readonly since?: string;
  readonly maxUploadAge: string;
  readonly timeLimit: string;
  readonly junit?: string;
}

const HELP = `
It only reads: pods, the objstore config and the CA by "kubectl get"; the CA's file by "kubectl exec ... cat"; logs; metrics
the list of blocks and Query's list of stores through the API server. What your user may not read is skipped, and said, and
so is what the time does not suffice for.

Exit codes: 0 nothing failed; 1 a check failed; 2 no kubectl, no cluster or no stack.

Examples:
  $ cdk8s-thanos check
  $ cdk8s-thanos check --namespace monitoring --instance thanos --manifests manifests/
  $ cdk8s-thanos check --context edge --ca minio-ca.crt --json
  $ cdk8s-thanos check --junit check.xml                # for a CI`;

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
    .option('--junit <file>', 'write the results there as JUnit XML too, for a CI; a file there is replaced')
    .addHelpText('after', HELP)
    .action(async (options: CheckOptions) => emit(await check(options), wantsJson(command)));
  commonOptions(command);
}

async function check(options: CheckOptions): Promise<Report> {
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
  return report(options, results);
}

async function resultsOf(options: CheckOptions): Promise<CheckResult[]> {
  const maxAge = Number(options.maxUploadAge);
  if (!(maxAge > 0)) throw new CliProblem('--max-upload-age is not a number of hours');
  if (options.since !== undefined && !/^(\d+[hms])+$/.test(options.since))
    throw new CliProblem('--since is not a duration; write 30m or 1h');
  const allSeconds = Number(options.timeLimit);
  if (!(allSeconds > 0)) throw new CliProblem('--time-limit is not a number of seconds');
  const expected = expectedCa(options);
  const stack = await readStack(new Kubectl(options, { allSeconds }), options.instance, new Date());
  return [
    ...(await podsReady(stack)),
    ...wiring(stack),
    ...caObjects(stack, expected),
    ...(await caFiles(stack)),
    ...(await caElsewhere(stack)),
    ...sameChecksum(stack),
    ...startedAfterChange(stack),
    ...(await logs(stack, options.since)),
    ...(await metrics(stack, maxAge)),
    ...(await blocks(stack)),
    ...(await stores(stack)),
  ];
}

function expectedCa({ ca, manifests }: CheckOptions): ExpectedCa | undefined {
  if (ca !== undefined && manifests !== undefined) throw new CliProblem('give --ca or --manifests, not both');
  if (ca !== undefined) {
    const { pem } = named(ca, () => parsePemBundle(readTextInput(ca), { allowLeaf: true }));
    return { source: ca, pem: () => pem };
  }
  if (manifests === undefined) return undefined;
  const { texts, problems } = manifestFiles([manifests]);
  const parsed = texts.map((one) => parseManifests(one.file, one.text, one));
  const [problem] = [...problems, ...parsed.flatMap((p) => p.problems)].filter(({ severity }) => severity === 'error');
  if (problem) throw new CliProblem(`${problem.file} ${problem.text}`);
  const world = new World(
    parsed.flatMap((p) => p.objects),
    new Date(),
  );
  return {
    source: manifests,
    pem: (ref) => textOf({ ...ref, object: world.find(ref.kind, ref.object?.namespace ?? '', ref.name) }),
  };
}

function report({ namespace }: CheckOptions, checks: CheckResult[]): Report {
  const count = (result: CheckResult['result']): number => checks.filter((c) => c.result === result).length;
  const [failed, warnings, skipped] = [count('fail'), count('warn'), count('skip')];
  return {
    ok: failed === 0,
    data: { namespace, failed, warnings, skipped, checks },
    lines: (paint) => [
      ...checks.flatMap((result) => lines(result, paint)),
      failed === 0
        ? paint.good(`nothing failed: ${count('pass')} passed, ${warnings} warnings, ${skipped} skipped`)
        : paint.bad(`${failed} failed, ${count('pass')} passed, ${warnings} warnings, ${skipped} skipped`),
    ],
  };
}

function lines({ check: name, of, result, detail, fix }: CheckResult, paint: Paint): string[] {
  const mark = { pass: paint.good, warn: paint.warn, fail: paint.bad, skip: paint.dim }[result](result);
  const line = `${mark} ${paint.bold(name)}: ${of}: ${detail}`;
  return fix === undefined ? [line] : [line, `     to do: ${fix}`];
}
