import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { Command } from 'commander';
import { notAfter } from '../../pki/certificate';
import { found } from '../../support/problem';
import { type OutputFile, makeDirectory, readTextInput, writeFiles } from '../files';
import { type Report, emit, wantsJson } from '../output';
import { factsOf } from '../../pki/chain';
import { type KeyPair, issue, makeKeys, privateKeyPem } from '../pki/issue';
import { type Attribute, dnsName, ipAddress, parseSubject, withCommonName } from '../pki/subject';
import { CliProblem } from '../problem';
import { commonOptions } from '../options';

interface Options {
  readonly subject: string;
  readonly dns?: string[];
  readonly ip?: string[];
  readonly days: string;
  readonly out: string;
  readonly ecdsa?: boolean;
  readonly minio?: boolean;
  readonly force?: boolean;
}

/** What is put on paper before anything is written. */
interface Made {
  readonly ca: string;
  readonly server: string;
  readonly files: OutputFile[];
}

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks differ: a certificate that starts now is refused by whoever is late. */
const EARLIER_MS = HOUR_MS;
const CA_BITS = 4096;
const SERVER_BITS = 2048;
const LONGEST_DAYS = 36500;
const KEY_MODE = 0o600;
const IGNORED = '*.key';

const HELP = `
Files in the folder:
  ca.crt                       the CA: for S3Ca.fromFile("ca.crt"). Public; commit it
  ca.key                       its private key: signs more server certificates. Never commit it
  server.crt, server.key       for the S3 server; with --minio public.crt and private.key, the names that MinIO reads
  .gitignore                   has *.key

For tests: whoever has ca.key can pose as the S3 server.

Examples:
  $ cdk8s-thanos ca create --dns s3.minio.example.com --dns "*.minio.example.com" --out certs
  $ cdk8s-thanos ca create --ecdsa --dns minio.storage.svc --ip 10.0.0.7 --days 365 --minio --out certs`;

/** Registers `ca create`. */
export function registerCaCreate(ca: Command): void {
  const collect = (value: string, all: string[] = []): string[] => [...all, ...value.split(',')];
  const command = ca
    .command('create')
    .description('make a CA and a certificate for the S3 server, for tests')
    .option('--dns <name>', 'DNS name of the server; repeat for more', collect)
    .option('--ip <address>', 'IP address of the server; repeat for more', collect)
    .option('--subject <name>', "the CA's subject", '/CN=MinIO-CA/O=My Organization/C=US')
    .option('--days <n>', 'days that both certificates are valid', '3650')
    .option('--ecdsa', `ECDSA P-256 keys instead of RSA (${CA_BITS} bits for the CA, ${SERVER_BITS} for the server)`)
    .option('--minio', 'name the server files public.crt and private.key')
    .option('--out <dir>', 'folder to write to; made where it is missing, mode 0700', '.')
    .option('--force', 'overwrite files that exist')
    .addHelpText('after', HELP)
    .action(async (options: Options) => emit(await create(options), wantsJson(command)));
  commonOptions(command);
}

async function create(options: Options): Promise<Report> {
  const names = [...new Set([...(options.dns ?? []).map(dnsName), ...(options.ip ?? []).map(ipAddress)])];
  if (names.length === 0) throw new CliProblem('give the names of the S3 server: --dns NAME or --ip ADDRESS');
  const subject = parseSubject(options.subject);
  const made = await make(options, names, subject, daysOf(options.days));
  makeDirectory(options.out);
  writeFiles(made.files, options.force ?? false);
  const ignore = path.join(options.out, '.gitignore');
  if (!ignoresKeys(ignore)) writeFiles([gitignore(ignore)], existsSync(ignore));
  return report(made, options);
}

async function make(options: Options, names: string[], subject: Attribute[], days: number): Promise<Made> {
  const now = Date.now();
  const notBefore = wholeSecond(now - EARLIER_MS);
  const notAfter = wholeSecond(now + days * DAY_MS);
  const caKeys = await makeKeys(options.ecdsa ? 0 : CA_BITS);
  const serverKeys = await makeKeys(options.ecdsa ? 0 : SERVER_BITS);
  const issuer = { subject, ...caKeys };
  const validity = { issuer, notBefore, notAfter };
  const ca = issue({ ...validity, subject, publicKey: caKeys.publicKey });
  const serverSubject = withCommonName(subject, names[0]);
  const server = issue({ ...validity, subject: serverSubject, publicKey: serverKeys.publicKey, names });
  return { ca, server, files: filesOf(options, { ca, caKeys, server, serverKeys }) };
}

function filesOf(
  { out, minio }: Options,
  { ca, caKeys, server, serverKeys }: { ca: string; caKeys: KeyPair; server: string; serverKeys: KeyPair },
): OutputFile[] {
  const [certificate, key] = minio ? ['public.crt', 'private.key'] : ['server.crt', 'server.key'];
  return [
    { path: path.join(out, 'ca.crt'), content: ca },
    { path: path.join(out, 'ca.key'), content: privateKeyPem(caKeys.privateKey), mode: KEY_MODE },
    { path: path.join(out, certificate), content: server },
    { path: path.join(out, key), content: privateKeyPem(serverKeys.privateKey), mode: KEY_MODE },
  ];
}

/** An existing .gitignore keeps its lines. */
function gitignore(file: string): OutputFile {
  const before = existsSync(file) ? readTextInput(file) : '';
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  return { path: file, content: `${before}${separator}${IGNORED}\n` };
}

function ignoresKeys(file: string): boolean {
  return existsSync(file) && readTextInput(file).split(/\r?\n/).includes(IGNORED);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > LONGEST_DAYS)
    throw new CliProblem(`--days ${found(text)} is not a whole number from 1 to ${LONGEST_DAYS}`);
  return days;
}

function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

function report({ ca, server, files }: Made, { out }: Options): Report {
  const now = new Date();
  const certificate = new X509Certificate(ca);
  const written = files.map((f) => f.path);
  return {
    ok: true,
    data: { files: written, ca: factsOf(certificate, now), server: factsOf(new X509Certificate(server), now) },
    lines: (paint) => [
      ...written.map((file) => `${paint.good('wrote')} ${file}`),
      `CA ${paint.bold(factsOf(certificate, now).subject)}, valid until ${notAfter(certificate).toISOString()}`,
      `SHA-256 ${certificate.fingerprint256}`,
      `Give ${path.join(out, 'ca.crt')} to S3Ca.fromFile, and ${written[2]} and ${written[3]} to the S3 server.`,
      paint.warn('For tests. Keep the .key files out of git; .gitignore has *.key.'),
    ],
  };
}
