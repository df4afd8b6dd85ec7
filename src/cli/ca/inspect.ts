import type { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { WARN_DAYS } from '../../pki/certificate';
import { parsePemBundle } from '../../pki/pem-bundle';
import { InputProblem } from '../../support/problem';
import { rotation } from './rotate';
import { readPem } from '../files';
import { commonOptions } from '../options';
import { TIMEOUT_SECONDS } from '../time-limit';
import { type Paint, type Report, emit, wantsJson } from '../output';
import { type CertificateFacts, factsOf } from '../../pki/chain';
import { type PemBlock, scanPem } from '../../pki/pem';
import { CliProblem } from '../problem';

/** What a file holds and what is wrong with it. */
export interface Inspection {
  readonly certificates: (CertificateFacts & { readonly line: number; readonly duplicateOf?: number })[];
  /** Each of them makes the file unfit for `ca_file`. */
  readonly problems: string[];
  readonly warnings: string[];
}

interface Options {
  readonly rotate?: string[];
  readonly endpoint?: string;
  readonly serverName?: string;
  readonly timeout: string;
}

const HELP = `
Exits 1 where the file is unfit for ca_file: a private key in it, a damaged block (which Thanos skips silently), no valid
certificate. FILE may be - for stdin.

--rotate tells where a rotation stands and exits 0 only when the old root may go. FILE is the bundle that the pods have;
OLD and NEW are the roots. With --endpoint the server's certificate is looked at, without it the answer is never yes.

Examples:
  $ cdk8s-thanos ca inspect ca.crt
  $ kubectl get secret thanos-s3-ca-cert -n monitoring -o jsonpath='{.data.ca\\.crt}' | base64 -d | cdk8s-thanos ca inspect -
  $ cdk8s-thanos ca inspect bundle.crt --rotate old-ca.crt new-ca.crt --endpoint s3.minio.example.com:9000`;

/** Registers `ca inspect`. */
export function registerCaInspect(ca: Command): void {
  const command = ca
    .command('inspect')
    .description('list the certificates of a bundle, and what is wrong with it')
    .argument('<file>', 'PEM file, or - for stdin')
    .option('--rotate <old-new...>', 'two files: the old root and the new one')
    .option('--endpoint <endpoint>', "with --rotate: look at this server's certificate")
    .option('--server-name <name>', 'with --endpoint: name to ask for (SNI)')
    .option('--timeout <seconds>', 'with --endpoint: how long to wait for each step', TIMEOUT_SECONDS)
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      const { rotate, ...server } = options;
      if (!rotate && (options.endpoint || options.serverName))
        throw new CliProblem('--endpoint and --server-name need --rotate OLD NEW');
      if (rotate && rotate.length !== 2)
        throw new CliProblem(`--rotate takes two files, OLD and NEW, after FILE; got ${rotate.length}`);
      const report = rotate
        ? await rotation(file, rotate[0], rotate[1], server)
        : reportOf(inspect(readPem(file), new Date()));
      emit(report, wantsJson(command));
    });
  commonOptions(command);
}

/** Looks into PEM text. */
export function inspect(text: string, now: Date): Inspection {
  const blocks = scanPem(text);
  const seen = new Map<string, number>();
  const certificates = blocks
    .filter((block) => block.kind === 'certificate')
    .map((block) => {
      const facts = factsOf(block.certificate as X509Certificate, now);
      const duplicateOf = seen.get(facts.sha256);
      if (duplicateOf === undefined) seen.set(facts.sha256, block.line);
      return { line: block.line, ...facts, duplicateOf };
    });
  const problems = blocks.map(blockProblem).filter((problem) => problem !== undefined);
  if (problems.length === 0) problems.push(...bundleProblems(text, now));
  return { certificates, problems, warnings: certificates.flatMap((c) => certificateWarnings(c, now)) };
}

function blockProblem({ line, label, kind, problem }: PemBlock): string | undefined {
  if (kind === 'private-key')
    return `line ${line}: a private key (${label}). It would be in every granted pod: take it out, and make a new one if this file was shared`;
  if (kind === 'other')
    return `line ${line}: a ${label} block, which is not a certificate and which Thanos skips or refuses`;
  if (kind === 'broken')
    return `line ${line}: the certificate ${problem}; Thanos skips it silently or refuses the file`;
  return undefined;
}

/** What the library says of the file, so that both agree. */
function bundleProblems(text: string, validAt: Date): string[] {
  try {
    parsePemBundle(text, { validAt, allowLeaf: true });
    return [];
  } catch (error) {
    if (error instanceof InputProblem) return [`the file ${error.message}${manifestHint(text)}`];
    throw error;
  }
}

function manifestHint(text: string): string {
  const manifest = /^\s*"?(apiVersion|kind)"?:/m.test(text);
  return manifest ? '. It looks like a Kubernetes manifest: those are read by "cdk8s-thanos lint"' : '';
}

function certificateWarnings(certificate: Inspection['certificates'][number], now: Date): string[] {
  const { line, subject, duplicateOf, ca, daysLeft, notAfter, notBefore } = certificate;
  const warnings: string[] = [];
  if (duplicateOf !== undefined) return [`line ${line}: ${subject} stands on line ${duplicateOf} already`];
  if (!ca) warnings.push(`line ${line}: ${subject} is not a CA; as a trust anchor it needs allowLeaf`);
  if (now < new Date(notBefore)) warnings.push(`line ${line}: ${subject} is not valid before ${notBefore}`);
  else if (now > new Date(notAfter)) warnings.push(`line ${line}: ${subject} expired on ${notAfter}`);
  else if (daysLeft < WARN_DAYS) warnings.push(`line ${line}: ${subject} expires on ${notAfter}, in ${daysLeft} days`);
  return warnings;
}

function reportOf({ certificates, problems, warnings }: Inspection): Report {
  return {
    ok: problems.length === 0,
    data: { certificates, problems, warnings },
    lines: (paint) => [
      ...certificates.flatMap((certificate) => describe(certificate, paint)),
      ...problems.map((problem) => `${paint.bad('problem')} ${problem}`),
      ...warnings.map((warning) => `${paint.warn('warning')} ${warning}`),
      verdictOf({ certificates, problems, warnings }, paint),
    ],
  };
}

/** Synth takes a certificate that is no CA only where it is told to. */
function verdictOf({ certificates, problems }: Inspection, paint: Paint): string {
  if (problems.length > 0) return paint.bad('not fit for ca_file');
  return certificates.every(({ ca }) => ca)
    ? paint.good('fit for ca_file')
    : paint.warn('fit for ca_file with allowLeaf alone: S3Ca.fromFile("ca.crt", { allowLeaf: true })');
}

function describe(facts: Inspection['certificates'][number], paint: Paint): string[] {
  const left = facts.daysLeft < 0 ? paint.bad('expired') : `${facts.daysLeft} days left`;
  const signer = facts.selfSigned ? 'itself' : facts.issuer;
  return [
    `${paint.bold(facts.subject)}  ${facts.ca ? 'CA' : 'leaf'}, ${facts.key}, line ${facts.line}`,
    `  signed by ${signer}; valid until ${facts.notAfter}, ${left}`,
    `  SHA-256 ${facts.sha256}`,
  ];
}
