import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { program } from '../programs/program';

/** Kubernetes JSON of a test. */
export type Json = any;

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s');

/** A time at which the examples' certificates are valid. */
export const NOW = new Date('2027-01-01T00:00:00Z');

/** What an app writes, by file. */
export function synthesize(fill: (app: App) => void, props: ConstructorParameters<typeof App>[0] = {}): Files {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-'));
  try {
    const app = new App({ ...props, outdir });
    fill(app);
    app.synth();
    return readFiles(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Text by path. */
export type Files = Record<string, string>;

/** Runs `cdk8s synth` in the folder of an example, as a reader of it would, and reads what it wrote. */
export function cdk8sSynth(example: string): Files {
  const cwd = exampleFolder(example);
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'synth'], {
    cwd,
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', CDK8S_OUTDIR: undefined },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cdk8s synth in examples/${example} failed (is lib built?):\n${stdout}${stderr}`);
  return readFiles(join(cwd, 'manifests'));
}

export function exampleFolder(example: string): string {
  return join(ROOT, 'examples', example);
}

/** The objects of all files. */
export function objects(files: Files): Json[] {
  return Object.values(files).flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
}

/** `kind/name/container` of every container that mounts the Secret, or reads it into its env. */
export function holders(all: Json[], secretName: string): string[] {
  return all.flatMap((object) => {
    const pod = object.spec?.template?.spec;
    const volumes = (pod?.volumes ?? []).filter((v: Json) => JSON.stringify(v).includes(`"${secretName}"`));
    const names = new Set(volumes.map((v: Json) => v.name));
    return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]
      .filter(
        (c: Json) =>
          c.volumeMounts?.some((m: Json) => names.has(m.name)) ||
          JSON.stringify([c.env, c.envFrom]).includes(`"${secretName}"`),
      )
      .map((c: Json) => `${object.kind}/${object.metadata.name}/${c.name}`);
  });
}

/** Names of all workloads, to see who does not hold it. */
export function workloads(all: Json[]): string[] {
  return all.filter((o) => o.spec?.template?.spec).map((o) => `${o.kind}/${o.metadata.name}`);
}

/** Builds a kustomization with the kustomize of kubectl. */
export function kustomize(folder: string): Json[] {
  const { status, stdout, stderr } = spawnSync(program('kubectl')!, ['kustomize', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl kustomize ${folder} failed: ${stderr}`);
  return objects({ stdout });
}

function readFiles(folder: string): Files {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}
