import * as path from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import { CheckRole, ObjstoreConfig, S3Ca, S3Credentials, StackCheck, ThanosStack, TlsCertificate } from 'cdk8s-thanos';
import { allClusters } from '../../examples/clusters/chart';
import { HarbourMonitoring } from '../../examples/existing-chart/chart';
import { guideStack } from '../../examples/guide/chart';
import { minimalStack } from '../../examples/minimal/chart';
import { replicatedStack } from '../../examples/own-component/chart';
import type { Json } from '../render';
import { bucketJobs, TOOLS } from './support/bucket-jobs';
import { privateCa } from './support/certificates';
import { describeOnCluster, TEST_DATA } from '../programs/cluster';
import { s3Variants } from './support/every-s3-option';
import { everythingManifests, PRIORITY_CLASS, RUNTIME_CLASS } from './support/everything';
import { GUIDE } from './support/guide';
import { applyManifests, applyOwn, kubectl, list } from './support/kubectl';
import { established } from './support/crds';
import { S3_HOST } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { everyRoute } from '../routes/every-route';
import { step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-api';
const CRDS = ['prometheusrules', 'podmonitors'];
const ROUTE_CRDS = ['httproutes', 'grpcroutes'].map((kinds) => `gateway.networking.k8s.io_${kinds}.yaml`);
const WORKLOADS = 'statefulsets,deployments';
const HARBOUR = 'harbour-monitoring';
const KEYS = { credentials: S3Credentials.fromSecretName('keys') };
const EXAMPLES: Record<string, (app: App) => void> = {
  minimal: (app) => void minimalStack(app),
  'own-component': (app) => void replicatedStack(app),
  clusters: (app) => void allClusters(app, new Date()),
  'existing-chart': (app) => void new HarbourMonitoring(app, 'harbour', new Date()),
};

describeOnCluster('the API server, with strict field validation and Pod Security "restricted"', () => {
  const { caPem } = privateCa(S3_HOST);
  const later = privateCa(S3_HOST).caPem;
  const ownCrds: string[] = [];

  beforeAll(async () => {
    await step('namespaces', async () => {
      await makeNamespace(NAMESPACE);
      await makeNamespace(GUIDE);
      // the team's own pods there are not restricted
      await makeNamespace(HARBOUR, {});
    });
    for (const kinds of CRDS) {
      const crd = `${kinds}.monitoring.coreos.com`;
      if ((await kubectl(['get', 'customresourcedefinition', crd, '--ignore-not-found'])) === '') {
        // cluster-wide, as its project publishes it
        const file = path.join(TEST_DATA, `crds/monitoring.coreos.com_${kinds}.yaml`);
        await kubectl(['apply', '--server-side', '-f', file]);
        ownCrds.push(crd);
      }
      await established(crd);
    }
    await applyOwn(
      { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: RUNTIME_CLASS }, handler: 'runc' },
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: PRIORITY_CLASS }, value: 1 },
    );
  });

  afterAll(async () => {
    await kubectl(['delete', 'priorityclass', PRIORITY_CLASS, '--ignore-not-found']);
    await kubectl(['delete', 'runtimeclass', RUNTIME_CLASS, '--ignore-not-found']);
    if (ownCrds.length > 0) await kubectl(['delete', 'customresourcedefinition', ...ownCrds]);
    await step('namespaces are gone', dropNamespaces);
  });

  test('refuses an unknown field and a pod that is not restricted, so that what follows means something', async () => {
    const configMap = `{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: ${NAMESPACE}}, dta: {}}`;
    await expect(applyManifests(configMap)).rejects.toThrow('dta');
    const pod = `{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: ${NAMESPACE}}, spec: {containers: [{name: x, image: x}]}}`;
    await expect(applyManifests(pod)).rejects.toThrow('violates PodSecurity');
  });

  test('takes each tool of the bucket, as a Job and as a CronJob', async () => {
    const app = new App();
    await applyManifests(bucketJobs(app, { namespace: NAMESPACE, endpoint: `${S3_HOST}:9000`, caPem }));
    const names = async (kind: string): Promise<number> => (await list(NAMESPACE, kind)).length;
    expect([await names('jobs'), await names('cronjobs')]).toEqual([TOOLS.length, TOOLS.length]);
  });

  test('takes the alerts and the PodMonitor of a stack, as the operator of Prometheus defines them', async () => {
    const app = new App();
    new ThanosStack(app, 'watched', {
      ...{ name: 'watched', namespace: NAMESPACE, query: {}, queryFrontend: {} },
      monitoring: {
        alerts: { runbookUrl: 'https://wiki.example.com' },
        podMonitor: { interval: Duration.seconds(30), scrapeTimeout: Duration.seconds(10), labels: { release: 'a' } },
      },
    });
    await applyManifests(app.synthYaml());
    const own = 'app.kubernetes.io/instance=watched';
    for (const kinds of ['prometheusrules', 'podmonitors'])
      expect(await kubectl(['get', kinds, '-n', NAMESPACE, '-l', own, '-o', 'name'])).toMatch(/watched-/);
    await kubectl(['delete', 'prometheusrules,podmonitors,deployments', '-n', NAMESPACE, '-l', own]);
  });

  test('lets the ServiceAccount of a CheckRole do what check needs, and nothing else', async () => {
    const app = new App();
    const chart = new Chart(app, 'check', { namespace: NAMESPACE });
    const credentials = S3Credentials.fromSecretName('keys');
    const endpoint = `${S3_HOST}:9000`;
    const objstore = new ObjstoreConfig(chart, 'Bucket', {
      ...{ bucket: 'thanos', endpoint, credentials, ca: S3Ca.fromPem(caPem), instance: 'role' },
    });
    const { roleName } = new CheckRole(chart, 'CheckRole', { objstore, hashrings: ['a-ring'] });
    await applyManifests(app.synthYaml());
    const may = async (...what: string[]): Promise<boolean> => {
      const as = `--as=system:serviceaccount:${NAMESPACE}:${roleName}`;
      const answer = await kubectl(['auth', 'can-i', ...what, '--namespace', NAMESPACE, as]).catch(
        ({ message }) => message,
      );
      return answer.trim() === 'yes';
    };
    const needed = [
      ...['list pods', 'get pods --subresource=log', 'get pods --subresource=proxy', 'create pods --subresource=exec'],
      ...['list events', 'list services', 'list networkpolicies.networking.k8s.io'],
      ...['get configmaps/role-objstore-config', 'get configmaps/a-ring', 'get secrets/role-s3-ca-cert'],
    ];
    for (const what of needed) expect([what, await may(...what.split(' '))]).toEqual([what, true]);
    // of a kind that the cluster does not have kubectl asks without its group
    const policies = { namespace: NAMESPACE, verb: 'list', group: 'cilium.io', resource: 'ciliumnetworkpolicies' };
    const user = `system:serviceaccount:${NAMESPACE}:${roleName}`;
    const groups = ['system:serviceaccounts', 'system:authenticated'];
    const review = {
      ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' },
      spec: { user, groups, resourceAttributes: policies },
    };
    const answer = JSON.parse(await kubectl(['create', '-o', 'json', '-f', '-'], JSON.stringify(review)));
    expect(answer.status.allowed).toBe(true);
    const others = [
      'get secrets/keys',
      'list secrets',
      'get configmaps/other',
      'delete pods',
      'create pods',
      'list jobs',
    ];
    for (const what of others) expect([what, await may(...what.split(' '))]).toEqual([what, false]);
  });

  test('takes a StackCheck, whose pods may read what they look at and run nothing in another', async () => {
    const app = new App();
    const chart = new Chart(app, 'looks', { namespace: NAMESPACE });
    const objstore = new ObjstoreConfig(chart, 'Bucket', {
      ...{ bucket: 'thanos', endpoint: `${S3_HOST}:9000`, ca: S3Ca.fromPem(caPem), instance: 'looked' },
      credentials: S3Credentials.fromSecretName('keys'),
    });
    const image = { repository: 'registry.invalid/check', tag: '1' };
    const { jobName } = new StackCheck(chart, 'Check', { objstore, image });
    await applyManifests(app.synthYaml());
    await kubectl(['create', 'job', 'look', `--from=cronjob/${jobName}`, '--namespace', NAMESPACE]);
    // made in spite of Pod Security; its image is nowhere
    const [pod] = await until('the pod of the look', async () => {
      const pods = await list(NAMESPACE, 'pods', '-l', 'job-name=look');
      return pods.length > 0 ? pods : undefined;
    });
    expect(pod.spec.serviceAccountName).toBe(jobName);
    const as = `--as=system:serviceaccount:${NAMESPACE}:${jobName}`;
    const may = (...what: string[]): Promise<string> =>
      kubectl(['auth', 'can-i', ...what, '--namespace', NAMESPACE, as]).catch(({ message }) => message);
    expect(await may('get', 'pods', '--subresource=proxy')).toMatch(/^yes/);
    expect(await may('create', 'pods', '--subresource=exec')).toMatch(/no/);
    await kubectl(['delete', 'job/look', `cronjob/${jobName}`, '--namespace', NAMESPACE]);
  });

  test('accepts a stack with every option set, and its controllers create every pod', async () => {
    await step('everything is applied', () => applyManifests(everythingManifests(NAMESPACE, { caPem })));
    await step('every pod of it is created', () => everyPodCreated(NAMESPACE));
    expect(await list(NAMESPACE, 'prometheusrules')).toHaveLength(1);
    expect((await list(NAMESPACE, WORKLOADS)).map((w) => w.metadata.name).sort()).toEqual(
      [
        ...['bucket-web', 'compactor', 'dashboards', 'query', 'query-frontend', 'receive-router', 'receiver', 'ruler'],
        'store',
      ].map((name) => `everything-${name}`),
    );
  });

  test('accepts the same stack again with another CA and every option changed that may change', async () => {
    const before = await list(NAMESPACE, WORKLOADS);
    await step('the second edition is applied', () =>
      applyManifests(everythingManifests(NAMESPACE, { caPem: later, second: true })),
    );
    const after = await list(NAMESPACE, WORKLOADS);
    expect(after.map((w) => w.metadata.uid)).toEqual(before.map((w) => w.metadata.uid));
    expect(after.filter((w, i) => w.metadata.generation > before[i].metadata.generation)).toHaveLength(before.length);
    await step('every pod of it is created', () => everyPodCreated(NAMESPACE));
  });

  test('accepts the ways in from outside', async () => {
    const files = ROUTE_CRDS.map((file) => ['-f', path.join(TEST_DATA, 'crds', file)]).flat();
    await kubectl(['apply', '--server-side', ...files]);
    try {
      await established(...['httproutes', 'grpcroutes'].map((kinds) => `${kinds}.gateway.networking.k8s.io`));
      const applied = await applyManifests(synthesized((app) => everyRoute(new Chart(app, 'routes'), NAMESPACE)));
      expect(applied.match(/^(httproute|grpcroute|ingress)\S*/gm)).toEqual([
        'ingress.networking.k8s.io/routes-query-frontend',
        'ingress.networking.k8s.io/routes-grafana',
        'httproute.gateway.networking.k8s.io/routes-query-frontend',
        'httproute.gateway.networking.k8s.io/routes-receive-router',
        'grpcroute.gateway.networking.k8s.io/routes-query-grpc',
      ]);
    } finally {
      await kubectl(['delete', ...files]);
    }
  });

  test('accepts a compactor that works by the clock, and makes its pod', async () => {
    const schedule = { cron: '0 3 * * *', timeZone: 'Etc/UTC', deadline: Duration.hours(6), retries: 0 };
    const build = (app: App) =>
      void new ThanosStack(app, 'clock', {
        ...{
          name: 'clock',
          namespace: NAMESPACE,
          objstore: { bucket: 'thanos', endpoint: `${S3_HOST}:9000`, ...KEYS },
        },
        compactor: { schedule, nodeSelector: { 'kubernetes.io/os': 'none' } },
      });
    await applyManifests(synthesized(build));
    await kubectl(['-n', NAMESPACE, 'create', 'job', 'clock-now', '--from=cronjob/clock-compactor']);
    const pods = await until('its pod', async () => {
      const all = await list(NAMESPACE, 'pods', '-l', 'job-name=clock-now');
      return all.length > 0 && all;
    });
    expect(pods[0].metadata.labels['app.kubernetes.io/component']).toBe('compactor');
    await kubectl(['-n', NAMESPACE, 'delete', 'job', 'clock-now']);
  });

  test('accepts what cert-manager shall make for the parts', async () => {
    const file = path.join(TEST_DATA, 'crds/cert-manager.io_certificates.yaml');
    await kubectl(['apply', '--server-side', '-f', file]);
    try {
      await established('certificates.cert-manager.io');
      const applied = await applyManifests(
        synthesized((app) => void certifiedParts(app, NAMESPACE)),
        '--dry-run=server',
      );
      expect(applied.match(/^certificate\.\S*/gm)).toEqual([
        'certificate.cert-manager.io/certified-receiver-grpc-tls',
        'certificate.cert-manager.io/certified-query-grpc-tls',
      ]);
    } finally {
      await kubectl(['delete', '-f', file]);
    }
  });

  test("accepts the guide's example as it is synthesized, and its controllers create every pod", async () => {
    await step("the guide's stack is applied", () =>
      applyManifests(synthesized((app) => void guideStack(app, new Date()))),
    );
    await step('every pod of it is created', () => everyPodCreated(GUIDE));
    // other examples have the same names, and volumes of other sizes
    await kubectl(['-n', GUIDE, 'delete', WORKLOADS, '--all']);
  });

  test.each(Object.entries(EXAMPLES))('accepts the example %s', async (_, build) => {
    expect(await applyManifests(synthesized(build), '--dry-run=server')).toContain('statefulset.apps');
  });

  test.each(Object.entries(s3Variants(caPem)))('accepts a stack with %s', async (_, objstore) => {
    const bucket = { receiver: {}, compactor: {}, storeGateway: { storage: { ephemeral: true } }, bucketWeb: {} };
    const rest = { ruler: { queries: ['query:10902'] }, security: { openShift: true } };
    const props = { namespace: NAMESPACE, objstore, ...bucket, ...rest };
    const manifests = synthesized((app) => void new ThanosStack(app, 'thanos', props));
    const objects = await applyManifests(manifests, '--dry-run=server');
    expect(objects).toContain('statefulset.apps/thanos-receiver serverside-applied (server dry run)');
  });
});

function certifiedParts(app: App, namespace: string): ThanosStack {
  const options = { duration: Duration.hours(48), renewBefore: Duration.hours(12), dnsNames: ['thanos.example.com'] };
  const certificate = TlsCertificate.fromIssuer('parts', {
    kind: 'ClusterIssuer',
    group: 'cert-manager.io',
    ...options,
  });
  return new ThanosStack(app, 'certified', {
    ...{ name: 'certified', namespace, receiver: {}, query: {} },
    grpcTls: { certificate, serverName: 'parts.example.com' },
  });
}

function synthesized(build: (app: App) => void): string {
  const app = new App();
  build(app);
  return app.synthYaml();
}

/** Every replica exists, one at least of the newest template, and no controller was ever refused one. */
async function everyPodCreated(namespace: string): Promise<void> {
  await until(`every pod of ${namespace} is created`, async () => {
    const refused = (await list(namespace, 'events')).filter((event) => event.reason === 'FailedCreate');
    if (refused.length > 0) return true;
    return (await list(namespace, WORKLOADS)).every(isCreated);
  });
  const refused = (await list(namespace, 'events')).filter((event) => event.reason === 'FailedCreate');
  expect(refused.map((event) => event.message)).toEqual([]);
}

function isCreated({ metadata, spec, status }: Json): boolean {
  const { observedGeneration, replicas = 0, updatedReplicas = 0 } = status;
  return observedGeneration === metadata.generation && replicas >= spec.replicas && updatedReplicas > 0;
}
