import { App } from 'cdk8s';
import { parse } from 'yaml';
import { filled, queriesOf } from '../monitoring/expressions';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { applyOwn, clusterIp, exec, kubectl, list } from './support/kubectl';
import { alarm, type Fault } from './support/alarm';
import { PLAIN_FAULTS } from './support/alerts-fired';
import { credentialsSecret, minioBucket, minioCertificate, S3_BUCKET, S3_HOST, startMinio } from './support/minio';
import { bringMinioBack, takeMinioAway } from './support/minio-life';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { thanosReady } from './support/pods';
import { pause, progress, step, until } from './support/progress';
import { applyWatched, startAlertmanager, startReading, watchedStack } from './support/watched-stack';
import { atPace, findAgain, startWatching, Watching } from './support/watching';

const STACK = 'thanos-e2e-monitoring';
const WHERE = { stack: STACK, outside: `${STACK}-s3` };

/** Panels that may be empty, and why. Everything else must have a number. */
const EMPTY: readonly [panel: RegExp, why: string][] = [
  [/^overview State: Alerts$/, 'nothing fires'],
  [/^store Reads: Calls refused by a limit$/, 'no call is refused'],
  [/^query gRPC, as a server: /, 'no other Query asks this one'],
];
/** Parts of expressions that select faults alone. */
const FAULTS = /code=~"5\.\."|result="error"|grpc_code=~/;

describeOnCluster('a real Prometheus that watches a stack', () => {
  const ca = privateCa(S3_HOST);
  const stranger = privateCa(S3_HOST);
  const app = new App();
  const stack = watchedStack(app, WHERE, minioBucket(ca.caPem));
  const rules = atPace(parse(stack.alerts!.rulesFile).groups);
  const watching = <T>(use: (prometheus: Watching) => Promise<T>): Promise<T> => Watching.ask(WHERE, use);

  beforeAll(async () => {
    await makeNamespace(WHERE.outside);
    await makeNamespace(STACK);
    // by another name than the guide's in DNS: other files may run in the same cluster
    await step('MinIO serves TLS', () => startMinio(WHERE.outside, ca, { volume: true, byService: true }));
    await step('an Alertmanager', () => startAlertmanager(WHERE.outside));
    await applyOwn(credentialsSecret(STACK));
    await applyWatched(app, stack, await clusterIp(WHERE.outside, 'minio'));
    await step('every pod is ready', () => thanosReady(STACK));
    await step('Prometheus watches', () => startWatching(WHERE, rules, stack.remoteWriteUrl!));
    await startReading(WHERE);
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('finds each pod of the stack once, by its annotations', async () => {
    const pods = (await list(STACK, 'pods', '-l', 'app.kubernetes.io/name=thanos')).map(
      ({ metadata }) => metadata.name,
    );
    await until('all of them are up', async () => {
      const up = await watching((prometheus) => prometheus.query(`up{namespace="${STACK}"} == 1`));
      return (
        up
          .map(({ metric }) => metric.pod)
          .sort()
          .join() === pods.sort().join()
      );
    });
  });

  test('has a number for every panel that should have one', async () => {
    const panels = Object.entries(stack.dashboards!.files).flatMap(([name, file]) => {
      const dashboard = JSON.parse(file);
      return queriesOf(dashboard).map(({ panel, expr }) => ({
        panel: `${name} ${panel}`,
        expr: filled(expr, dashboard, STACK, '30s'),
      }));
    });
    const wanted = panels.filter(({ panel }) => !EMPTY.some(([pattern]) => pattern.test(panel)));
    let missing = wanted;
    await step('every panel', () =>
      until(
        'a number in every panel',
        async () => {
          const left = missing;
          missing = await watching((prometheus) => without(prometheus, left));
          if (missing.length > 0) throw new Error(missing.map(({ panel, expr }) => `${panel}: ${expr}`).join('\n'));
          return true;
        },
        420,
      ),
    );
    // those that may be empty must parse all the same
    await watching(async (prometheus) => {
      for (const { expr } of panels) await prometheus.query(expr);
    });
    progress(`${panels.length} queries of ${Object.keys(stack.dashboards!.files).length} dashboards`);
  });

  test('has the series that every alert and recorded series reads, and nothing fires', async () => {
    const all: Json[] = rules.groups.flatMap((group: Json) => group.rules);
    const selectors = all.flatMap(({ expr }) => expr.match(/[\w:]*\{[^}]*\}/g) as string[]);
    const counted = [...new Set(selectors)].filter((text) => !FAULTS.test(text));
    await watching(async (prometheus) => {
      for (const { expr } of all) await prometheus.query(expr);
      const absent: string[] = [];
      for (const text of counted) if (!(await prometheus.has(`count(${text})`))) absent.push(text);
      expect(absent).toEqual([]);
    });
    progress(`${all.length} rules, ${counted.length} selectors`);
    await until('nothing fires', () => watching(async (prometheus) => (await prometheus.firing()).length === 0));
  });

  const served = async (by: typeof ca): Promise<void> => {
    await applyOwn(minioCertificate(WHERE.outside, by));
    await takeMinioAway(WHERE.outside);
    await bringMinioBack(WHERE.outside);
  };

  let ringBefore = '';
  const overlapping = '00000000000000000000000001';
  const faults: Record<keyof typeof PLAIN_FAULTS, Fault> = {
    'an S3 server whose CA nobody trusts': { make: () => served(stranger), mend: () => served(ca) },
    'a bucket that is away': {
      make: () => takeMinioAway(WHERE.outside),
      mend: () => bringMinioBack(WHERE.outside),
    },
    'receivers that are all gone': {
      make: () => scale('statefulset/thanos-receiver', 0),
      mend: () => scale('statefulset/thanos-receiver', 2),
    },
    'Queries that are all gone': {
      make: () => scale('deployment/thanos-query', 0),
      mend: async () => {
        await scale('deployment/thanos-query', 1);
        await thanosReady(STACK);
        await findAgain(WHERE);
      },
    },
    'an Alertmanager that is gone': {
      make: async () => void (await kubectl(['-n', WHERE.outside, 'delete', 'pod', 'alertmanager', '--wait'])),
      mend: () => startAlertmanager(WHERE.outside),
    },
    'a hashring that is no JSON': {
      make: async () => {
        ringBefore = (await get('configmap', RING)).data['hashrings.json'];
        await ring('{');
      },
      mend: () => ring(ringBefore),
    },
    'blocks that overlap': {
      make: async () => void (await exec(STACK, 'thanos-receiver-0', 'sh', '-c', overlap(overlapping))),
      mend: async () => {
        // a folder in MinIO's data directory is a folder in the bucket
        await exec(WHERE.outside, 'minio', 'busybox', 'rm', '-rf', `/data/${S3_BUCKET}/${overlapping}`);
        // one that has halted does not end when it is asked to
        await kubectl(['-n', STACK, 'delete', 'pod', 'thanos-compactor-0', '--grace-period=1', '--wait']);
      },
    },
  };
  test.each(Object.keys(faults) as (keyof typeof PLAIN_FAULTS)[])('%s: its alerts fire, and clear after it', (what) =>
    alarm(WHERE, what, PLAIN_FAULTS[what], faults[what]),
  );
});

const RING = 'thanos-receive-router-hashrings';
const OBJSTORE = '--objstore.config-file=/etc/thanos/objstore/objstore.yml';

async function without(prometheus: Watching, panels: readonly { readonly panel: string; readonly expr: string }[]) {
  const missing = [];
  for (const one of panels) if (!(await prometheus.has(one.expr))) missing.push(one);
  return missing;
}

async function get(kind: string, name: string): Promise<Json> {
  return JSON.parse(await kubectl(['-n', STACK, 'get', kind, name, '-o', 'json']));
}

async function scale(workload: string, replicas: number): Promise<void> {
  await kubectl(['-n', STACK, 'scale', workload, `--replicas=${replicas}`]);
}

/** Writes the router's hashring, and has the kubelet look at it now. */
async function ring(text: string): Promise<void> {
  const patch = JSON.stringify({ data: { 'hashrings.json': text } });
  await kubectl(['-n', STACK, 'patch', 'configmap', RING, '--patch', patch]);
  await pause(1000);
  const pods = ['pods', '-l', 'app.kubernetes.io/component=receive-router'];
  await kubectl(['-n', STACK, 'annotate', ...pods, '--overwrite', `thanos-e2e/nudge=${Date.now()}`]);
}

/** Uploads the receiver's newest block once more under another name: what two receivers of one name would do. */
function overlap(id: string): string {
  return `set -e; cd /var/thanos/data; busybox rm -rf over; busybox mkdir over; newest=$(ls default-tenant | grep -E '^[0-9A-Z]{26}$' | tail -n 1)
    busybox cp -r default-tenant/$newest over/${id}; busybox sed -i "s/$newest/${id}/" over/${id}/meta.json
    exec thanos tools bucket upload-blocks ${OBJSTORE} --path=over --label='receive_replica="thanos-receiver-0"' --label='tenant_id="default-tenant"'`;
}
