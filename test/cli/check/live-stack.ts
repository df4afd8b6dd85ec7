import { App, Testing } from 'cdk8s';
import { ringHash } from '../../../src/cli/check/ring';
import { S3Ca, S3Credentials, ThanosStack, type ThanosStackProps } from '../../../src';
import { ECDSA_CA } from '../../fixtures/certificates';
import type { Json } from '../../render';
import type { Answers } from './fake-kubectl';

const COMMANDS: Record<string, string> = { store: 'store', receiver: 'receive', ruler: 'rule' };
const HOUR = 3600 * 1000;
/** ConfigMap of the receivers' ring. */
const RING = 'thanos-receiver-hashrings';

/** The API server's answers for a stack of this library that runs well, for tests to break. */
export interface Live {
  pods: Json[];
  objects: Record<string, Json>;
  /** Content of the CA's file by pod; undefined: it is not there. */
  files: Record<string, string | undefined>;
  logs: Record<string, string>;
  metrics: Record<string, string>;
  stores: Json;
  /** Hash of the ring that a receiver runs. */
  rings: Record<string, number>;
  halted: boolean;
  /** Percent of a pod's volume that are used. */
  used: Record<string, number>;
  /** NetworkPolicies of the namespace. */
  policies: Json[];
  /** Undefined where the cluster has no Cilium. */
  ciliums?: Json[];
  /** Cilium's for all namespaces. */
  clusterwide: Json[];
  /** What the compactor lists. */
  blocks: Json;
  /** Answers that come before all others. */
  first: Answers;
}

export function liveStack(props: Partial<ThanosStackProps> = {}): Live {
  const objects = Testing.synth(
    new ThanosStack(new App(), 'stack', {
      objstore: {
        bucket: 'thanos',
        endpoint: 's3.minio.example.com:9000',
        ca: S3Ca.fromPem(ECDSA_CA),
        credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
      },
      ...{ receiver: { replicas: 3 }, compactor: {}, storeGateway: {}, query: { replicas: 1 }, grafana: {} },
      ...props,
    }),
  );
  const pods = objects.filter((o) => o.spec?.template).flatMap(podsOf);
  const thanos = pods.filter((pod) => pod.metadata.labels['app.kubernetes.io/name'] === 'thanos');
  const granted = thanos.filter((pod) => JSON.stringify(pod.spec).includes('--objstore'));
  const ring = ringHash(objects.find((o) => o.metadata.name === RING).data['hashrings.json']);
  return {
    pods,
    rings: Object.fromEntries(namesOf(thanos, 'receiver').map((name) => [name, ring])),
    halted: false,
    used: {},
    policies: [],
    clusterwide: [],
    objects: Object.fromEntries(objects.map((o) => [`${o.kind.toLowerCase()} ${o.metadata.name}`, o])),
    files: Object.fromEntries(granted.map((pod) => [pod.metadata.name, ECDSA_CA])),
    logs: {},
    metrics: Object.fromEntries(granted.map((pod) => [pod.metadata.name, metrics({})])),
    stores: storesOf(thanos),
    blocks: { status: 'success', data: { blocks: [1, 2, 3, 4].map(blockOf), err: null } },
    first: [],
  };
}

function namesOf(pods: Json[], component: string): string[] {
  const own = pods.filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component);
  return own.map(({ metadata }) => metadata.name);
}

function podsOf(workload: Json): Json[] {
  const { replicas = 1, template } = workload.spec;
  return Array.from({ length: replicas }, (_, i) => {
    const name = `${workload.metadata.name}-${i}`;
    const containers = template.spec.containers.map((c: Json) => c.name);
    return {
      metadata: { ...structuredClone(template.metadata), name, namespace: 'monitoring' },
      spec: structuredClone(template.spec),
      status: {
        phase: 'Running',
        podIP: `10.244.0.${[...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 250, 7)}`,
        startTime: new Date(Date.now() - 24 * HOUR).toISOString(),
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: containers.map((container: string) => ({
          name: container,
          restartCount: 0,
          state: { running: { startedAt: new Date(Date.now() - 24 * HOUR).toISOString() } },
        })),
      },
    };
  });
}

/** A metrics page: hours since the last upload, failed operations, operations. */
export function metrics({ hours = 1, failed = 0, total = 1000, unsynced = 0 }): string {
  const time = hours === Infinity ? 0 : (Date.now() - hours * HOUR) / 1000;
  return `# HELP thanos_objstore_bucket_last_successful_upload_time x
thanos_objstore_bucket_last_successful_upload_time{bucket="thanos"} ${time.toExponential()}
thanos_objstore_bucket_operations_total{bucket="thanos",operation="exists"} ${total}
thanos_objstore_bucket_operation_failures_total{bucket="thanos",operation="exists"} ${failed}
thanos_shipper_dir_sync_failures_total ${unsynced}
go_goroutines 12
`;
}

/** What a receiver tells of its ring, and a compactor of itself. */
function ownMetrics({ rings, halted }: Live, pod: string): string {
  if (pod.includes('compactor')) return `thanos_compact_halted ${Number(halted)}\n`;
  const hash = rings[pod];
  if (hash === undefined) return '';
  return `thanos_receive_config_hash ${hash.toExponential()}\nthanos_receive_config_last_reload_successful 1\n`;
}

/** What df -P says of a volume of 10 GiB. */
function df(percent: number): string {
  const [all, used] = [10_485_760, Math.round(104_857.6 * percent)];
  return `Filesystem           1024-blocks    Used Available Capacity Mounted on\n/dev/sda1 ${all} ${used} ${all - used} ${percent}% /var/thanos\n`;
}

/** A block of 2 hours, as the meta.json of one tells. */
function blockOf(n: number): Json {
  const maxTime = Date.UTC(2026, 5, 1, 2 * n);
  const labels = { cluster: 'eu', receive_replica: 'thanos-receiver-0' };
  return { ulid: `01JX00000000000000000000${n}0`, minTime: maxTime - 2 * HOUR, maxTime, thanos: { labels } };
}

function storesOf(pods: Json[]): Json {
  const data: Json = {};
  for (const { metadata, status } of pods) {
    const kind = COMMANDS[metadata.labels['app.kubernetes.io/component']];
    if (kind) (data[kind] ??= []).push({ name: `${status.podIP}:10901`, lastError: null });
  }
  return { status: 'success', data };
}

/** The answers of kubectl for a cluster in which this runs. */
export function answersOf(live: Live): Answers {
  const proxy = (pod: Json, page: string) => {
    const scheme = pod.spec.containers[0].readinessProbe?.httpGet?.scheme === 'HTTPS' ? 'https:' : '';
    return `get --raw /api/v1/namespaces/monitoring/pods/${scheme}${pod.metadata.name}:10902/proxy${page} `;
  };
  return [
    ...live.first,
    [
      ' get services --',
      { out: JSON.stringify({ items: Object.values(live.objects).filter(({ kind }) => kind === 'Service') }) },
    ],
    [' get networkpolicies --', { out: JSON.stringify({ items: live.policies }) }],
    [
      ' get ciliumnetworkpolicies.cilium.io --',
      live.ciliums === undefined
        ? { err: `error: the server doesn't have a resource type "ciliumnetworkpolicies"\n`, code: 1 }
        : { out: JSON.stringify({ items: live.ciliums }) },
    ],
    [
      ' get ciliumclusterwidenetworkpolicies.cilium.io --',
      live.ciliums === undefined
        ? { err: `error: the server doesn't have a resource type "ciliumclusterwidenetworkpolicies"\n`, code: 1 }
        : { out: JSON.stringify({ items: live.clusterwide }) },
    ],
    [' get pods --', { out: JSON.stringify({ kind: 'List', items: live.pods }) }],
    ...Object.entries(live.objects).map(
      ([name, json]) => [` get ${name} --`, { out: JSON.stringify(json) }] as Answers[number],
    ),
    ...live.pods.flatMap((pod): Answers => {
      const { name } = pod.metadata;
      const file = live.files[name];
      const said = file === undefined ? { err: NO_FILE, code: 1 } : { out: file };
      return [
        [` exec ${name} *-- cat `, said],
        [` logs ${name} `, { out: live.logs[name] ?? '' }],
        [` exec ${name} *-- df -P -k /var/thanos`, { out: df(live.used[name] ?? 40) }],
        [proxy(pod, '/metrics'), { out: `${live.metrics[name] ?? ''}${ownMetrics(live, name)}` }],
        [proxy(pod, '/api/v1/blocks?view=*'), { out: JSON.stringify(live.blocks) }],
        [proxy(pod, '/api/v1/stores'), { out: JSON.stringify(live.stores) }],
      ];
    }),
  ];
}

const NO_FILE =
  "cat: can't open '/etc/thanos/certs/ca.crt': No such file or directory\ncommand terminated with exit code 1\n";

/** A line of Thanos' log as `kubectl logs --timestamps` gives it. */
export function logLine(minutesAgo: number, err: string): string {
  const time = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return `${time} ts=${time} caller=shipper.go:1 level=error msg="x" err="Get \\"https://s3.minio.example.com:9000/thanos/\\": ${err}"\n`;
}
