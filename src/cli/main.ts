#!/usr/bin/env node
import type { Command, CommanderError } from 'commander';
import { InputProblem } from '../support/problem';
import { registerCa } from './ca/ca';
import { registerCheck } from './check/check';
import { registerCompletion } from './completion';
import { registerGraph } from './graph/graph';
import { library } from './libraries';
import { registerLint } from './lint/lint';
import { emitProblem } from './output';
import { CliProblem, EXIT, reason } from './problem';
import { registerSeal } from './seal/seal';
import { registerSize } from './size/size';
import { registerVerify } from './verify/verify';
import { ownVersion } from './version';

const EXIT_CODES = `
Exit codes: 0 done, every check passed; 1 a check failed; 2 wrong usage or unusable input.

Examples:
  $ cdk8s-thanos ca fetch s3.minio.example.com:9000 --out minio-ca.crt
  $ cdk8s-thanos verify --endpoint s3.minio.example.com:9000 --bucket thanos --ca minio-ca.crt
  $ cdk8s-thanos <command> --help`;

function program(): Command {
  const { Command: Program } = library('commander');
  const root = new Program('cdk8s-thanos');
  root
    .description("The life of the S3 store's CA and of the secrets: bring, check, deliver, prove, rotate")
    .version(ownVersion(), '--version', 'print the version')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({ writeErr: (text) => (jsonAsked() ? undefined : process.stderr.write(told(text))) });
  registerCa(root);
  registerVerify(root);
  registerCheck(root);
  registerLint(root);
  registerGraph(root);
  registerSeal(root);
  registerSize(root);
  registerCompletion(root);
  return root;
}

async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  if (isCommanderError(error)) {
    // help and version are asked for with exit code 0; the rest was printed already
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error.exitCode !== 0 && jsonAsked()) emitProblem(told(error.message.replace(/^error: /, '')), true);
  } else if (error instanceof CliProblem || error instanceof InputProblem) {
    emitProblem(error.message, jsonAsked());
  } else {
    emitProblem(`unexpected error: ${reason(error)}`, jsonAsked());
    if (process.env.CDK8S_THANOS_DEBUG) throw error;
  }
}

/** `--secret-key=…` is no option, and its value none to print. A command of `ca` that is asked for without it is told where it is. */
function told(message: string): string {
  return message
    .replace(/(unknown option '[^'=]+=)[^\n]*/, "$1...'")
    .replace(
      /unknown command '(create|fetch|inspect)'(\n\(Did you mean .*\))?/,
      "unknown command '$1'; did you mean 'ca $1'?",
    );
}

function isCommanderError(error: unknown): error is CommanderError {
  return String((error as CommanderError)?.code).startsWith('commander.');
}

function jsonAsked(): boolean {
  return process.argv.includes('--json');
}

void main();
