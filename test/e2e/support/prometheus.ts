import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Json } from '../../render';
import { clusterScript, hasScript } from '../../programs/cluster';
import { applyOwn, httpGet, kubectl, list } from './kubectl';
import { until } from './progress';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';

/** Image of a real Prometheus. */
export const PROMETHEUS_IMAGE = process.env.E2E_PROMETHEUS_IMAGE ?? 'local/prometheus:test';
const TARGET = 'pods/prometheus:9090';

/** What Prometheus says of its remote writes. */
export interface RemoteWrite {
  readonly retried: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
}

/** A real Prometheus that scrapes itself every second and writes to Thanos. */
export async function startPrometheus(namespace: string, remoteWriteUrl: string): Promise<void> {
  prometheusImage();
  await applyOwn(configMap(namespace, [remoteWriteUrl]), prometheusPod(namespace));
  await until('Prometheus is ready', async () => (await list(namespace, 'pods', '-l', 'app=prometheus')).some(isReady));
}

/** Has the running Prometheus write to these, each with a queue of its own; one that it writes to already goes on. */
export async function writeTo(namespace: string, ...urls: string[]): Promise<void> {
  await applyOwn(configMap(namespace, urls));
  await until('Prometheus has the new config', async () => {
    // the kubelet looks up to a minute late at what a volume holds; at a change of the pod it looks at once
    const note = `thanos-e2e/nudge=${Date.now()}`;
    await kubectl(['-n', namespace, 'annotate', 'pod', 'prometheus', '--overwrite', note]);
    await kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/${TARGET}/proxy/-/reload`, '-f', '-'], '{}');
    const { yaml } = await askPrometheus(namespace, '/api/v1/status/config');
    const written = [...yaml.matchAll(/\burl: (\S+)/g)].map(([, url]) => url);
    return written.join() === urls.join();
  });
}

/** Answer of Prometheus' HTTP API. */
export async function askPrometheus(namespace: string, url: string): Promise<Json> {
  return JSON.parse(await httpGet(namespace, TARGET, url)).data;
}

/** The counters of the remote write queue. */
export async function remoteWrite(namespace: string): Promise<RemoteWrite> {
  const text = await httpGet(namespace, TARGET, '/metrics');
  const value = (name: string): number => {
    const lines = text.split('\n').filter((line) => new RegExp(`^prometheus_remote_storage_${name}(\\{| )`).test(line));
    if (lines.length === 0) throw new Error(`Prometheus has no metric ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  return {
    retried: value('samples_retried_total'),
    failed: value('samples_failed_total'),
    dropped: value('samples_dropped_total'),
    pending: value('samples_pending'),
  };
}

/** Debian's Prometheus as an image of the script's cluster. */
export function prometheusImage(): void {
  if (!process.env.E2E_PROMETHEUS_IMAGE) debianImage(PROMETHEUS_IMAGE, 'prometheus', 'prometheus');
}

/** The program of a package of Debian's as an image of the script's cluster, by another name and with files of the package. */
export function debianImage(image: string, pack: string, name: string, ...files: string[]): void {
  if (!hasScript()) return;
  const program = `/usr/bin/${pack}`;
  if (!existsSync(program)) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', pack], { stdio: 'pipe', env });
  }
  clusterScript('image', image, `${program}:/bin/${name}`, ...files.map((file) => `${file}:${file}`));
}

function configMap(namespace: string, urls: string[]): Json {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] }],
    remote_write: urls.map((url) => ({ url })),
  };
  const data = { 'prometheus.yml': JSON.stringify(config) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prometheus', namespace }, data };
}

function prometheusPod(namespace: string): Json {
  const flags = ['--config.file=/config/prometheus.yml', '--storage.tsdb.path=/data', '--web.enable-lifecycle'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'prometheus', namespace, labels: { app: 'prometheus' } },
    spec: {
      ...RESTRICTED_POD,
      terminationGracePeriodSeconds: 5,
      containers: [
        {
          name: 'prometheus',
          image: PROMETHEUS_IMAGE,
          command: ['prometheus', ...flags],
          readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 2 },
          volumeMounts: [
            { name: 'config', mountPath: '/config' },
            { name: 'data', mountPath: '/data' },
          ],
          ...RESTRICTED_CONTAINER,
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'prometheus' } },
        { name: 'data', emptyDir: {} },
      ],
    },
  };
}
