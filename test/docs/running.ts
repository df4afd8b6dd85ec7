import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk8s from 'cdk8s';
import * as thanos from 'cdk8s-thanos';
import * as ts from 'typescript';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { prometheusContainer, prometheusSet } from '../fixtures/workloads';
import { type Fence, fences } from './fences';

/** The files that snippets read: those that the commands of README.md make, CAs of other clusters, and a SealedSecret. */
export function snippetFiles(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'snippets-'));
  const script = fences('README.md').find(({ text }) => text.includes('openssl req'))!;
  const made = spawnSync('bash', ['-euc', script.text], { cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const ca = readFileSync(path.join(folder, 'certs/minio-ca.crt'));
  for (const copy of ['ca.crt', 'certs/rootCA.crt', 'certs/parts-ca.crt']) writeFileSync(path.join(folder, copy), ca);
  const others = { 'east-ca': ECDSA_CA, 'global-ca': SECOND_CA, 'east-and-global-ca': ECDSA_CA + SECOND_CA };
  for (const [name, pem] of Object.entries(others)) writeFileSync(path.join(folder, `certs/${name}.crt`), pem);
  const ciphertext = Buffer.alloc(300, 7).toString('base64');
  const sealed = {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name: 'sealed-keys', namespace: 'monitoring' },
    spec: { encryptedData: { AWS_ACCESS_KEY_ID: ciphertext, AWS_SECRET_ACCESS_KEY: ciphertext } },
  };
  writeFileSync(path.join(folder, 'sealed-keys.yaml'), JSON.stringify(sealed));
  return folder;
}

/** What a snippet left behind. */
export interface RanSnippet {
  /** The objects of each app, as the YAML that synth writes. */
  readonly yaml: string[];
  readonly printed: string[];
  /** What it handed to `toMatchSnapshot`. */
  readonly snapshots: unknown[];
}

/** Runs a snippet in the folder, among the things that `SURROUNDINGS` declares, and synthesizes every app that it uses. */
export function runSnippet({ text, place }: Fence, folder: string): RanSnippet {
  const apps = new Set<cdk8s.App>();
  const printed: string[] = [];
  const snapshots: unknown[] = [];
  class App extends cdk8s.App {
    constructor(props?: cdk8s.AppProps) {
      super(props);
      apps.add(this);
    }
  }
  const libraries: Record<string, unknown> = {
    'node:path': path,
    cdk8s: { ...cdk8s, App },
    'cdk8s-thanos': thanos,
    '@jest/globals': {
      expect: (value: unknown) => ({ toMatchSnapshot: () => snapshots.push(value) }),
      test: (_: string, body: () => void) => body(),
    },
  };
  const known = {
    ...cdk8s,
    ...thanos,
    App,
    path,
    __dirname: folder,
    console: { log: (line: string) => printed.push(line) },
    require: (name: string) => libraries[name],
    exports: {},
  };
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    fileName: `${place}.ts`,
  });
  // by `with`, a thing of the surroundings is made when the snippet comes to it, and not at all where it makes its own
  const run = new Function('known', 'surroundings', `with (known) with (surroundings) {${outputText}}`);
  within(folder, () => run(known, surroundings(App, text)));
  return { yaml: [...apps].map((app) => app.synthYaml()), printed, snapshots };
}

/** Snippets read files beside themselves, and `app.synth()` writes. */
function within(folder: string, run: () => void): void {
  const before = process.cwd();
  process.chdir(folder);
  try {
    run();
  } finally {
    process.chdir(before);
    rmSync(path.join(folder, 'dist'), { recursive: true, force: true });
  }
}

/** What `SURROUNDINGS` declares. */
function surroundings(App: typeof cdk8s.App, text: string): object {
  const app = once(() => new App());
  const chart = once(() => new cdk8s.Chart(app(), 'chart'));
  const bucket = once(() => ({
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: thanos.S3Ca.fromFile('certs/minio-ca.crt'),
    credentials: thanos.S3Credentials.fromSecretName('thanos-s3-credentials'),
  }));
  const store = once(() => new thanos.ObjstoreConfig(chart(), 'SurroundingBucket', bucket()));
  const gateway = once(() => new thanos.StoreGateway(chart(), 'SurroundingGateway', { objstore: store() }));
  const stack = once(() => closedStack(app(), bucket()));
  const made = {
    app,
    chart,
    bucket,
    objstore: store,
    store,
    gateway,
    stack,
    prometheus: once(() => prometheus(chart(), text)),
  };
  return Object.defineProperties({}, Object.fromEntries(Object.entries(made).map(([name, get]) => [name, { get }])));
}

function closedStack(app: cdk8s.App, objstore: thanos.ObjstoreOptions): thanos.ThanosStack {
  return new thanos.ThanosStack(app, 'surrounding-stack', {
    objstore,
    storeGateway: {},
    query: {},
    networkPolicies: { objstore: thanos.NetworkPeer.cidr('10.20.0.0/16') },
  });
}

/** As the guide has it: the sidecar's container stands in it where the snippet names one. */
function prometheus(chart: cdk8s.Chart, text: string): cdk8s.ApiObject {
  const names = ['prometheus', ...(text.includes("'thanos-sidecar'") ? ['thanos-sidecar'] : [])];
  return prometheusSet(chart, {
    id: 'Prometheus',
    spec: { containers: names.map((name) => prometheusContainer({ name })) },
  });
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
