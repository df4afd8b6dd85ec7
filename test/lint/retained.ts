/**
 * Judges so many foreign documents in a process of its own, and prints the bytes that they have and those that are held when the
 * last one was read: node --expose-gc -r test/cli/swc-register.cjs test/lint/retained.ts COUNT
 */
import { createHash } from 'node:crypto';
import { judgeManifests } from '../../src/lint/lint';

const count = Number(process.argv[2]);
let bytes = 0;

/** Letters that no compression makes much shorter. */
function letters(seed: string, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += createHash('sha256').update(`${seed}/${i}`).digest('base64url');
  return text.slice(0, length);
}

function container(i: number): object {
  const env = Array.from({ length: 10 }, (_, k) => ({
    name: `VARIABLE_${k}`,
    value: `http://service-${k}.team-${i}:8080`,
  }));
  const probe = { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10, failureThreshold: 3 };
  return {
    name: 'app',
    image: `registry.example.com/team/app@sha256:${letters(`image-${i}`, 64)}`,
    args: ['--config=/etc/app/config.yaml', `--log.level=info`],
    env: [...env, { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'app', key: 'token' } } }],
    livenessProbe: probe,
    readinessProbe: probe,
    volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
  };
}

function document(i: number): object {
  const metadata = {
    name: `app-${i}`,
    namespace: `team-${i % 50}`,
    labels: { app: `app-${i}` },
    uid: letters(`uid-${i}`, 36),
  };
  const object = (apiVersion: string, kind: string, rest: object) => ({ apiVersion, kind, metadata, ...rest });
  const panel = (k: number) => ({
    id: k,
    title: `Requests of ${k}`,
    expr: `sum(rate(http_requests_total{app="app-${i}"}[5m]))`,
  });
  const panels = Array.from({ length: 60 }, (_, k) => panel(k));
  const volumes = [{ name: 'config', configMap: { name: `app-${i}` } }];
  const status = { conditions: panels.slice(0, 6), phase: 'Running' };
  return [
    () => object('v1', 'Pod', { spec: { containers: [container(i), container(i)], volumes }, status }),
    () => object('v1', 'ConfigMap', { data: { 'dashboard.json': JSON.stringify({ panels }, null, 2) } }),
    () => object('v1', 'Secret', { data: { token: letters(`token-${i}`, 400) } }),
    () => object('monitoring.coreos.com/v1', 'PrometheusRule', { spec: { groups: [{ name: 'a', rules: panels }] } }),
  ][i % 4]();
}

function* documents(): Iterable<string> {
  for (let i = 0; i < count; i++) yield `---\n${JSON.stringify(document(i), null, 2)}\n`;
}

for (const text of documents()) bytes += Buffer.byteLength(text);
let retained = 0;
judgeManifests([{ file: 'all.yaml', text: documents }], new Date(), {
  onDocument: (objects) => {
    if (objects < count) return;
    globalThis.gc!();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    retained = heapUsed + arrayBuffers;
  },
});
process.stdout.write(JSON.stringify({ bytes, retained }));
