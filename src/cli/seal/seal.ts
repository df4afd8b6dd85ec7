import type { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import { notAfter, subjectOf } from '../../pki/certificate';
import { dnsLabel, objectName } from '../../support/names';
import { found } from '../../support/problem';
import { named } from '../ca/endpoint-option';
import { writeFiles, readPem } from '../files';
import { commonOptions } from '../options';
import { type Report, emit, hide, wantsJson } from '../output';
import { scanPem } from '../../pki/pem';
import { CliProblem } from '../problem';
import { type Place, SCOPES, type Scope, labelOf, seal } from './encrypt';
import { type Sealed, manifestText, readSealed } from './manifest';
import { type ValueOptions, type Values, readValues } from './values';
import { makeVerifier, verifies } from './verifier';

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

/** What became of each key. */
type Fate = 'kept' | 'sealed' | 'dropped';

/** Shorter values can be guessed in a useful time, even with scrypt. */
const SHORT_BYTES = 12;

const HELP = `
Values come from files or stdin, never from arguments, where other users of the machine would see them. The file is a
SealedSecret. A value keeps its ciphertext while plain text, certificate and place (scope, and the name and
namespace that it binds to) are the same, so that
sealing again changes nothing; keys that are not given keep theirs too.

To know an unchanged value, the file carries a verifier of each (scrypt, 128 MiB, own salt) in an annotation. Random keys
can't be guessed from it; for a password that a person made up use --no-verifier, and it is sealed anew each time.

The controller's certificate: kubeseal --fetch-cert > controller.crt, or
  kubectl get --raw /api/v1/namespaces/kube-system/services/http:sealed-secrets-controller:/proxy/v1/cert.pem

Examples:
  $ cdk8s-thanos seal --cert controller.crt --name thanos-s3-credentials --namespace monitoring \\
      --from-file AWS_ACCESS_KEY_ID=id.txt --from-file AWS_SECRET_ACCESS_KEY=secret.txt --trim --out sealed.yaml
  $ pass s3/secret | cdk8s-thanos seal --cert controller.crt --name thanos-s3-credentials --namespace monitoring \\
      --from-stdin AWS_SECRET_ACCESS_KEY --trim --out sealed.yaml`;

/** Registers `seal`. */
export function registerSeal(program: Command): void {
  const collect = (value: string, all: string[] = []): string[] => [...all, value];
  const command = program
    .command('seal')
    .description('make a SealedSecret with the certificate of the sealed-secrets controller; stable output')
    .requiredOption('--cert <file>', "the controller's certificate, PEM")
    .requiredOption('--name <name>', 'name of the Secret')
    .requiredOption('--namespace <namespace>', 'namespace of the Secret')
    .requiredOption('--out <file>', 'file to write or update; JSON where it ends in .json')
    .option('--from-file <key=file>', 'a value from a file; repeat for more', collect)
    .option('--from-stdin <key>', 'a value from stdin')
    .option('--trim', 'cut line breaks off the end of each value')
    .option('--scope <scope>', `one of ${SCOPES.join(', ')}`, 'strict')
    .option('--type <type>', 'type of the Secret (default: Opaque, or as the file has it)')
    .option('--drop <key>', 'remove a key from the file; repeat for more', collect)
    .option('--no-verifier', 'leave no verifier in the file; these values are sealed anew each time')
    .addHelpText('after', HELP)
    .action((options: Options) => emit(run(options), wantsJson(command)));
  commonOptions(command);
}

function run(options: Options): Report {
  const place = placeOf(options);
  const certificate = controllerCertificate(options.cert);
  const before = readSealed(options.out);
  const values = readValues(options);
  for (const value of Object.values(values)) hide(value.toString('utf8'), value.toString('utf8').trim());
  const same = before !== undefined && sameTarget(before, place, certificate);
  const { sealed, fates } = update(options, { place, certificate, values, before, same });
  if (Object.keys(sealed.encryptedData).length === 0)
    throw new CliProblem('there is nothing to seal: give --from-file KEY=FILE or --from-stdin KEY');
  const text = manifestText(sealed, options.out);
  writeFiles([{ path: options.out, content: text }], true);
  return report(options.out, fates, warningsOf(values, options.verifier));
}

interface Inputs {
  readonly place: Place;
  readonly certificate: X509Certificate;
  readonly values: Values;
  readonly before?: Sealed;
  /** Whether the file's ciphertext still opens where it is wanted. */
  readonly same: boolean;
}

function update(options: Options, inputs: Inputs): { sealed: Sealed; fates: Record<string, Fate> } {
  const { place, certificate, values, before, same } = inputs;
  const { drop = [] } = options;
  const old = before?.encryptedData ?? {};
  const verifiers = before?.state.verifiers ?? {};
  const sealed: Sealed = {
    place,
    base: before?.base,
    type: options.type ?? before?.type ?? 'Opaque',
    encryptedData: {},
    state: { certificate: certificate.fingerprint256, verifiers: {} },
  };
  const fates: Record<string, Fate> = {};
  const put = (key: string, fate: Fate, ciphertext: string, verifier?: string): void => {
    fates[key] = fate;
    sealed.encryptedData[key] = ciphertext;
    if (verifier !== undefined) sealed.state.verifiers[key] = verifier;
  };
  for (const key of drop) {
    if (!Object.hasOwn(old, key) || Object.hasOwn(values, key))
      throw new CliProblem(`--drop ${found(key)}: ${options.out} has no such key, or a value is given for it`);
    fates[key] = 'dropped';
  }
  const others = Object.keys(old).filter((key) => !Object.hasOwn(values, key) && !drop.includes(key));
  if (others.length > 0 && !same)
    throw new CliProblem(
      `certificate, scope, name or namespace differ from those of ${options.out}, so its other values can't be kept. Give ${others.join(', ')} too, or --drop them`,
    );
  for (const key of others) put(key, 'kept', old[key], verifiers[key]);
  for (const [key, value] of Object.entries(values)) {
    if (same && options.verifier && Object.hasOwn(old, key) && verifies(verifiers[key], value))
      put(key, 'kept', old[key], verifiers[key]);
    else
      put(key, 'sealed', seal(value, certificate.publicKey, place), options.verifier ? makeVerifier(value) : undefined);
  }
  return { sealed, fates };
}

/** Whether the file's ciphertext opens at the wanted place: name and namespace count as far as the scope binds to them. */
function sameTarget({ place, state }: Sealed, wanted: Place, certificate: X509Certificate): boolean {
  const samePlace = place.scope === wanted.scope && labelOf(place).equals(labelOf(wanted));
  return samePlace && (state.certificate === undefined || state.certificate === certificate.fingerprint256);
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
  return Object.entries(values).flatMap(([key, value]) => {
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

function report(out: string, fates: Record<string, Fate>, warnings: string[]): Report {
  return {
    ok: true,
    data: { file: out, values: fates, warnings },
    lines: (paint) => [
      ...Object.entries(fates).map(([key, fate]) => `${fate === 'kept' ? paint.dim(fate) : paint.good(fate)} ${key}`),
      ...warnings.map((warning) => `${paint.warn('warning')} ${warning}`),
      `wrote ${out}`,
    ],
  };
}
