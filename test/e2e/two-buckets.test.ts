import { App, Chart } from 'cdk8s';
import {
  BucketJob,
  BucketReplicate,
  BucketTool,
  GrantTable,
  ObjstoreConfig,
  Receiver,
  S3Ca,
  S3Credentials,
} from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import { remoteWrite } from '../programs/remote-write';
import { privateCa } from './support/certificates';
import { applyManifests, applyOwn, exec, kubectl, list } from './support/kubectl';
import { blocks, S3_BUCKET, S3_KEYS, serviceHost, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady } from './support/pods';
import { forwarded } from './support/port-forward';
import { step, until } from './support/progress';

const SOURCE = 'thanos-e2e-source';
const ARCHIVE = 'thanos-e2e-archive';
const KEYS: Record<string, typeof S3_KEYS> = {
  [SOURCE]: S3_KEYS,
  [ARCHIVE]: { AWS_ACCESS_KEY_ID: 'archive-access-key', AWS_SECRET_ACCESS_KEY: `it's "quoted": #$(A)` },
};

describeOnCluster('blocks from the store of one CA to that of another', () => {
  const cas = Object.fromEntries([SOURCE, ARCHIVE].map((name) => [name, privateCa(serviceHost(name))]));

  /** Receivers that fill the source, and what copies it. All pods are in its namespace. */
  function manifests(receivers: number, copies: boolean, once = false): string {
    const app = new App();
    const chart = new Chart(app, 'two', { namespace: SOURCE, disableResourceNameHashes: true });
    const [objstore, destination] = [SOURCE, ARCHIVE].map(
      (name) =>
        new ObjstoreConfig(chart, name, {
          instance: name === SOURCE ? 'thanos' : 'archive',
          bucket: S3_BUCKET,
          endpoint: `${serviceHost(name)}:9000`,
          ca: S3Ca.fromPem(cas[name].caPem),
          credentials: S3Credentials.fromSecretName(`keys-of-${name}`),
        }),
    );
    new Receiver(chart, 'Receiver', { objstore, replicas: receivers, ingestOnly: true });
    if (copies) new BucketReplicate(chart, 'Copy', { objstore, destination });
    if (once) new BucketJob(chart, 'Once', { objstore, tool: BucketTool.replicate({ destination }) });
    if (copies) expect(GrantTable.of(app).rows.filter(({ name }) => name.includes('replicate'))).toHaveLength(2);
    return app.synthYaml();
  }

  /** A receiver that stops uploads what was written to it. */
  async function newBlock(): Promise<void> {
    await applyManifests(manifests(1, false));
    await until('the receiver is ready', async () => {
      const [pod] = await list(SOURCE, 'pods', '-l', 'app.kubernetes.io/component=receiver');
      return pod !== undefined && isReady(pod);
    });
    const write = async (port: number): Promise<boolean> =>
      (await remoteWrite(`127.0.0.1:${port}`, [{ __name__: 'up' }])).status === 200;
    await until('a write', () => forwarded(SOURCE, 'thanos-receiver-0', 19291, write));
    await applyManifests(manifests(0, false));
  }

  const sameBlocks = async (count: number): Promise<boolean> => {
    const [source, archive] = [await blocks(SOURCE), await blocks(ARCHIVE)];
    return source.length === count && source.join() === archive.join();
  };

  beforeAll(async () => {
    for (const name of [SOURCE, ARCHIVE]) {
      await makeNamespace(name);
      await step(`the store of ${name}`, () => startMinio(name, cas[name], { byService: true, keys: KEYS[name] }));
      await applyOwn({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `keys-of-${name}`, namespace: SOURCE },
        stringData: KEYS[name],
      });
    }
  });
  afterAll(dropNamespaces);

  test('are copied as they appear, each store by its own CA and keys', async () => {
    await step('a block is in the source', newBlock);
    await until('the block', async () => (await blocks(SOURCE)).length === 1);
    expect(await blocks(ARCHIVE)).toEqual([]);
    await applyManifests(manifests(0, true));
    await step('the block is in the archive', () => until('the copy', () => sameBlocks(1)));
  });

  test('are copied once by a Job', async () => {
    await kubectl(['-n', SOURCE, 'delete', 'deployment', 'thanos-bucket-replicate', '--wait']);
    const [copy] = await blocks(ARCHIVE);
    const folder = `/data/${S3_BUCKET}/${copy}`;
    await exec(ARCHIVE, 'minio', 'sh', '-c', `busybox rm -r ${folder} || rm -r ${folder}`);
    expect(await blocks(ARCHIVE)).toEqual([]);
    await applyManifests(manifests(0, false, true));
    await step('the Job is done', () =>
      kubectl(['-n', SOURCE, 'wait', '--for=condition=complete', 'job', '--all', '--timeout=120s']),
    );
    expect(await sameBlocks(1)).toBe(true);
  });
});
