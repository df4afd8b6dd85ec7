// `npm run linters`: runs kube-score and checkov over examples/guide and examples/hardened and writes docs/security.md. What
// they find in the guide must have its reason below, and in hardened they must find nothing. With --check it writes
// nothing, and fails where the page is stale.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs/security.md');

const NETWORK = 'Who may speak to the pods, only you know: examples/hardened has a NetworkPolicy to start from.';
const PULL = 'A tag that never moves gains nothing, and each restart would then need the registry: `image.pullPolicy`.';
const CPU = 'A limit of CPU slows a pod down where the node is idle: `resources.limits.cpu`.';
const USER = "472 is the image's own user, who owns its files: `grafana.security`.";

/** Why a finding stays in the guide, and what takes it away. */
const REASONS = {
  'kube-score': {
    'pod-networkpolicy': NETWORK,
    'container-image-pull-policy': PULL,
    'container-resources': CPU,
    'container-ephemeral-storage-request-and-limit':
      'A guessed limit evicts a pod for its log; the request is there: `resources.limits.ephemeralStorage`.',
    'container-security-context-user-group-id': USER,
  },
  checkov: {
    CKV_K8S_11: CPU,
    CKV_K8S_15: PULL,
    CKV_K8S_35:
      'Variables are what a Secret with two keys gives without another file: `S3Credentials.fromCredentialsFile`, and `grafana.admin.files`.',
    CKV_K8S_40: USER,
    CKV_K8S_43: "A digest names one registry's image for ever: `image.digest`.",
    CKV2_K8S_6: NETWORK,
  },
};

/** What each linter finds in a file: ids, one for each finding. */
const LINTERS = {
  'kube-score': (file) =>
    JSON.parse(run('kube-score', ['score', '--output-format', 'json', file]))
      .flatMap(({ checks }) => checks ?? [])
      .filter(({ grade, skipped }) => !skipped && grade === 1)
      .map(({ check }) => check.id),
  checkov: (file) => {
    const args = ['--file', file, '--framework', 'kubernetes', '--quiet', '--compact', '--output', 'json'];
    return JSON.parse(run('checkov', args)).results.failed_checks.map(({ check_id }) => check_id);
  },
};

function run(command, args, options = {}) {
  const { error, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8, ...options });
  // what they find makes them fail; what they could not do shows in what they printed
  if (error)
    throw new Error(`${command} can't be run (${error.message}); .github/workflows/nightly.yml has how to get it`);
  return stdout;
}

function manifests(example) {
  const outdir = mkdtempSync(join(tmpdir(), 'linters-'));
  const options = { cwd: join(root, 'examples', example), env: { ...process.env, CDK8S_OUTDIR: outdir } };
  run(process.execPath, ['-r', 'ts-node/register/transpile-only', 'main.ts'], options);
  const file = join(outdir, 'all.yaml');
  writeFileSync(
    file,
    readdirSync(outdir)
      .map((name) => readFileSync(join(outdir, name), 'utf8'))
      .join('---\n'),
  );
  return { file, remove: () => rmSync(outdir, { recursive: true }) };
}

function findings(example) {
  const { file, remove } = manifests(example);
  try {
    return Object.fromEntries(Object.entries(LINTERS).map(([name, lint]) => [name, counted(lint(file))]));
  } finally {
    remove();
  }
}

function counted(ids) {
  const counts = {};
  for (const id of ids.sort()) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

function rows(name, counts) {
  return Object.entries(counts).map(([id, count]) => {
    const reason = REASONS[name][id];
    if (reason === undefined) throw new Error(`${name} finds ${id} in examples/guide: mend it, or give the reason`);
    return `| ${name} | \`${id}\` | ${count} | ${reason} |`;
  });
}

const hardened = findings('hardened');
for (const [name, counts] of Object.entries(hardened))
  if (Object.keys(counts).length > 0) throw new Error(`${name} finds ${Object.keys(counts)} in examples/hardened`);
const text = `# What linters say

Written by \`npm run linters\`. kube-score (critical) and checkov find nothing in
[examples/hardened](../examples/hardened). What they find in [examples/guide](../examples/guide) is what the library does
not do unasked:

| linter | check | findings | why it stays, and what takes it away |
| --- | --- | --- | --- |
${Object.entries(findings('guide'))
  .flatMap(([name, counts]) => rows(name, counts))
  .join('\n')}

Who gets the CA and the keys is checked at synth, by none of these: [README](../README.md#who-gets-the-ca). How to report
a weakness: [SECURITY.md](../SECURITY.md).
`;
const written = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(page, written);
else if (readFileSync(page, 'utf8') !== written) throw new Error('docs/security.md is stale: npm run linters');
console.log('examples/hardened: no findings; docs/security.md has the reasons of examples/guide');
