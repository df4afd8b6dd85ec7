import type { Command } from 'commander';
import { shown } from '../ca/endpoint-option';
import { commonOptions } from '../options';
import { TIMEOUT_SECONDS } from '../time-limit';
import { type Paint, type Report, emit, wantsJson } from '../output';
import type { Settings } from '../s3/settings';
import { type VerifyOptions, settingsOf } from './settings';
import { type Step, verifySteps } from './steps';

const HELP = `
Steps: dns, tcp, tls, chain (who signed), name, signature (keys), bucket (listing), write (put, get
and delete of a small object that no Thanos reads). The first that fails names cause and fix; exit code 1.

Keys are read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, never from arguments. Flags win over
--objstore and --manifests. $(NAME) in objstore.yml is replaced from the environment, as Thanos does. The connection is
direct: HTTPS_PROXY, which Thanos honours, is not used.

Examples:
  $ cdk8s-thanos verify --endpoint s3.minio.example.com:9000 --bucket thanos --ca minio-ca.crt
  $ cdk8s-thanos verify --manifests manifests/
  $ cdk8s-thanos verify --objstore objstore.yml --ca minio-ca.crt --connect localhost:9000   # through a port-forward`;

/** Registers `verify`. */
export function registerVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('prove from this machine that the bucket opens with the CA, name and keys of the stack')
    .option('--endpoint <endpoint>', 'host or host:port of the store')
    .option('--bucket <name>', 'name of the bucket')
    .option('--ca <file>', 'CA bundle; without it public roots')
    .option('--server-name <name>', 'name that the certificate must carry')
    .option('--region <region>', 'region; without it the bucket is asked')
    .option('--prefix <folder>', 'folder of the bucket')
    .option('--lookup <style>', 'auto, path or virtual-hosted')
    .option('--insecure', 'plain HTTP')
    .option('--anonymous', 'send no signature')
    .option('--client-cert <file>', 'client certificate, PEM')
    .option('--client-key <file>', 'its private key, PEM')
    .option('--objstore <file>', 'read these settings from an objstore.yml')
    .option('--manifests <path>', 'read them, and the CA, from rendered manifests (file or folder)')
    .option('--config <name>', 'with --manifests: name or namespace/name of the objstore ConfigMap')
    .option('--read-only', 'write nothing: for keys that need not, as those of a store gateway')
    .option('--connect <endpoint>', 'dial this address instead (a port-forward); names are checked as before')
    .option('--timeout <seconds>', 'how long to wait for each step', TIMEOUT_SECONDS)
    .addHelpText('after', HELP)
    .action(async (options: VerifyOptions) => emit(await verify(options), wantsJson(command)));
  commonOptions(command);
}

async function verify(options: VerifyOptions): Promise<Report> {
  const { settings, keys } = settingsOf(options);
  const steps = await verifySteps(settings, keys);
  const ok = steps.every((step) => step.result !== 'fail');
  const { bucket, serverName, prefix } = settings;
  const warnings = warningsOf(settings);
  return {
    ok,
    data: { endpoint: shown(settings), bucket, prefix, serverName, steps, warnings },
    lines: (paint) => [
      `${paint.bold(`s3://${bucket}`)} at ${shown(settings)}`,
      ...steps.flatMap((step) => describe(step, paint)),
      ...warnings.map((warning) => `${paint.warn('warning')} ${warning}`),
      ok ? paint.good('the bucket opens') : paint.bad('the bucket does not open'),
    ],
  };
}

function describe({ step, result, detail, finding }: Step, paint: Paint): string[] {
  const mark = { pass: paint.good('pass'), fail: paint.bad('fail'), skip: paint.dim('skip') }[result];
  const line = `${mark} ${step.padEnd(9)} ${detail}`;
  if (!finding) return [line];
  return [
    line,
    `     to do: ${finding.fix}`,
    ...(finding.thanos ? [paint.dim(`     Thanos says: ${finding.thanos}`)] : []),
  ];
}

function warningsOf({ tls, skipVerify, host }: Settings): string[] {
  const warnings: string[] = [];
  if (!tls) warnings.push('plain HTTP: keys and data cross the network readable');
  if (skipVerify) warnings.push('insecure_skip_verify: anyone in the path can read and change the data');
  const proxy = tls
    ? process.env.HTTPS_PROXY || process.env.https_proxy
    : process.env.HTTP_PROXY || process.env.http_proxy;
  if (proxy)
    warnings.push(
      `a proxy is set in the environment; this went to ${host} directly, Thanos with that environment would not`,
    );
  return warnings;
}
