import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import type { Json } from '../../render';
import { applyOwn, exec, kubectl, list } from './kubectl';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';
import { forwarded } from './port-forward';
import { pause, until } from './progress';
import { PROMETHEUS_IMAGE, prometheusImage } from './prometheus';

/** Time runs so many times as fast for the rules: their ranges and waits are a tenth, and so is the time between scrapes. */
export const PACE = 10;
/** As a Prometheus that scrapes every 30 s. */
const SCRAPE = `${30 / PACE}s`;
const DOCS = path.join(__dirname, '../../../docs/monitoring.md');
const SECONDS = { m: 60, h: 3600, d: 86400 } as const;
const POD = 'watching';
const RULES = 'rules.yml';
const TARGETS = 'targets.json';
/** What is the same at any pace: shorter than this, a rate has too few scrapes. */
const KEPT = 300;

/** Where the stack and what watches it run. */
export interface Namespaces {
  readonly stack: string;
  readonly outside: string;
}

/** All times are a tenth. */
const tenth = (seconds: number): number => seconds / PACE;

/**
 * Times of more than five minutes count by their cube root: the longer stays the longer, and three days are less than five
 * minutes.
 */
export function squeezed(seconds: number): number {
  return tenth(Math.min(seconds, KEPT)) * Math.cbrt(Math.max(seconds / KEPT, 1));
}

/** The rules, at the pace of a test. Limits of time in them stay, in seconds as they are: a test gives those that it can wait for. */
export function atPace(groups: readonly Json[], pace = tenth): { groups: Json[] } {
  const faster = (duration: string): string => {
    const [, amount, unit] = /^(\d+)([mhd])$/.exec(duration)!;
    return `${Math.ceil(pace(Number(amount) * SECONDS[unit as keyof typeof SECONDS]))}s`;
  };
  return {
    groups: groups.map(({ name, rules }: Json) => ({
      name,
      rules: rules.map((rule: Json) => ({
        ...rule,
        expr: rule.expr.replace(/\[(\w+[mhd])\]/g, (_: string, range: string) => `[${faster(range)}]`),
        ...(rule.for === undefined ? {} : { for: faster(rule.for) }),
      })),
    })),
  };
}

/** A Prometheus that finds the stack by its annotations, as the docs tell, evaluates its alerts, and writes to it. */
export async function startWatching(
  { stack, outside }: Namespaces,
  rules: Json,
  url: string,
  more: readonly Json[] = [],
): Promise<void> {
  prometheusImage();
  const [job] = [...readFileSync(DOCS, 'utf8').matchAll(/```yaml\n(scrape_configs:[\s\S]*?)```/g)]
    .map(([, text]) => parse(text).scrape_configs[0])
    .filter((config) => config.job_name === 'thanos-annotated');
  const config = {
    global: { scrape_interval: SCRAPE, scrape_timeout: SCRAPE, evaluation_interval: SCRAPE },
    rule_files: [`/config/${RULES}`],
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
      // Debian's Prometheus can not ask Kubernetes: the test tells it what it would find
      { ...job, kubernetes_sd_configs: undefined, file_sd_configs: [{ files: [`/config/${TARGETS}`] }] },
      ...more,
    ],
    remote_write: [{ url }],
  };
  const data = {
    'prometheus.yml': stringify(config, { aliasDuplicateObjects: false }),
    [RULES]: stringify(rules),
    [TARGETS]: await targets(stack),
  };
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: POD, namespace: outside }, data },
    ownPod(outside, POD, {
      image: PROMETHEUS_IMAGE,
      command: [
        ...['prometheus', '--config.file=/config/prometheus.yml', '--storage.tsdb.path=/data'],
        '--web.enable-lifecycle',
      ],
      readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 2 },
    }),
  );
  await podReady(outside, POD);
}

/** Tells it of pods that have other addresses now. */
export async function findAgain(where: Namespaces): Promise<void> {
  await write(where, TARGETS, await targets(where.stack));
}

/** Has it evaluate other rules. */
export async function watchBy(where: Namespaces, rules: Json): Promise<void> {
  const text = stringify(rules);
  await write(where, RULES, text);
  await until('the rules are there', async () => (await exec(where.outside, POD, 'cat', `/config/${RULES}`)) === text);
  await Watching.ask(where, (watching) => watching.reload());
}

async function write({ outside }: Namespaces, file: string, text: string): Promise<void> {
  const patch = JSON.stringify({ data: { [file]: text } });
  await kubectl(['-n', outside, 'patch', 'configmap', POD, '--patch', patch]);
  await pause(1000);
  // any change of a pod makes the kubelet look at its volumes now
  await kubectl(['-n', outside, 'annotate', 'pod', POD, '--overwrite', `thanos-e2e/nudge=${Date.now()}`]);
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

/** A pod of a test, with a ConfigMap of its name unless told otherwise. */
export function ownPod(namespace: string, name: string, container: Json, own = true): Json {
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

/** Waits for one of them. */
export async function podReady(namespace: string, name: string): Promise<void> {
  await until(`${name} is ready`, async () => (await list(namespace, 'pods', '-l', `app=${name}`)).some(isReady));
}

/** The API of the Prometheus that watches. */
export class Watching {
  constructor(private readonly port: number) {}

  /** Asks it something. */
  public static ask<T>({ outside }: Namespaces, use: (watching: Watching) => Promise<T>): Promise<T> {
    return forwarded(outside, POD, 9090, (port) => use(new Watching(port)));
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

  /** Has it read its rules again. */
  public async reload(): Promise<void> {
    const { status } = await fetch(`http://127.0.0.1:${this.port}/-/reload`, { method: 'POST' });
    if (status !== 200) throw new Error(`Prometheus answers ${status} to a reload`);
  }

  /** The labels of each alert that fires. */
  public async firing(): Promise<Record<string, string>[]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/alerts`);
    const { alerts } = ((await response.json()) as Json).data;
    return alerts.filter(({ state }: Json) => state === 'firing').map(({ labels }: Json) => labels);
  }
}
