// `npm run linters`: runs the linters below over examples/guide, a stack with every part on, and examples/hardened, and
// writes docs/security.md. What they find in the first two must have its reason below, and in hardened they must find
// nothing. Of a linter that is not on the path the page keeps its rows. With --check it writes nothing, and fails where the
// page is stale; with --all, where a linter is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import cdk8s from 'cdk8s';
import library from 'cdk8s-thanos';
import { format, resolveConfig } from 'prettier';

const { App } = cdk8s;
const { CheckRole, NetworkPeer, S3Ca, S3Credentials, ThanosStack } = library;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs/security.md');

const NETWORK = 'Whom the stack calls and who calls it outside of the app, only you know: `networkPolicies`.';
const PULL = 'A tag that never moves gains nothing, and each restart would then need the registry: `image.pullPolicy`.';
const MEMORY = 'A guessed limit ends a pod that reads more than was guessed: `resources.limits.memory`.';
const EXEC = 'CheckRole lets `check` read the CA in the pods: `exec: false`, and these checks are skipped.';
const CPU = 'A limit of CPU slows a pod down where the node is idle: `resources.limits.cpu`.';
const TOKEN = 'A stackCheck asks the API server, by the token of a ServiceAccount that may read, and not the keys.';
const CA_SECRET =
  'The one Secret that `check` may get is the CA; from a ConfigMap (`S3Ca.fromConfigMapName`) the right is gone.';
const USER = "472 is the image's own user, who owns its files: `grafana.security`.";

/** Why a finding stays in the guide, and what takes it away. */
const REASONS = {
  'kube-linter': { 'unset-memory-requirements': MEMORY },
  'kube-score': {
    'pod-networkpolicy': NETWORK,
    'container-image-pull-policy': PULL,
    'container-resources': CPU,
    'container-ephemeral-storage-request-and-limit':
      'A guessed limit evicts a pod for its log; the request is there: `resources.limits.ephemeralStorage`.',
    'container-security-context-user-group-id': USER,
  },
  polaris: { rolePodExecAttach: EXEC, rolebindingRolePodExecAttach: EXEC },
  checkov: {
    CKV_K8S_11: CPU,
    CKV_K8S_13:
      'A preflight lists an unused folder and ends: `preflight.resources`, and of an init container the limits of its component.',
    CKV_K8S_15: PULL,
    CKV_K8S_35:
      'Variables are what a Secret with two keys gives without another file: `S3Credentials.fromCredentialsFile`, and `grafana.admin.files`.',
    CKV_K8S_38: TOKEN,
    CKV_K8S_40: USER,
    CKV_K8S_43: "A digest names one registry's image for ever: `image.digest`.",
    CKV2_K8S_6: NETWORK,
  },
  trivy: {
    'KSV-0011': CPU,
    'KSV-0018': MEMORY,
    'KSV-0053': EXEC,
    'KSV-0113': CA_SECRET,
    'KSV-0020': USER,
    'KSV-0021': USER,
  },
};

/** What each linter finds in a file: ids, one for each finding. */
const LINTERS = {
  'kube-linter': (file) =>
    (JSON.parse(run('kube-linter', ['lint', '--format', 'json', file])).Reports ?? []).map(({ Check }) => Check),
  'kube-score': (file) =>
    JSON.parse(run('kube-score', ['score', '--output-format', 'json', file]))
      .flatMap(({ checks }) => checks ?? [])
      .filter(({ grade, skipped }) => !skipped && grade === 1)
      .map(({ check }) => check.id),
  polaris: (file) => {
    const results = JSON.parse(run('polaris', ['audit', '--audit-path', file, '--only-show-failed-tests'])).Results;
    return results.flatMap(failed).map(({ ID }) => ID);
  },
  checkov: (file) => {
    const args = ['--file', file, '--framework', 'kubernetes', '--quiet', '--compact', '--output', 'json'];
    return JSON.parse(run('checkov', args)).results.failed_checks.map(({ check_id }) => check_id);
  },
  trivy: (file) => {
    // it trusts the registries of three clouds, unless it is told which
    const data = join(dirname(file), 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'trusted.yaml'), JSON.stringify({ ksv0125: { trusted_registries: REGISTRIES } }));
    // by the checks that it was built with: those of today it would get from a registry
    const args = ['config', '--quiet', '--skip-check-update', '--config-data', data, '--format', 'json', file];
    const { Results } = JSON.parse(run('trivy', args));
    return Results.flatMap(({ Misconfigurations }) => Misconfigurations ?? []).map(({ ID }) => ID);
  },
};

/** Where the images come from unless they are told. */
const REGISTRIES = ['quay.io', 'docker.io', 'registry.example.com'];

/** Results of severity danger, of an object, its pod and its containers. */
function failed({ Results, PodResult, ContainerResults }) {
  const own = Object.values(Results ?? {}).filter(({ Success, Severity }) => !Success && Severity === 'danger');
  return [...own, ...[PodResult ?? [], ContainerResults ?? []].flat().flatMap(failed)];
}

function run(command, args, options = {}) {
  const { error, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8, ...options });
  // what they find makes them fail; what they could not do shows in what they printed
  if (error)
    throw new Error(`${command} can't be run (${error.message}); .github/workflows/nightly.yml has how to get it`);
  return stdout;
}

/** What an example writes, as one text. */
function example(name) {
  const outdir = mkdtempSync(join(tmpdir(), 'linters-'));
  try {
    const options = { cwd: join(root, 'examples', name), env: { ...process.env, CDK8S_OUTDIR: outdir } };
    execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', 'main.ts'], options);
    return readdirSync(outdir)
      .map((file) => readFileSync(join(outdir, file), 'utf8'))
      .join('---\n');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Every part of the library, with the defaults and what is given. */
function everything(given = {}) {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', {
    createNamespace: true,
    objstore: {
      bucket: 'thanos',
      endpoint: 's3.minio.example.com:9000',
      ca: S3Ca.fromFile(join(root, 'examples/guide/certs/minio-ca.crt')),
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    ruler: { alertmanagers: ['http://alertmanager:9093'] },
    ...Object.fromEntries(PARTS.map((part) => [part, {}])),
    preflightInit: true,
    monitoring: { alerts: {}, podMonitor: {}, dashboards: {} },
    stackCheck: { image: { repository: 'registry.example.com/cdk8s-thanos', tag: '0.1.0' } },
    ...given,
  });
  new CheckRole(stack, 'CheckRole', { objstore: stack.objstore, name: 'thanos-check-by-hand' });
  return app.synthYaml();
}

const [STORE, MONITORING] = [NetworkPeer.cidr('10.20.0.0/16'), NetworkPeer.pods({ namespace: 'monitoring' })];
const NETWORK_PEERS = {
  ...{ objstore: STORE, prometheus: MONITORING, writers: MONITORING, viewers: MONITORING },
  alertmanagers: NetworkPeer.pods({ labels: { 'app.kubernetes.io/name': 'alertmanager' } }),
};

const PARTS = [
  ...['receiver', 'receiveRouter', 'compactor', 'storeGateway', 'query', 'queryFrontend', 'bucketWeb', 'grafana'],
  ...['preflight', 'certificateAlerts'],
];

const isThere = Object.fromEntries(
  Object.keys(LINTERS).map((name) => [name, spawnSync(name, ['--help'], { stdio: 'ignore' }).error === undefined]),
);
const missing = Object.keys(LINTERS).filter((name) => !isThere[name]);
if (missing.length > 0) {
  const text = `not on the path: ${missing}; .github/workflows/nightly.yml has how to get them`;
  if (process.argv.includes('--all') || missing.length === Object.keys(LINTERS).length) throw new Error(text);
  console.log(`${text}. Their rows stay as they are`);
}

function findings(text) {
  const folder = mkdtempSync(join(tmpdir(), 'linters-'));
  try {
    const file = join(folder, 'all.yaml');
    writeFileSync(file, text);
    return Object.fromEntries(
      Object.entries(LINTERS)
        .filter(([name]) => isThere[name])
        .map(([name, lint]) => [name, counted(lint(file))]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function counted(ids) {
  const counts = {};
  for (const id of ids.sort()) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

const before = existsSync(page) ? readFileSync(page, 'utf8').split('\n') : [];

function rows(name) {
  if (!isThere[name]) return before.filter((line) => line.split('|')[1]?.trim() === name);
  const ids = new Set([guide, all, closed].flatMap((found) => Object.keys(found[name])));
  return [...ids].sort().map((id) => {
    const reason = REASONS[name][id];
    if (reason === undefined)
      throw new Error(`${name} finds ${id} in the guide or in all parts: mend it, or give the reason`);
    return `| ${name} | \`${id}\` | ${guide[name][id] ?? 0} | ${all[name][id] ?? 0} | ${closed[name][id] ?? 0} | ${reason} |`;
  });
}

const hardened = findings(example('hardened'));
for (const [name, counts] of Object.entries(hardened))
  if (Object.keys(counts).length > 0) throw new Error(`${name} finds ${Object.keys(counts)} in examples/hardened`);
const guide = findings(example('guide'));
const all = findings(everything());
const closed = findings(everything({ networkPolicies: NETWORK_PEERS }));
const text = `# What linters say

Written by \`npm run linters\`. kube-linter (all default checks), kube-score (critical), polaris (danger), checkov and trivy
(with the checks of its release, and told to trust the registries of the images) find nothing in
[examples/hardened](../examples/hardened), whose pods are closed by \`networkPolicies\`. What they find in
[examples/guide](../examples/guide), in a stack with every part on, and in the same with \`networkPolicies\`, is what the
library does not do unasked:

| linter | check | guide | all parts | and policies | why it stays, and what takes it away |
| --- | --- | --- | --- | --- | --- |
${Object.keys(LINTERS).flatMap(rows).join('\n')}

Who gets the CA and the keys is checked at synth, by none of these: [README](../README.md#who-gets-the-ca). How to report
a weakness: [SECURITY.md](../SECURITY.md). What somebody can do who took over a part: [threat-model.md](threat-model.md).
`;
const written = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(page, written);
else if (readFileSync(page, 'utf8') !== written) throw new Error('docs/security.md is stale: npm run linters');
console.log('examples/hardened: no findings; docs/security.md has the reasons of examples/guide');
