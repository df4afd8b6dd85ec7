import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App } from 'cdk8s';
import { type ObjstoreOptions, S3Ca, S3Credentials, ThanosStack, type ThanosStackProps } from 'cdk8s-thanos';
import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { applyManifests, applyOwn, kubectl, list } from './support/kubectl';
import { credentialsSecret, S3_HOST, S3_KEYS, S3_PORT, minioBucket, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { forwarded } from './support/port-forward';
import { step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-troubles';
const STORE = 'thanos-e2e-troubles-s3';
const ROOT = path.join(__dirname, '../..');

describeOnCluster("the guide's five troubles, each produced on purpose", () => {
  const ca = privateCa(S3_HOST);
  const otherCa = privateCa(S3_HOST);
  let hostAliases: string | undefined;
  let count = 0;

  beforeAll(async () => {
    await makeNamespace(STORE);
    await makeNamespace(NAMESPACE);
    await applyOwn(credentialsSecret(NAMESPACE));
    hostAliases = await step('MinIO', () => startMinio(STORE, ca));
  });

  afterAll(dropNamespaces);

  const good = (): ObjstoreOptions => minioBucket(ca.caPem);

  /** The manifests of a stack that is nothing but its preflight, and what is given. */
  function manifests(
    over: Partial<ObjstoreOptions>,
    name = `t${count++}`,
    parts: Partial<ThanosStackProps> = {},
  ): string {
    const app = new App();
    const objstore = { ...good(), ...over };
    new ThanosStack(app, 'thanos', { name, namespace: NAMESPACE, objstore, preflight: { retries: 0 }, ...parts });
    return app.synthYaml();
  }

  /** Applies a preflight and waits for its end: its log, and how long its container ran. */
  async function preflight(yaml: string): Promise<{ ok: boolean; log: string; seconds: number }> {
    const job = /kind: Job[\s\S]*?\n {2}name: (\S+)/.exec(yaml)![1];
    await applyManifests(yaml);
    const ok = await until(`the end of ${job}`, async () => {
      const { conditions = [] } = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'job', job, '-o', 'json'])).status;
      const ended = conditions.find(
        (c: { type: string; status: string }) => ['Complete', 'Failed'].includes(c.type) && c.status === 'True',
      );
      return ended && [ended.type === 'Complete'];
    });
    const log = await kubectl(['-n', NAMESPACE, 'logs', `job/${job}`]);
    const [pod] = await list(NAMESPACE, 'pods', '-l', `job-name=${job}`);
    const { startedAt, finishedAt } = pod.status.containerStatuses[0].state.terminated;
    return { ok: ok[0], log, seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 };
  }

  /** The command on this machine, with the manifests in a file, and the keys as the pods have them. */
  function command(args: string[], yaml: string, keys = S3_KEYS): { status: number | null; output: string } {
    const folder = mkdtempSync(path.join(tmpdir(), 'thanos-e2e-'));
    try {
      const file = path.join(folder, 'manifests.yaml');
      writeFileSync(file, yaml);
      const node = ['-r', 'ts-node/register/transpile-only', path.join(ROOT, 'src/cli/main.ts')];
      const given = args.map((arg) => (arg === 'FILE' ? file : arg));
      const options = { cwd: ROOT, env: { ...process.env, ...keys }, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...given], options);
      return { status, output: stdout || stderr };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** The step that `verify` fails at from this machine, and the text that it expects of Thanos. Undefined where all pass. */
  function verify(yaml: string, keys = S3_KEYS): Promise<{ step: string; thanos: string } | undefined> {
    return forwarded(STORE, 'minio', S3_PORT, async (port) => {
      const args = ['verify', '--manifests', 'FILE', '--connect', `127.0.0.1:${port}`, '--json'];
      const { status, output } = command(args, yaml, keys);
      const { ok, steps } = JSON.parse(output);
      expect(status).toBe(ok ? 0 : 1);
      const failed = steps.find(({ result }: { result: string }) => result === 'fail');
      return failed && { step: failed.step, thanos: failed.finding.thanos };
    });
  }

  test('nothing wrong: the preflight is done in seconds, lint finds nothing, and verify opens the bucket', async () => {
    expect(hostAliases).toBeUndefined();
    // it puts and deletes too, as before a receiver
    const yaml = manifests({}, undefined, { preflight: { retries: 0, readOnly: false } });
    expect(await preflight(yaml)).toMatchObject({ ok: true, log: expect.stringContaining('exiting') });
    expect(command(['lint', 'FILE'], yaml)).toMatchObject({ status: 0 });
    expect(await verify(yaml)).toBeUndefined();
  });

  test('1: a wrong CA is an unknown authority', async () => {
    const yaml = manifests({ ca: S3Ca.fromPem(otherCa.caPem) });
    const { ok, log, seconds } = await preflight(yaml);
    expect(ok).toBe(false);
    expect(log).toContain('x509: certificate signed by unknown authority');
    expect(seconds).toBeLessThanOrEqual(30);
    const named = await verify(yaml);
    expect(named).toMatchObject({ step: 'chain' });
    expect(log).toMatch(asLogged(named!.thanos));
  });

  test('2: a certificate for another name is a name mismatch', async () => {
    const yaml = manifests({ serverName: 'minio.elsewhere.example.com' });
    const { ok, log } = await preflight(yaml);
    expect(ok).toBe(false);
    expect(log).toContain(`x509: certificate is valid for ${S3_HOST}, not minio.elsewhere.example.com`);
    const named = await verify(yaml);
    expect(named).toMatchObject({ step: 'name' });
    expect(log).toMatch(asLogged(named!.thanos));
  });

  test('3: a CA Secret that is missing is named at once, not waited for', async () => {
    const missing = { ca: S3Ca.fromSecretName('no-such-secret') };
    const { ok, log } = await preflight(manifests(missing));
    expect(ok).toBe(false);
    expect(log).toMatch(/unable to load specified CA cert \/etc\/thanos\/certs\/ca\.crt: .*no such file or directory/);
    const lint = command(['lint', '--whole', 'FILE'], manifests(missing, 'whole', { storeGateway: {} }));
    expect(lint.output).toContain('needs Secret no-such-secret');
  });

  test('4: a changed config is another preflight, and rolls what is granted', async () => {
    const before = manifests({ ca: S3Ca.fromPem(otherCa.caPem) }, 'changed');
    const after = manifests({}, 'changed');
    expect((await preflight(before)).ok).toBe(false);
    expect((await preflight(after)).ok).toBe(true);
    const jobs = (await list(NAMESPACE, 'jobs'))
      .map((job) => job.metadata.name)
      .filter((name) => name.startsWith('changed-'));
    expect(jobs).toHaveLength(2);
  });

  test('5: an S3 store whose packets are dropped is a timeout within 30 seconds', async () => {
    const metadata = { name: 'nobody', namespace: STORE };
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    };
    await applyOwn(policy);
    try {
      await until('the policy holds', async () => !(await preflight(manifests({ region: 'us-east-1' }))).ok);
      const { log, seconds } = await preflight(manifests({ region: 'eu-1' }));
      expect(log).toMatch(/context deadline exceeded|i\/o timeout/);
      expect(seconds).toBeLessThanOrEqual(31);
    } finally {
      await kubectl(['-n', STORE, 'delete', 'networkpolicy', 'nobody']);
    }
  });

  test('wrong keys and a missing bucket are named too', async () => {
    const stringData = { ...S3_KEYS, AWS_SECRET_ACCESS_KEY: 'not-the-secret-key' };
    const metadata = { name: 'bad-keys', namespace: NAMESPACE };
    await applyOwn({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    const badKeys = manifests({ credentials: S3Credentials.fromSecretName('bad-keys') });
    const keys = await preflight(badKeys);
    expect(keys.log).toContain('The request signature we calculated does not match');
    expect(await verify(badKeys, stringData)).toMatchObject({ step: 'signature' });
    const noBucket = manifests({ bucket: 'no-such-bucket' });
    expect((await preflight(noBucket)).log).toContain('The specified bucket does not exist');
    expect(await verify(noBucket)).toMatchObject({ step: 'bucket', thanos: 'The specified bucket does not exist' });
  });
});

/** Thanos' words as they stand in a log line: quotes are escaped, and dots in quotes are for any text. */
function asLogged(words: string): RegExp {
  const literal = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // quotes stand escaped in the log; "..." is whatever Thanos fills in
  return new RegExp(literal.replace(/"(\\\.){3}"/g, '"[^"]+"').replaceAll('"', String.raw`\\?"`));
}
