import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { ObjstoreConfig, type ObjstoreOptions, Preflight, S3Ca, S3Credentials } from '../../src';
import { settingsOf } from '../../src/cli/verify/settings';
import { type Step, verifySteps } from '../../src/cli/verify/steps';
import { chart, find, type Json, render } from '../render';
import type { Manifests } from '../lint/manifests';
import { type Given, PodOnDisk } from '../thanos/pod-on-disk';
import { program } from '../programs/program';
import { ROOT_KEYS } from '../programs/minio';
import type { World } from './world';

/** One way to an error text. */
export interface Case {
  /** What is different from a store that works. */
  readonly when: string;
  readonly run: (world: World) => ByLibrary | ByHand;
  /** Says why `verify` names another text than Thanos. */
  readonly verifyDiffers?: string;
  /** It waits for half a minute. */
  readonly slow?: boolean;
}

/** What stands behind a section of the page. */
export interface Proof {
  readonly cases: readonly Case[];
  /** Options that synth refuses, with the messages that the page quotes. */
  readonly refused?: (world: World) => readonly Options[];
  /** Manifests that lint refuses, beside the configs of the cases. */
  readonly manifests?: (world: World) => readonly ((good: Manifests) => void)[];
}

/** Proofs by the section's heading. */
export type Proofs = Readonly<Record<string, Proof>>;

/** The library's options for a store; the rest as it works. */
export type Options = Partial<ObjstoreOptions> & { readonly port?: number };

/** A store that the library can describe: the preflight's own container is run. */
export interface ByLibrary {
  readonly options: Options;
  /** What the Secrets hold that the options refer to; `keys` are the S3 keys. */
  readonly secrets?: Given;
  /** A file of the pod that is not there after all, as when its Secret is missing. */
  readonly missing?: string;
  /** A host that takes the endpoint's place when Thanos runs, where the library would refuse it. */
  readonly host?: string;
}

/** A config that people write, and this library never. */
export interface ByHand {
  /** `config` of objstore.yml, or the whole file as text. */
  readonly config: Json;
  readonly prefix?: string;
  /** Files of the pod. */
  readonly files?: Record<string, string | Buffer>;
  readonly env?: Record<string, string>;
  /** Arguments instead of `tools bucket ls --objstore.config-file=…`. */
  readonly args?: readonly string[];
}

/** Where the CA lies in a pod. */
export const CA_FILE = '/etc/thanos/certs/ca.crt';
export const CONFIG_FILE = '/etc/thanos/objstore/objstore.yml';

/** A Thanos about to be run, with its files on this machine. */
interface Prepared {
  readonly directory: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** Options for a store on this machine. */
export function storeOptions(world: World, { port = world.minio.port, ...options }: Options = {}): ObjstoreOptions {
  const credentials = S3Credentials.fromSecretName('keys');
  const trust = options.insecure || options.unsafeSkipVerify ? {} : { ca: S3Ca.fromPem(world.ca) };
  return { bucket: 'thanos', endpoint: `localhost:${port}`, credentials, ...trust, ...options };
}

/** objstore.yml of a hand. */
export function configText({ config, prefix }: ByHand): string {
  return typeof config === 'string' ? config : stringify({ type: 'S3', config, prefix });
}

/** What came of a case. */
export interface Outcome {
  readonly code: number;
  /** Thanos' last words, line by line: paths as in a pod, without the request that failed. */
  readonly said: readonly string[];
  /** The step that fails in `verify`; undefined: none does, or it refuses the options. */
  readonly failed?: Step;
}

/** Runs a case: `verify` first, then the real Thanos. */
export async function outcome(world: World, { run }: Case): Promise<Outcome> {
  const given = run(world);
  const prepared = 'options' in given ? byLibrary(world, given) : byHand(given);
  try {
    const failed = await verify(prepared);
    if ('host' in given) replaceHost(prepared, given);
    const { code, text } = await runThanos(prepared);
    const lines = text.replaceAll(prepared.directory, '').split('\n');
    return { code, failed, said: lines.map((line) => line.trim().replace(/^(Get|Head|Put) "[^"]*": /, '')) };
  } finally {
    rmSync(prepared.directory, { recursive: true, force: true });
  }
}

function runThanos({ args, env }: Prepared): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(program('thanos')!, args, { env, timeout: 45_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, text: cause(stdout + stderr) });
    });
  });
}

function replaceHost({ directory }: Prepared, { host, options }: ByLibrary): void {
  const file = path.join(directory, CONFIG_FILE);
  writeFileSync(file, readFileSync(file, 'utf8').replace(options.endpoint!, host!));
}

/** The preflight Job's container, with the Secrets that it mounts. */
function byLibrary(world: World, { options, secrets = {}, missing }: ByLibrary): Prepared {
  const scope = chart();
  const objstore = new ObjstoreConfig(scope, 'Objstore', storeOptions(world, options));
  new Preflight(scope, 'Preflight', { objstore, readOnly: true });
  const objects = render(scope);
  const pod = new PodOnDisk(objects, find(objects, 'Job'), { keys: ROOT_KEYS, ...secrets });
  if (missing) rmSync(path.join(pod.directory, missing));
  return pod;
}

/** The same command over a config that somebody wrote. */
function byHand(given: ByHand): Prepared {
  const directory = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-'));
  const rewrite = (text: string): string => text.replaceAll('/etc/thanos', `${directory}/etc/thanos`);
  const write = (file: string, data: string | Buffer): void => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), data);
  };
  write(CONFIG_FILE, rewrite(configText(given)));
  for (const [file, data] of Object.entries(given.files ?? {})) write(file, data);
  const args = given.args ?? ['tools', 'bucket', 'ls', `--objstore.config-file=${CONFIG_FILE}`];
  return { directory, args: args.map(rewrite), env: { HOME: directory, ...(given.env ?? ROOT_KEYS) } };
}

/** What `cdk8s-thanos verify` says of the same objstore.yml. It reads the keys from the environment when it starts. */
async function verify({ directory, env }: Prepared): Promise<Step | undefined> {
  const before = process.env;
  process.env = { ...env };
  let given: ReturnType<typeof settingsOf>;
  try {
    given = settingsOf({ objstore: path.join(directory, CONFIG_FILE), timeout: '1' });
  } catch {
    return undefined;
  } finally {
    process.env = before;
  }
  try {
    const steps = await verifySteps(given.settings, given.keys);
    return steps.find((step) => step.result === 'fail');
  } catch {
    return undefined;
  }
}

/** The text of the last error, as one line: stack traces cut off, quotes as they were written. */
function cause(output: string): string {
  const lines = output.trim().split('\n');
  const error = lines.filter((line) => /level=error|err=|error:/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  const text = /err="((?:[^"\\]|\\.)*)"/.exec(error)?.[1] ?? error;
  return text
    .replace(/\\n(github\.com|main\.|runtime\.)(.|\n)*$/, '')
    .replaceAll('\\"', '"')
    .replaceAll('\\n', '\n')
    .replaceAll('\\\\', '\\');
}
