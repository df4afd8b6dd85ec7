// `npm start`: synthesizes the guide's scenario and says what it wrote, who holds the CA, and what to type next.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const example = join(root, 'examples/guide');
const output = join(root, 'manifests');

rmSync(output, { recursive: true, force: true });
const app = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(example, 'main.ts')], {
  cwd: root,
  env: { ...process.env, CDK8S_OUTDIR: output },
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (app.status !== 0) process.exit(app.status ?? 1);

const shown = relative(process.cwd(), output) || '.';
for (const file of readdirSync(output)) {
  const kinds = readFileSync(join(output, file), 'utf8').match(/^kind: .+$/gm) ?? [];
  console.log(`Wrote ${join(shown, file)}: ${kinds.length} objects\n`);
}
console.log(`Who holds the CA, the config and the keys:\n\n${app.stdout}`);
console.log(`The endpoint and the CA are the guide's: put yours into examples/guide/chart.ts. Then apply it, and make the two
Secrets that the pods wait for:

  kubectl apply --server-side -f ${shown}/
  kubectl -n monitoring create secret generic thanos-s3-credentials \\
    --from-literal=AWS_ACCESS_KEY_ID=... --from-literal=AWS_SECRET_ACCESS_KEY=...
  kubectl -n monitoring create secret generic grafana-admin \\
    --from-literal=admin-user=admin --from-literal=admin-password=...
`);
