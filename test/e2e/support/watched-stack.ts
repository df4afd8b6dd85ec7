import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { App, Duration, JsonPatch } from 'cdk8s';
import { ThanosStack } from 'cdk8s-thanos';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { Json } from '../../render';
import { ASLEEP } from './probes';
import { applyManifests, applyOwn, kubectl, list } from './kubectl';
import { minioBucket, S3_HOST } from './minio';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';
import { forwarded } from './port-forward';
import { pause, until } from './progress';
import { debianImage, PROMETHEUS_IMAGE, prometheusImage } from './prometheus';

/** Time runs so many times as fast for the rules: their ranges and waits are a tenth, and so is the time between scrapes. */
export const PACE = 10;
/** As a Prometheus that scrapes every 30 s. */
const SCRAPE = `${30 / PACE}s`;
const ALERTMANAGER_IMAGE = process.env.E2E_ALERTMANAGER_IMAGE ?? 'local/alertmanager:test';
const TEMPLATES = ['default', 'email'].map((name) => `/usr/share/prometheus/alertmanager/${name}.tmpl`);
const DOCS = path.join(__dirname, '../../../docs/monitoring.md');
const SHORT_BLOCKS = ['--tsdb.min-block-duration=1m', '--tsdb.max-block-duration=1m'];
const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

const TARGETS = 'targets.json';

/** Where the stack and what watches it run. */
export interface Namespaces {
  readonly stack: string;
  readonly outside: string;
}

/** A stack of all parts, which is watched; small, and with a block each minute. */
export function watchedStack(app: App, { stack: namespace, outside }: Namespaces, caPem: string): ThanosStack {
  const one = { replicas: 1 };
  const interval = Duration.seconds(5);
  return new ThanosStack(app, 'thanos', {
    namespace,
    objstore: minioBucket(caPem),
    receiver: { replicas: 2, ingestOnly: true, extraArgs: SHORT_BLOCKS },
    receiveRouter: one,
    compactor: { waitInterval: interval, consistencyDelay: Duration.seconds(1) },
    storeGateway: { ...one, syncInterval: Duration.seconds(10) },
    ruler: {
      ...one,
      evaluationInterval: interval,
      alertmanagers: [`http://alertmanager.${outside}.svc.cluster.local:9093`],
      rules: [
        {
          name: 'own',
          interval,
          rules: [
            { record: 'e2e:up', expr: 'up' },
            { alert: 'Watchdog', expr: 'vector(1)' },
          ],
        },
      ],
      extraArgs: ['--tsdb.block-duration=1m', `--resend-delay=${60 / PACE}s`],
    },
    query: one,
    queryFrontend: one,
    bucketWeb: {},
    monitoring: { alerts: {}, scrapeAnnotations: {}, dashboards: {} },
  });
}

/** Applies it without the object of an operator that the cluster may not have. */
export async function applyWatched(app: App, stack: ThanosStack, s3Ip: string | undefined): Promise<void> {
  const openers = [...stack.receivers, stack.compactor, stack.storeGateway, stack.ruler, stack.bucketWeb];
  const aliases = [{ ip: s3Ip, hostnames: [S3_HOST] }];
  for (const part of s3Ip ? openers : [])
    part!.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
  const objects = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
  await applyManifests(
    objects
      .filter(({ kind }) => kind !== 'PrometheusRule')
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
}

/** The rules, at the pace of the test. Limits of time in them stay: they are not of what the test looks at. */
export function atPace(rulesFile: string): Json {
  const { groups } = parse(rulesFile);
  const faster = (duration: string): string => {
    const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration)!;
    return `${Math.ceil((Number(amount) * SECONDS[unit as keyof typeof SECONDS]) / PACE)}s`;
  };
  return {
    groups: groups.map(({ name, rules }: Json) => ({
      name,
      rules: rules.map((rule: Json) => ({
        ...rule,
        expr: rule.expr.replace(/\[(\w+)\]/g, (_: string, range: string) => `[${faster(range)}]`),
        ...(rule.for === undefined ? {} : { for: faster(rule.for) }),
      })),
    })),
  };
}

/** A Prometheus that finds the stack by its annotations, as the docs tell, evaluates its alerts, and writes to it. */
export async function startWatching({ stack, outside }: Namespaces, rules: Json, url: string): Promise<void> {
  prometheusImage();
  const [job] = [...readFileSync(DOCS, 'utf8').matchAll(/```yaml\n(scrape_configs:[\s\S]*?)```/g)]
    .map(([, text]) => parse(text).scrape_configs[0])
    .filter((config) => config.job_name === 'thanos-annotated');
  const config = {
    global: { scrape_interval: SCRAPE, scrape_timeout: SCRAPE, evaluation_interval: SCRAPE },
    rule_files: ['/config/rules.yml'],
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
      // Debian's Prometheus can not ask Kubernetes: the test tells it what it would find
      { ...job, kubernetes_sd_configs: undefined, file_sd_configs: [{ files: ['/config/targets.json'] }] },
    ],
    remote_write: [{ url }],
  };
  const data = {
    'prometheus.yml': stringify(config, { aliasDuplicateObjects: false }),
    'rules.yml': stringify(rules),
    [TARGETS]: await targets(stack),
  };
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'watching', namespace: outside }, data },
    pod(outside, 'watching', {
      image: PROMETHEUS_IMAGE,
      command: ['prometheus', '--config.file=/config/prometheus.yml', '--storage.tsdb.path=/data'],
      readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 2 },
    }),
  );
  await podReady(outside, 'watching');
}

/** Tells it of pods that have other addresses now. */
export async function findAgain({ stack, outside }: Namespaces): Promise<void> {
  const patch = JSON.stringify({ data: { [TARGETS]: await targets(stack) } });
  await kubectl(['-n', outside, 'patch', 'configmap', 'watching', '--patch', patch]);
  await pause(1000);
  // any change of a pod makes the kubelet look at its volumes now
  await kubectl(['-n', outside, 'annotate', 'pod', 'watching', '--overwrite', `thanos-e2e/nudge=${Date.now()}`]);
}

async function targets(namespace: string): Promise<string> {
  return JSON.stringify((await list(namespace, 'pods')).flatMap(targetsOf));
}

/** What `kubernetes_sd_configs` with the role pod finds of a pod: each of its ports, with the labels that it has there. */
function targetsOf({ metadata, spec, status }: Json): Json[] {
  // another pod of the same name has another address
  const host = spec.subdomain
    ? `${spec.hostname}.${spec.subdomain}.${metadata.namespace}.svc.cluster.local`
    : status.podIP;
  const named = (what: string, values: Record<string, string> = {}) =>
    Object.entries(values).map(([key, value]) => [`__meta_kubernetes_pod_${what}_${key.replace(/\W/g, '_')}`, value]);
  const labels = {
    __meta_kubernetes_namespace: metadata.namespace,
    __meta_kubernetes_pod_name: metadata.name,
    __meta_kubernetes_pod_ip: host,
    ...Object.fromEntries([...named('label', metadata.labels), ...named('annotation', metadata.annotations)]),
  };
  const ports: Json[] = spec.containers.flatMap((container: Json) => container.ports ?? []);
  return ports.map(({ containerPort, name }) => ({
    targets: [`${host}:${containerPort}`],
    labels: { ...labels, __meta_kubernetes_pod_container_port_name: name },
  }));
}

/** An Alertmanager that takes what the ruler sends. */
export async function startAlertmanager(namespace: string): Promise<void> {
  if (!process.env.E2E_ALERTMANAGER_IMAGE)
    debianImage(ALERTMANAGER_IMAGE, 'prometheus-alertmanager', 'alertmanager', ...TEMPLATES);
  const metadata = { name: 'alertmanager', namespace };
  const alertmanager = JSON.stringify({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] });
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'alertmanager.yml': alertmanager } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'alertmanager' }, ports: [{ port: 9093 }] },
    },
    pod(namespace, 'alertmanager', {
      image: ALERTMANAGER_IMAGE,
      command: [
        ...['alertmanager', '--config.file=/config/alertmanager.yml', '--storage.path=/data'],
        '--cluster.listen-address=',
      ],
      readinessProbe: { httpGet: { path: '/-/ready', port: 9093 }, periodSeconds: 2 },
    }),
  );
  await podReady(namespace, 'alertmanager');
}

/** Asks the query frontend each second, at a moment and over an hour. */
export async function startReading({ stack, outside }: Namespaces): Promise<void> {
  const api = `http://thanos-query-frontend.${stack}.svc.cluster.local:10902/api/v1`;
  const ask = `end=$(date +%s); wget -q -O /dev/null "${api}/query?query=up"
    wget -q -O /dev/null "${api}/query_range?query=up&start=$((end - 3600))&end=$end&step=15"`;
  const script = `trap exit TERM; while true; do ${ask}; sleep 1 & wait $!; done`;
  await applyOwn(pod(outside, 'reader', { image: ASLEEP.image, command: ['sh', '-c', script] }));
}

function pod(namespace: string, name: string, container: Json): Json {
  const own = name !== 'reader';
  const mounts = [
    { name: 'config', mountPath: '/config' },
    { name: 'data', mountPath: '/data' },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      ...RESTRICTED_POD,
      terminationGracePeriodSeconds: 5,
      containers: [{ name, ...container, ...(own ? { volumeMounts: mounts } : {}), ...RESTRICTED_CONTAINER }],
      volumes: own
        ? [
            { name: 'config', configMap: { name } },
            { name: 'data', emptyDir: {} },
          ]
        : [],
    },
  };
}

async function podReady(namespace: string, name: string): Promise<void> {
  await until(`${name} is ready`, async () => (await list(namespace, 'pods', '-l', `app=${name}`)).some(isReady));
}

/** The API of the Prometheus that watches. */
export class Watching {
  constructor(private readonly port: number) {}

  /** Asks it something. */
  public static ask<T>({ outside }: Namespaces, use: (watching: Watching) => Promise<T>): Promise<T> {
    return forwarded(outside, 'watching', 9090, (port) => use(new Watching(port)));
  }

  /** What an expression is now. */
  public async query(expr: string): Promise<Json[]> {
    const body = new URLSearchParams({ query: expr });
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/query`, { method: 'POST', body });
    const { status, error, data } = (await response.json()) as Json;
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data.resultType === 'vector' ? data.result : [{ value: data.result }];
  }

  /** Whether an expression has a number now. */
  public async has(expr: string): Promise<boolean> {
    return (await this.query(expr)).some(({ value }) => Number.isFinite(Number(value[1])));
  }

  /** `alert job` of what fires. */
  public async firing(): Promise<string[]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/alerts`);
    const { alerts } = ((await response.json()) as Json).data;
    const fires = alerts.filter(({ state }: Json) => state === 'firing');
    return [...new Set<string>(fires.map(({ labels }: Json) => `${labels.alertname} ${labels.job}`))].sort();
  }
}
