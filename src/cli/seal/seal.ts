import type { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { notAfter, subjectOf } from '../../pki/certificate';
import { dnsLabel, objectName } from '../../support/names';
import { found } from '../../support/problem';
import { named } from '../ca/endpoint-option';
import { writeFiles, readPem } from '../files';
import { commonOptions } from '../options';
import { type Report, emit, wantsJson } from '../output';
import { scanPem } from '../../pki/pem';
import { CliProblem } from '../problem';
import { type ControllerOptions, reEncrypt, validate } from './controller';
import { type Place, SCOPES, type Scope } from './encrypt';
import { manifestText, readSealed } from './manifest';
import { type Updated, update } from './update';
import { type ValueOptions, type Values, readValues } from './values';

interface Options extends ValueOptions {
  readonly cert: string;
  readonly name: string;
  readonly namespace: string;
  readonly scope: string;
  readonly type?: string;
  readonly out: string;
  readonly drop?: string[];
  readonly verifier: boolean;
}

/** As commander gives them. */
type Given = Partial<Options> & ControllerOptions & { readonly validate?: string; readonly reEncrypt?: string };

/** Shorter values can be guessed in a useful time, even with scrypt. */
const SHORT_BYTES = 12;

const HELP = `
Values come from files or stdin, never from arguments, where other users of the machine would see them. The file is a
SealedSecret. A value keeps its ciphertext while plain text, certificate and place (scope, and the name and namespace that
it binds to) are the same, so that sealing again changes nothing. Keys that are not given keep theirs too, also where the
controller's key was renewed: it still opens what was sealed before.

To know an unchanged value, the file carries a verifier of each (scrypt, 128 MiB, own salt) in an annotation. Random keys
can't be guessed from it; for a password that a person made up use --no-verifier, and it is sealed anew each time.

The controller's certificate: kubeseal --fetch-cert > controller.crt, or
  kubectl get --raw /api/v1/namespaces/kube-system/services/http:sealed-secrets-controller:/proxy/v1/cert.pem

Examples:
  $ cdk8s-thanos seal --cert controller.crt --name thanos-s3-credentials --namespace monitoring \\
      --from-file AWS_ACCESS_KEY_ID=id.txt --from-file AWS_SECRET_ACCESS_KEY=secret.txt --trim --out sealed.yaml
  $ pass s3/secret | cdk8s-thanos seal --cert controller.crt --name thanos-s3-credentials --namespace monitoring \\
      --from-stdin AWS_SECRET_ACCESS_KEY --trim --out sealed.yaml
  $ cdk8s-thanos seal --validate sealed.yaml      # does the controller open it? Asked through your kubeconfig
  $ cdk8s-thanos seal --re-encrypt sealed.yaml    # with the controller's newest key, without the plain text`;

/** Registers `seal`. */
export function registerSeal(program: Command): void {
  const collect = (value: string, all: string[] = []): string[] => [...all, value];
  const command = program
    .command('seal')
    .description('make a SealedSecret with the certificate of the sealed-secrets controller; stable output')
    .option('--cert <file>', "the controller's certificate, PEM")
    .option('--name <name>', 'name of the Secret')
    .option('--namespace <namespace>', 'namespace of the Secret')
    .option('--out <file>', 'file to write or update; JSON where it ends in .json')
    .option('--from-file <key=file>', 'a value from a file; repeat for more', collect)
    .option('--from-stdin <key>', 'a value from stdin')
    .option('--trim', 'cut line breaks off the end of each value')
    .option('--scope <scope>', `one of ${SCOPES.join(', ')}`, 'strict')
    .option('--type <type>', 'type of the Secret (default: Opaque, or as the file has it)')
    .option('--drop <key>', 'remove a key from the file; repeat for more', collect)
    .option('--no-verifier', 'leave no verifier in the file; these values are sealed anew each time')
    .option('--validate <file>', 'ask the controller whether it opens the file, and do nothing else')
    .option('--re-encrypt <file>', 'have the controller seal the file anew with its newest key, and do nothing else')
    .option('--controller-name <name>', "the controller's Service", 'sealed-secrets-controller')
    .option('--controller-namespace <name>', 'its namespace', 'kube-system')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig, as for kubectl')
    .addHelpText('after', HELP)
    .action(async (options: Given) => emit(await chosen(options), wantsJson(command)));
  commonOptions(command);
}

function chosen(given: Given): Report | Promise<Report> {
  const { validate: toValidate, reEncrypt: toReEncrypt } = given;
  const file = toValidate ?? toReEncrypt;
  if (file === undefined) return run(complete(given));
  const others = [given.out, given.fromFile, given.fromStdin, given.drop, toValidate && toReEncrypt];
  if (others.some((other) => other !== undefined))
    throw new CliProblem('--validate and --re-encrypt each stand alone: they change no values and take one file');
  return toValidate === undefined ? reEncrypt(file, given) : validate(file, given);
}

function complete(given: Given): Options {
  const { cert, name, namespace, out, scope = 'strict', verifier = true } = given;
  const missing = Object.entries({ cert, name, namespace, out }).find(([, value]) => value === undefined);
  if (missing) throw new CliProblem(`required option --${missing[0]} is missing`);
  return { ...given, cert: cert!, name: name!, namespace: namespace!, out: out!, scope, verifier };
}

function run(options: Options): Report {
  const place = placeOf(options);
  const certificate = controllerCertificate(options.cert);
  const before = readSealed(options.out);
  const values = readValues(options);
  const { drop = [], type, verifier, out } = options;
  const updated = update({ place, certificate, values, before, type, drop, verifier }, out);
  if (Object.keys(updated.sealed.encryptedData).length === 0)
    throw new CliProblem('there is nothing to seal: give --from-file KEY=FILE or --from-stdin KEY');
  writeFiles([{ path: out, content: manifestText(updated.sealed, out) }], before !== undefined);
  return report(out, updated, warningsOf(values, verifier));
}

function placeOf({ scope, namespace, name }: Options): Place {
  if (!SCOPES.includes(scope as Scope))
    throw new CliProblem(`--scope ${found(scope)} is not one of ${SCOPES.join(', ')}`);
  named('--name', () => objectName(name));
  named('--namespace', () => dnsLabel(namespace));
  return { scope: scope as Scope, namespace, name };
}

function controllerCertificate(file: string): X509Certificate {
  const certificate = scanPem(readPem(file)).find((block) => block.kind === 'certificate')?.certificate;
  if (!certificate) throw new CliProblem(`${file} holds no PEM certificate`);
  if (certificate.publicKey.asymmetricKeyType !== 'rsa')
    throw new CliProblem(
      `${file}: the certificate of ${subjectOf(certificate)} has no RSA key, so it is not a sealed-secrets controller's`,
    );
  if (new Date() > notAfter(certificate))
    throw new CliProblem(
      `${file}: the certificate expired on ${notAfter(certificate).toISOString()}; fetch the controller's current one`,
    );
  return certificate;
}

function warningsOf(values: Values, verifier: boolean): string[] {
  return [...values].flatMap(([key, value]) => {
    if (value.length === 0) return [`${key} is empty`];
    const warnings: string[] = [];
    if (/[\r\n]$/.test(value.toString('latin1')) && !value.includes('-----END '))
      warnings.push(`${key} ends with a line break, which an S3 server would refuse as part of a key; use --trim`);
    if (verifier && value.length < SHORT_BYTES)
      warnings.push(
        `${key} is short: whoever has the file can try guesses against its verifier; use --no-verifier if it is secret`,
      );
    return warnings;
  });
}

function report(out: string, { fates, earlier }: Updated, warnings: string[]): Report {
  const old = earlier.map(
    (key) => `${key} was sealed with another certificate: if not with an earlier one of this controller, it won't open`,
  );
  const all = [...warnings, ...old];
  return {
    ok: true,
    data: { file: out, values: Object.fromEntries(fates), warnings: all },
    lines: (paint) => [
      ...[...fates].map(([key, fate]) => `${fate === 'kept' ? paint.dim(fate) : paint.good(fate)} ${key}`),
      ...all.map((warning) => `${paint.warn('warning')} ${warning}`),
      `wrote ${out}`,
    ],
  };
}
