import { App } from 'cdk8s';
import { filled, queriesOf } from '../monitoring/expressions';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { applyOwn, exec, kubectl, list } from './support/kubectl';
import { credentialsSecret, minioCertificate, S3_BUCKET, S3_HOST, startMinio } from './support/minio';
import { bringMinioBack, takeMinioAway } from './support/minio-life';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { thanosReady } from './support/pods';
import { pause, progress, step, until } from './support/progress';
import {
  applyWatched,
  atPace,
  findAgain,
  startAlertmanager,
  startReading,
  startWatching,
  watchedStack,
  Watching,
} from './support/watched-stack';

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
  const stack = watchedStack(app, WHERE, ca.caPem);
  const rules = atPace(stack.alerts!.rulesFile);
  const watching = <T>(use: (prometheus: Watching) => Promise<T>): Promise<T> => Watching.ask(WHERE, use);

  beforeAll(async () => {
    await makeNamespace(WHERE.outside);
    await makeNamespace(STACK);
    const ip = await step('MinIO serves TLS', () => startMinio(WHERE.outside, ca, { volume: true }));
    await step('an Alertmanager', () => startAlertmanager(WHERE.outside));
    await applyOwn(credentialsSecret(STACK));
    await applyWatched(app, stack, ip);
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

  /** Makes a fault, waits for its alerts, mends it, and waits until they are quiet. Others that look back further may go on. */
  async function alarm(what: string, alerts: readonly string[], fault: () => Promise<void>, mend: () => Promise<void>) {
    await step(what, fault);
    try {
      await step(`${what}: ${alerts.join(', ')}`, () =>
        until(
          'the alerts fire',
          async () => {
            const firing = await watching((prometheus) => prometheus.firing());
            const silent = alerts.filter((alert) => !firing.includes(alert));
            if (silent.length > 0) throw new Error(`${silent.join(', ')} of ${firing.join(', ')}`);
            return true;
          },
          360,
        ),
      );
    } finally {
      await step(`${what}: mended`, mend);
    }
    await step(`${what}: quiet again`, () =>
      until(
        'they are quiet',
        async () => {
          const firing = await watching((prometheus) => prometheus.firing());
          const left = alerts.filter((alert) => firing.includes(alert));
          if (left.length > 0) throw new Error(left.join(', '));
          return true;
        },
        360,
      ),
    );
  }

  const served = async (by: typeof ca): Promise<void> => {
    await applyOwn(minioCertificate(WHERE.outside, by));
    await takeMinioAway(WHERE.outside);
    await bringMinioBack(WHERE.outside);
  };

  test('an S3 server whose CA nobody trusts: calls and uploads fail', () =>
    alarm(
      'a certificate of a stranger',
      ['ThanosBucketOperationsFailing thanos-receiver', 'ThanosUploadsFailing thanos-receiver'],
      () => served(stranger),
      () => served(ca),
    ));

  test('a bucket that is away: calls fail', () =>
    alarm(
      'no MinIO',
      ['ThanosBucketOperationsFailing thanos-store', 'ThanosBucketOperationsFailing thanos-compactor'],
      () => takeMinioAway(WHERE.outside),
      () => bringMinioBack(WHERE.outside),
    ));

  test('receivers that are all gone: the part is absent, and the router reaches nobody', () =>
    alarm(
      'no receiver',
      [
        ...['ThanosPartAbsent thanos-receiver', 'ThanosPodDown thanos-receiver'],
        ...['ThanosReplicationFailing thanos-receive-router', 'ThanosForwardingFailing thanos-receive-router'],
      ],
      () => scale('statefulset/thanos-receiver', 0),
      () => scale('statefulset/thanos-receiver', 2),
    ));

  test('Queries that are all gone: the part is absent, and rules fail', () =>
    alarm(
      'no Query',
      ['ThanosPartAbsent thanos-query', 'ThanosRulesFailing thanos-ruler'],
      () => scale('deployment/thanos-query', 0),
      async () => {
        await scale('deployment/thanos-query', 1);
        await thanosReady(STACK);
        await findAgain(WHERE);
      },
    ));

  test('an Alertmanager that is gone: alerts are dropped', () =>
    alarm(
      'no Alertmanager',
      ['ThanosAlertsDropped thanos-ruler'],
      async () => void (await kubectl(['-n', WHERE.outside, 'delete', 'pod', 'alertmanager', '--wait'])),
      () => startAlertmanager(WHERE.outside),
    ));

  test('a hashring that is no JSON: the router can not read it', async () => {
    const { data } = JSON.parse(await kubectl(['-n', STACK, 'get', 'configmap', RING, '-o', 'json']));
    await alarm(
      'a broken hashring',
      ['ThanosRingFileFailing thanos-receive-router'],
      () => ring('{'),
      () => ring(data['hashrings.json']),
    );
  });

  test('blocks that overlap: the compactor halts', async () => {
    const id = '00000000000000000000000001';
    await alarm(
      'a block that overlaps',
      ['ThanosCompactHalted thanos-compactor'],
      async () => void (await exec(STACK, 'thanos-receiver-0', 'sh', '-c', overlap(id))),
      async () => {
        // a folder in MinIO's data directory is a folder in the bucket
        await exec(WHERE.outside, 'minio', 'busybox', 'rm', '-rf', `/data/${S3_BUCKET}/${id}`);
        // one that has halted does not end when it is asked to
        await kubectl(['-n', STACK, 'delete', 'pod', 'thanos-compactor-0', '--grace-period=1', '--wait']);
      },
    );
  });
});

const RING = 'thanos-receive-router-hashrings';
const OBJSTORE = '--objstore.config-file=/etc/thanos/objstore/objstore.yml';

async function without(prometheus: Watching, panels: readonly { readonly panel: string; readonly expr: string }[]) {
  const missing = [];
  for (const one of panels) if (!(await prometheus.has(one.expr))) missing.push(one);
  return missing;
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
