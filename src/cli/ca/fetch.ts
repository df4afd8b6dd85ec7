import type { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { type Address, endpointOption, shown, timeoutOption } from './endpoint-option';
import { encodePem, issuerOf, subjectOf } from '../../pki/certificate';
import { type ClientPair, clientPair } from '../client-certificate';
import { confirmed } from '../confirm';
import { readInput, writeFiles } from '../files';
import { commonOptions } from '../options';
import { TIMEOUT_SECONDS } from '../time-limit';
import { type Paint, type Report, emit, printable, wantsJson } from '../output';
import { type Advice, anchorOf } from '../pki/anchor';
import { dnsDiagnosis, tcpDiagnosis, tlsDiagnosis } from '../pki/causes';
import { type CertificateFacts, factsOf, isSelfSigned, signed, upwards } from '../../pki/chain';
import { openTcp, openTls, resolve } from '../pki/connect';
import { nameProblem } from '../pki/judge';
import { CliProblem } from '../problem';

interface Options {
  readonly serverName?: string;
  readonly timeout: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly sha256?: string;
  readonly yes?: boolean;
  readonly clientCert?: string;
  readonly clientKey?: string;
}

const HELP = `
Nothing proves that the answer comes from the right server (trust on first use): compare the SHA-256 with whoever runs it,
or give it with --sha256. On a terminal you are asked before anything is written, unless --sha256 or --yes is given.

Exits 1 where no certificate is fit for ca_file, or it is not the one of --sha256, or the answer was no: nothing is written.

Examples:
  $ cdk8s-thanos ca fetch s3.minio.example.com:9000
  $ cdk8s-thanos ca fetch 10.0.0.7:9000 --server-name s3.minio.example.com --out minio-ca.crt
  $ cdk8s-thanos ca fetch s3.minio.example.com:9000 --out minio-ca.crt --sha256 9F:86:D0:...`;

/** Registers `ca fetch`. */
export function registerCaFetch(ca: Command): void {
  const command = ca
    .command('fetch')
    .description('show the certificates that a server presents, and write the one that belongs in ca_file')
    .argument('<endpoint>', 'host or host:port (443)')
    .option('--server-name <name>', 'name to ask for (SNI)', undefined)
    .option('--timeout <seconds>', 'how long to wait for each step', TIMEOUT_SECONDS)
    .option('--out <file>', 'write the certificate that belongs in ca_file')
    .option('--sha256 <fingerprint>', 'the fingerprint that it must have, hex with or without colons')
    .option('--yes', 'write without a question')
    .option('--client-cert <file>', 'client certificate, PEM, for a server that asks for one')
    .option('--client-key <file>', 'its private key, PEM')
    .option('--force', 'overwrite the file')
    .addHelpText('after', HELP)
    .action(async (endpoint: string, options: Options) => emit(await fetch(endpoint, options), wantsJson(command)));
  commonOptions(command);
}

async function fetch(endpoint: string, options: Options): Promise<Report> {
  const { host, port = 443 } = endpointOption(endpoint, 'endpoint');
  const timeoutMs = timeoutOption(options.timeout);
  const name = options.serverName ?? host;
  const wanted = options.sha256 === undefined ? undefined : fingerprintOption(options.sha256);
  const chain = await presentedChain({ host, port }, name, timeoutMs, clientOf(options));
  const advice = expected(anchorOf(chain), wanted);
  const trusted = wanted !== undefined || options.yes === true;
  const wantsFile = options.out !== undefined && advice.certificate !== undefined;
  const write = wantsFile && (trusted || (await isConfirmed(advice.certificate!)));
  if (write) writeFiles([{ path: options.out!, content: encodePem(advice.certificate!) }], options.force ?? false);
  return report(chain, advice, { name, out: options.out, written: write, trusted: wanted !== undefined });
}

function clientOf({ clientCert, clientKey }: Options): ClientPair | undefined {
  const [certificate, key] = [clientCert, clientKey].map((file) => (file === undefined ? undefined : readInput(file)));
  return clientPair(certificate, key);
}

function fingerprintOption(given: string): string {
  const hex = given.replaceAll(':', '').toUpperCase();
  if (/^[0-9A-F]{64}$/.test(hex)) return hex.match(/../g)!.join(':');
  throw new CliProblem('--sha256 is not a SHA-256 fingerprint: 64 hex digits, with or without colons');
}

/** The advice, unless the certificate is another than the one that somebody vouched for. */
function expected(advice: Advice, wanted: string | undefined): Advice {
  if (wanted === undefined || advice.certificate?.fingerprint256 === wanted) return advice;
  if (advice.certificate === undefined) return advice;
  const why = `${subjectOf(advice.certificate)} has the SHA-256 ${advice.certificate.fingerprint256}, which is not the one of --sha256: another server may have answered.`;
  return { ...advice, certificate: undefined, why };
}

/** Asks, where somebody sits before a terminal. */
function isConfirmed(certificate: X509Certificate): Promise<boolean> | boolean {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return true;
  const text = `${printable(subjectOf(certificate))}\n  SHA-256 ${certificate.fingerprint256}\nIs that the fingerprint that whoever runs the server has? [y/N] `;
  return confirmed(text, stdin, stderr);
}

/** What a server sends, from its own certificate upwards. No root of this machine is added. */
export async function presentedChain(
  address: Address,
  serverName: string,
  timeoutMs: number,
  client?: ClientPair,
): Promise<X509Certificate[]> {
  const seconds = timeoutMs / 1000;
  const failed = ({ cause, fix }: { cause: string; fix: string }): never => {
    throw new CliProblem(`${cause}. To do: ${fix}`);
  };
  await resolve(address.host, timeoutMs).catch((error) => failed(dnsDiagnosis(address.host, error)));
  const tcp = await openTcp(address.host, address.port, timeoutMs).catch((error) =>
    failed(tcpDiagnosis(shown(address), error, seconds)),
  );
  const tls = await openTls(tcp, { serverName, timeoutMs, client }).catch((error) =>
    failed(tlsDiagnosis(error, seconds, serverName)),
  );
  tls.socket.destroy();
  if (tls.sent.length === 0) throw new CliProblem(`${shown(address)} sent no certificate`);
  return upwards(tls.sent);
}

interface Outcome {
  readonly name: string;
  readonly out?: string;
  readonly written: boolean;
  /** The fingerprint was given. */
  readonly trusted: boolean;
}

function report(chain: X509Certificate[], advice: Advice, { name, out, written: wrote, trusted }: Outcome): Report {
  const now = new Date();
  const facts = chain.map((certificate) => factsOf(certificate, now));
  const mismatch = nameProblem(chain[0], name);
  const warnings = [...advice.warnings, ...(mismatch ? [`${mismatch.cause}; ${mismatch.fix}`] : [])];
  const written = wrote ? out : undefined;
  const anchor = advice.certificate && { ...factsOf(advice.certificate, now), allowLeaf: advice.allowLeaf };
  return {
    ok: out === undefined || written !== undefined,
    data: {
      chain: facts,
      caFile: anchor ?? null,
      why: advice.why,
      warnings,
      trustOnFirstUse: !trusted,
      written: written ?? null,
    },
    lines: (paint) => [
      ...facts.flatMap((f, i) => describe(f, signerOf(chain, i), paint)),
      ...conclusion(advice, trusted, paint),
      ...warnings.map((warning) => `${paint.warn('warning')} ${warning}`),
      ...(out === undefined
        ? []
        : [written ? `${paint.good('wrote')} ${written}` : `${paint.bad('not written')} ${out}`]),
    ],
  };
}

function conclusion({ certificate, why }: Advice, trusted: boolean, paint: Paint): string[] {
  if (!certificate) return [`${paint.bad('For ca_file: none of them.')} ${why}`];
  const found = `For ca_file: ${paint.bold(subjectOf(certificate))}. ${why}`;
  if (trusted) return [found, `${paint.good('It is the one')} whose SHA-256 you gave`];
  return [
    found,
    `${paint.warn('Trust on first use')}: compare this with whoever runs the server before you rely on it`,
    `  SHA-256 ${certificate.fingerprint256}`,
    paint.dim('  (there: openssl x509 -noout -fingerprint -sha256 -in ca.crt)'),
  ];
}

function describe(facts: CertificateFacts, signer: string, paint: Paint): string[] {
  const left = facts.daysLeft < 0 ? paint.bad('expired') : `${facts.daysLeft} days left`;
  return [
    `${paint.bold(facts.subject)}  ${facts.ca ? 'CA' : 'server'}, ${facts.key}`,
    `  signed by ${signer}`,
    `  valid ${facts.notBefore} to ${facts.notAfter}, ${left}`,
    ...(facts.names ? [`  names ${facts.names}`] : []),
    `  SHA-256 ${facts.sha256}`,
  ];
}

function signerOf(chain: X509Certificate[], index: number): string {
  const certificate = chain[index];
  if (isSelfSigned(certificate)) return 'itself';
  const signer = chain.find((other) => signed(other, certificate));
  const name = issuerOf(certificate);
  return signer ? `${name} (sent, signature verified)` : `${name} (not sent)`;
}
