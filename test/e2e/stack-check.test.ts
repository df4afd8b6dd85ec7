import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import * as path from 'node:path';
import { App, Duration, JsonPatch } from 'cdk8s';
import { ThanosStack } from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { CHECK_IMAGE, checkImage } from './support/check-image';
import { applyManifests, applyOwn, kubectl, list } from './support/kubectl';
import { credentialsSecret, minioBucket, S3_HOST, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-check';
const OUTSIDE = `${NAMESPACE}-s3`;
const CRON_JOB = 'thanos-check';
const CA_SECRET = 'thanos-s3-ca-cert';
const CLI = path.join(__dirname, '../../lib/src/cli/main.js');

/** How a Job of the CronJob ended. */
interface Run {
  readonly succeeded: boolean;
  readonly exitCode: number;
  readonly log: string;
}

describeOnCluster('a stack that is looked at in the cluster', () => {
  const ca = privateCa(S3_HOST);
  let view: LiveView | undefined;

  beforeAll(async () => {
    checkImage();
    await makeNamespace(OUTSIDE);
    await makeNamespace(NAMESPACE);
    const s3Ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, ca));
    await applyOwn(credentialsSecret(NAMESPACE));
    const app = new App();
    const stack = new ThanosStack(app, 'thanos', {
      namespace: NAMESPACE,
      objstore: minioBucket(ca.caPem),
      receiver: { replicas: 1, minReady: Duration.seconds(0) },
      storeGateway: { replicas: 1 },
      query: { replicas: 1 },
      stackCheck: { image: CHECK_IMAGE },
    });
    for (const part of s3Ip ? [stack.receiver, stack.storeGateway] : [])
      part!.workload.addJsonPatch(
        JsonPatch.add('/spec/template/spec/hostAliases', [{ ip: s3Ip, hostnames: [S3_HOST] }]),
      );
    await applyManifests(app.synthYaml());
    await step('every pod is ready', () => thanosReady(NAMESPACE));
  });
  afterEach(() => view?.end());
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('its Job succeeds where nothing fails, and its log has every result', async () => {
    const { succeeded, exitCode, log } = await run('healthy');
    expect([succeeded, exitCode, log]).toEqual([true, 0, expect.stringContaining('nothing failed')]);
    for (const name of ['pods ready', 'one config for all', 'bucket operations', 'no bucket error in the log'])
      expect(log).toMatch(new RegExp(`^pass ${name}: `, 'm'));
    // without the right to run something in a pod
    expect(log).toMatch(/^skip CA in the granted pods: .*(not allowed|forbidden)/im);
  });

  test("its account reads the CA's Secret, which is public, and no other, nor changes anything", async () => {
    const names = (await list(NAMESPACE, 'secrets')).map(({ metadata }) => metadata.name).sort();
    expect(names).toEqual([CA_SECRET, 'thanos-s3-credentials']);
    const tried = [
      ...names.map((name) => `get secret ${name} -o name`),
      'get secrets',
      'get configmaps',
      'get pods -n kube-system',
      'delete pod thanos-store-0',
      'exec thanos-store-0 -- true',
      'create configmap own',
    ];
    const script = tried.map(
      (args) => `kubectl ${args} >/dev/null 2>/tmp/e && echo yes || { echo no; cat /tmp/e >&2; }`,
    );
    const { log } = await run('rights', ['sh', '-c', script.join('\n')]);
    const answers = log.split('\n').filter((line) => line === 'yes' || line === 'no');
    expect(tried.filter((_, i) => answers[i] === 'yes')).toEqual([`get secret ${CA_SECRET} -o name`]);
    expect(answers).toHaveLength(tried.length);
    expect(log.match(/ is forbidden: /g)).toHaveLength(tried.length - 1);
    const [{ data }] = await list(NAMESPACE, 'secrets', `--field-selector=metadata.name=${CA_SECRET}`);
    expect(Object.values<string>(data).map((text) => Buffer.from(text, 'base64').toString())).toEqual([ca.caPem]);
  });

  test('its Job fails where a pod does not start, which a look that goes on shows on its terminal, and its end too', async () => {
    view = new LiveView(NAMESPACE);
    const screen = (): string => view!.screen();
    await step('the first look', () => until('nothing failed', async () => screen().includes('nothing failed')));
    expect(view.drawn()).toBe(true);
    try {
      await kubectl(['-n', NAMESPACE, 'set', 'image', 'statefulset/thanos-store', '*=local/nothing:none']);
      const why = /^fail pods ready: thanos-store-0: is not Ready: (ErrImagePull|ImagePullBackOff)/m;
      const { succeeded, exitCode } = await step('a look at a pod without an image', () =>
        until('its failure', async () => {
          const found = await run('broken');
          return why.test(found.log) && found;
        }),
      );
      expect([succeeded, exitCode]).toEqual([false, 1]);
      await until('the view has it', async () => /fail.*pods ready.*: thanos-store-0/.test(screen()));
      expect(screen().split('\n').length).toBeLessThanOrEqual(24);
    } finally {
      await kubectl(['-n', NAMESPACE, 'rollout', 'undo', 'statefulset/thanos-store']);
      // the controller waits for a pod that will never be ready
      await kubectl(['-n', NAMESPACE, 'delete', 'pod', 'thanos-store-0', '--grace-period=1']);
    }
    await step('the pod is mended', () => thanosReady(NAMESPACE));
    await until('it is over in the view', async () => screen().includes('nothing failed'));
    expect(screen()).not.toMatch(/thanos-store-0: is not Ready/);
    view.interrupt();
    expect(await view.exitCode).toBe(0);
  });
});

/** Runs a Job of the CronJob once, with another command where one is given, and gives how it ended. */
async function run(what: string, command?: readonly string[]): Promise<Run> {
  const name = `${what}-${Date.now()}`;
  const from = [`--from=cronjob/${CRON_JOB}`, '--dry-run=client', '-o', 'json'];
  const job: Json = JSON.parse(await kubectl(['-n', NAMESPACE, 'create', 'job', name, ...from]));
  if (command) Object.assign(job.spec.template.spec.containers[0], { command, args: [] });
  await applyOwn(job);
  const pod = await step(`the Job ${name} ends`, () =>
    until('its end', async () => {
      const [one] = await list(NAMESPACE, 'pods', '-l', `batch.kubernetes.io/job-name=${name}`);
      return one?.status.containerStatuses?.[0].state.terminated && one;
    }),
  );
  const { conditions } = await until('the Job knows', async () => {
    const [{ status }] = await list(NAMESPACE, 'jobs', `--field-selector=metadata.name=${name}`);
    return status.conditions?.some(({ type }: Json) => type === 'Complete' || type === 'Failed') && status;
  });
  const log = await kubectl(['-n', NAMESPACE, 'logs', pod.metadata.name]);
  // its pods have the stack's labels
  await kubectl(['-n', NAMESPACE, 'delete', 'job', name, '--cascade=foreground', '--wait']);
  const { exitCode } = pod.status.containerStatuses[0].state.terminated;
  for (const line of log.split('\n').filter((text) => /^(fail|warn) /.test(text))) progress(`${name}: ${line}`);
  return { succeeded: conditions.some(({ type }: Json) => type === 'Complete'), exitCode, log };
}

/** `check --watch` on a terminal. */
class LiveView {
  /** Of the command, once it has ended. */
  public readonly exitCode: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  #written = '';

  constructor(namespace: string) {
    // without exec a shell ends by the signal too, and its code is not the command's
    const command = `exec ${process.execPath} ${CLI} check --namespace ${namespace} --watch --interval 1`;
    this.#child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null']);
    const heard = (text: Buffer): void => void (this.#written += text.toString());
    this.#child.stdout.on('data', heard);
    this.#child.stderr.on('data', heard);
    this.exitCode = new Promise((resolve) => this.#child.on('close', resolve));
  }

  /** Whether what was written is drawn over itself. */
  public drawn(): boolean {
    return this.#written.includes('\u001b[2J\u001b[H');
  }

  /** What a reader sees now, without colours. */
  public screen(): string {
    const [last] = this.#written.split('\u001b[H').slice(-1);
    return last.replace(/\u001b\[\d*[A-Za-z]/g, '').trimEnd();
  }

  /** Ctrl-C. */
  public interrupt(): void {
    this.#child.stdin.write('\u0003');
  }

  /** Whatever it does. */
  public end(): void {
    this.#child.kill();
  }
}
