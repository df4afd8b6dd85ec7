import type { Json } from '../render';
import { givenObjects, STUB_NAMES } from './objstore-factors';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { STACKS, stackObjects } from './stacks';
import { describeThanos, runThanos, serveThanos, type Serving } from '../programs/thanos';

const CERTIFICATES = serverCertificates(STUB_NAMES);
const MORE_RULES = 'groups: [{ name: more, rules: [{ record: y, expr: vector(2) }] }]';
const TRACING = '{ type: OTLP, config: { client_type: grpc, endpoint: 127.0.0.1:1, headers: { authorization: a } } }';
const GIVEN = {
  ...givenObjects(CERTIFICATES),
  'more-rules': { 'more.yml': MORE_RULES },
  tracing: { 'tracing.yml': TRACING },
};
const opensBucket = ({ args }: PodOnDisk): boolean => args.some((arg) => arg.startsWith('--objstore.'));
const componentOf = (workload: Json): string => workload.metadata.labels['app.kubernetes.io/component'];

const WORKLOADS = Object.entries(STACKS).flatMap(([stack, props]) => {
  const objects = stackObjects(props(CERTIFICATES.ca));
  return objects
    .filter(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind))
    .map((workload) => ({ stack, component: componentOf(workload), workload, objects }));
});

describeThanos('every argument list', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(CERTIFICATES);
  });
  afterAll(() => stub.stop());

  test('is here', () => {
    const writers = ['receive-router', 'receiver', 'ruler', 'store'];
    const components = ['bucket-web', 'compactor', 'query', 'query-frontend', ...writers];
    expect(WORKLOADS.filter(({ stack }) => stack === 'sharded')).toHaveLength(7);
    for (const name of Object.keys(STACKS).filter((name) => name !== 'split' && name !== 'sharded'))
      expect(
        WORKLOADS.filter(({ stack }) => stack === name)
          .map(({ component }) => component)
          .sort(),
      ).toEqual(components);
  });

  test.each(WORKLOADS)(
    'works: $workload.metadata.name of the $stack stack',
    async ({ stack, component, workload, objects }) => {
      const pod = new PodOnDisk(objects, workload, GIVEN);
      const serving = await serveThanos(pod.args, { ...(opensBucket(pod) ? stub.env : {}), ...pod.env });
      try {
        // what a shard is told besides is its part: that Thanos starts with it is the proof
        if (stack !== 'sharded') await PROOFS[component.replace(/^receiver-.*/, 'receiver')](serving, stack);
      } finally {
        await serving.stop();
        pod.remove();
      }
    },
  );

  test('of which one flag stands twice is refused (control)', async () => {
    const { workload, objects } = WORKLOADS.find(({ component }) => component === 'compactor')!;
    const pod = new PodOnDisk(objects, workload, GIVEN);
    const { code, output } = await runThanos([...pod.args, '--data-dir=/tmp'], pod.env);
    expect(code).toBe(2);
    expect(output).toContain("flag 'data-dir' cannot be repeated");
    pod.remove();
  });
});

/** Shows that a component took what its flags and files say. */
const PROOFS: Record<string, (serving: Serving, stack: string) => Promise<void>> = {
  receiver: async (serving, stack) => {
    await serving.ready();
    if (stack === 'split') return expect(serving.output()).toMatch(/mode\W+IngestorOnly/);
    const nodes = await serving.until('the ring', async () =>
      metric(await serving.text('/metrics'), 'receive_hashring_nodes'),
    );
    expect(nodes).toBe(stack === 'full' ? 4 : 3);
  },
  'receive-router': async (serving, stack) => {
    await serving.ready();
    expect(serving.output()).toMatch(/mode\W+RouterOnly/);
    const rings = stack === 'split' ? { gold: 3, silver: 4, default: 3 } : { default: stack === 'full' ? 4 : 3 };
    await serving.until('the rings', async () => metric(await serving.text('/metrics'), 'receive_hashring_nodes'));
    const page = await serving.text('/metrics');
    const nodes = [...page.matchAll(/^thanos_receive_hashring_nodes\{name="(.*)"\} (\d+)$/gm)];
    expect(Object.fromEntries(nodes.map(([, name, n]) => [name, Number(n)]))).toEqual(rings);
  },
  compactor: async (serving, stack) => {
    await serving.ready();
    expect(await serving.api('/api/v1/status/flags')).toMatchObject(COMPACTOR_FLAGS[stack]);
  },
  store: async (serving, stack) => {
    await serving.ready();
    const size = { default: 250 * 1024 ** 2, guide: 2 * 1024 ** 3, full: 20 * 1024 ** 2 }[stack];
    expect(metric(await serving.text('/metrics'), 'store_index_cache_max_size_bytes')).toBe(size);
  },
  ruler: async (serving, stack) => {
    await serving.ready();
    const groups = async (): Promise<string[]> =>
      (await serving.api('/api/v1/rules')).groups.map((group: Json) => group.name).sort();
    const wanted = stack === 'full' ? ['a: b', 'given', 'given without rules', 'more', 'second'] : [];
    await serving.until('rules', async () => (await groups()).length === wanted.length);
    expect(await groups()).toEqual(wanted);
    if (stack === 'full') expect(await serving.api('/api/v1/status/flags')).toMatchObject(RULER_FLAGS);
  },
  query: async (serving, stack) => {
    await serving.ready();
    const full = stack === 'full';
    const asked = (kind: string) => async (): Promise<string[] | undefined> => {
      const results = new RegExp(`^thanos_query_${kind}_dns_provider_results\\{addr="(.*)"\\}`, 'gm');
      const found = [...(await serving.text('/metrics')).matchAll(results)].map(([, address]) => address).sort();
      return found.length > 0 ? found : undefined;
    };
    const own = (...names: string[]): string[] =>
      names.map(
        (name) => `dnssrv+_grpc._tcp.${full ? 'full' : 'thanos'}-${name}-headless.monitoring.svc.cluster.local`,
      );
    expect(await asked('endpoints')()).toEqual(
      full ? ['dns+sidecar.example.com:10901', ...own('receiver', 'ruler')] : own('receiver', 'ruler', 'store'),
    );
    if (!full) return;
    // store gateways serve the same, and are asked as one
    const groups = await serving.until('groups', asked('endpoint_groups'));
    expect(groups).toEqual(['dns+group.example.com:1', ...own('store')]);
    expect(await serving.api('/a/b/api/v1/status/flags').catch(() => undefined)).toBeUndefined();
    expect(await serving.api('/api/v1/status/flags')).toMatchObject(QUERY_FLAGS);
  },
  'query-frontend': async (serving) => {
    expect(serving.output()).toContain('starting query frontend');
  },
  'bucket-web': async (serving, stack) => {
    const page = await serving.until('blocks', async () => {
      const blocks = await serving.api('/api/v1/blocks?view=global');
      return blocks.refreshedAt.startsWith('0001') ? undefined : blocks;
    });
    expect(page).toMatchObject({ label: stack === 'full' ? 'h0 $(X) $$ü' : '', err: {} });
  },
};

const QUERY_FLAGS: Json = {
  ...{ 'query.promql-engine': 'thanos', 'query.mode': 'distributed', 'query.partition-label': 'cluster' },
  ...{ 'query.max-concurrent': '3', 'query.max-concurrent-select': '3', 'query.lookback-delta': '26h0m0s' },
  ...{ 'query.default-step': '1d', 'query.partial-response': 'false', 'store.response-timeout': '0s' },
  ...{ 'query.enforce-tenancy': 'true', 'query.tenant-label-name': 'a', 'web.external-prefix': '/a/b' },
};

const RULER_FLAGS: Json = {
  ...{ 'alertmanagers.send-timeout': '1ms', 'alert.label-drop': 'rule_replica,a,_b,other', 'resend-delay': '0s' },
  ...{ 'rule-query-offset': '26h3m4.005s', 'for-grace-period': '26h0m0s', 'for-outage-tolerance': '8784h0m0s' },
  ...{ 'rule-concurrent-evaluation': '7', 'restore-ignored-label': 'a', 'store.limits.request-samples': '1' },
  ...{ 'web.external-prefix': '/a/b', 'web.route-prefix': '/', 'web.disable-cors': 'true' },
};

const COMPACTOR_FLAGS: Record<string, Json> = {
  default: { wait: 'true', 'retention.resolution-raw': '0s', 'retention.resolution-5m': '0s', 'delete-delay': '2d' },
  guide: { 'retention.resolution-raw': '30d', 'retention.resolution-5m': '180d', 'retention.resolution-1h': '10y' },
  full: {
    'retention.resolution-raw': '1d16h',
    'retention.resolution-5m': '10d1ms',
    'retention.resolution-1h': '0s',
    ...{ wait: 'true', 'delete-delay': '0s', 'consistency-delay': '1h30m0.001s', 'downsample.concurrency': '3' },
  },
};

/** Value of Thanos' first series of a name. */
function metric(page: string, name: string): number | undefined {
  const match = new RegExp(`^thanos_${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(page);
  return match ? Number(match[1]) : undefined;
}
