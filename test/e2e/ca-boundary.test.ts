import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { applyGuide, GUIDE } from './support/guide';
import { exec, kubectl, list } from './support/kubectl';
import { S3_HOST, S3_KEYS, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { componentOf, GRANTED, isReady, thanosPods, thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';

const OUTSIDE = 'thanos-e2e-outside';
const CA_FILE = '/etc/thanos/certs/ca.crt';
const CONFIG_FILE = '/etc/thanos/objstore/objstore.yml';
const GUARDED = ['thanos-s3-ca-cert', 'thanos-objstore-config', 'thanos-s3-credentials'];

describeOnCluster('the CA of a running stack', () => {
  const right = privateCa(S3_HOST);
  const wrong = privateCa(S3_HOST);
  let s3Ip: string | undefined;
  let before: Json[];
  let pods: Json[];

  beforeAll(async () => {
    await step('namespaces', async () => {
      await makeNamespace(OUTSIDE);
      await makeNamespace(GUIDE);
    });
    s3Ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, right));
    await step("the guide's stack is applied, with another CA", () => applyGuide({ caPem: wrong.caPem, s3Ip }));
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('keeps the store gateways from getting ready when it is the wrong one, and says why', async () => {
    await step('Query and the frontend are ready', () =>
      until('ready', async () => (await thanosPods(GUIDE, 'query', 'query-frontend')).filter(isReady).length === 4),
    );
    await step('the stores name the reason', () =>
      until('unknown authority', async () => {
        const stores = await thanosPods(GUIDE, 'store');
        expect(stores.filter(isReady)).toHaveLength(0);
        const logs = await Promise.all(stores.map((store) => logsOf(store)));
        return logs.length === 2 && logs.every((text) => text.includes('certificate signed by unknown authority'));
      }),
    );
    before = await thanosPods(GUIDE);
  });

  test('heals the stack by itself once the right one is applied, and leaves Query alone', async () => {
    await applyGuide({ caPem: right.caPem, s3Ip });
    pods = await step('every Thanos pod is ready', () => thanosReady(GUIDE));
    for (const pod of pods) {
      const same = before.some((old) => old.metadata.uid === pod.metadata.uid);
      expect([pod.metadata.name, same]).toEqual([pod.metadata.name, !GRANTED.includes(componentOf(pod))]);
    }
    const rolled = pods.filter((pod) => GRANTED.includes(componentOf(pod)));
    progress(`${rolled.length} granted pods rolled, ${pods.length - rolled.length} stayed`);
    expect(rolled).toHaveLength(3 + 1 + 2 + 2);
  });

  test('lies with the config and the keys in every pod that opens the bucket', async () => {
    await step('granted pods are looked into', async () => {
      for (const name of namesOf(pods, true)) {
        expect([name, (await exec(GUIDE, name, 'cat', CA_FILE)).trim()]).toEqual([name, right.caPem.trim()]);
        const config = await exec(GUIDE, name, 'cat', CONFIG_FILE);
        expect(config).toContain(`${S3_HOST}:9000`);
        expect(config).toContain(CA_FILE);
        expect(config).not.toContain(S3_KEYS.AWS_SECRET_ACCESS_KEY);
        const env = await exec(GUIDE, name, 'env');
        for (const [key, value] of Object.entries(S3_KEYS)) expect(env.split('\n')).toContain(`${key}=${value}`);
      }
    });
  });

  test('lies in no other pod of Thanos, nor the config, nor the keys', async () => {
    const certificate = right.caPem.split('\n')[1];
    await step('other pods are looked into', async () => {
      expect(namesOf(pods, false)).toHaveLength(4);
      for (const name of namesOf(pods, false)) {
        await expect(exec(GUIDE, name, 'ls', '/etc/thanos')).rejects.toThrow('No such file or directory');
        const mounted = await exec(GUIDE, name, 'grep', '-cE', 'certs|objstore|thanos-s3', '/proc/mounts').catch(zero);
        expect([name, mounted.trim()]).toEqual([name, '0']);
        const text = await exec(GUIDE, name, 'sh', '-c', 'env; cat /proc/1/environ /proc/1/cmdline');
        for (const secret of [...Object.values(S3_KEYS), 'AWS_', certificate, 'objstore']) {
          expect([name, text.includes(secret)]).toEqual([name, false]);
        }
      }
    });
  });

  test('is named by the specs of the granted pods alone, Grafana included', async () => {
    for (const pod of await list(GUIDE, 'pods')) {
      const granted = GRANTED.includes(componentOf(pod));
      const named = GUARDED.filter((object) => JSON.stringify(pod.spec).includes(object));
      expect([pod.metadata.name, named]).toEqual([pod.metadata.name, granted ? GUARDED : []]);
    }
    expect(await list(GUIDE, 'pods', '-l', 'app.kubernetes.io/name=grafana')).toHaveLength(1);
  });
});

function namesOf(pods: Json[], granted: boolean): string[] {
  return pods.filter((pod) => GRANTED.includes(componentOf(pod)) === granted).map((pod) => pod.metadata.name);
}

/** `grep -c` prints 0 and fails when nothing matches. */
function zero(error: Error): string {
  if (/exit code 1\b/.test(error.message)) return '0';
  throw error;
}

/** Logs of the running container and of the one before it: a store with a wrong CA restarts. */
async function logsOf(pod: Json): Promise<string> {
  const logs = (...options: string[]): Promise<string> =>
    kubectl(['-n', GUIDE, 'logs', pod.metadata.name, ...options]).catch(() => '');
  return (await logs()) + (await logs('--previous'));
}
