import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { ObjectStorage, ObjstoreConfig, S3Ca, StoreGateway } from '../../src';
import { everyStore, value } from '../objstore/stores';
import { describeThanos, type Ended, runThanos } from '../programs/thanos';
import { chart, find, type Json, render } from '../render';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub } from './s3-stub';
import { serverCertificates } from './server-certificates';

const CERTIFICATES = serverCertificates([
  'storage.googleapis.com',
  'oauth2.googleapis.com',
  'acc.blob.core.windows.net',
  'login.microsoftonline.com',
  'keystone.example.com',
  'thanos-125.cos.ap-test.myqcloud.com',
  'thanos.obs.example.com',
  'objectstorage.eu-frankfurt-1.oraclecloud.com',
  's3.example.com',
]);
const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

/** A password that would break out of any quotes, be a comment, or be replaced again. */
const HOSTILE = `a"b'c: #d\\e$(HOME){}`;
const KEYS = {
  'gcs.json': JSON.stringify({
    type: 'service_account',
    project_id: 'p',
    private_key_id: 'k',
    private_key: pem,
    client_email: 'thanos@p.iam.gserviceaccount.com',
    token_uri: 'https://oauth2.googleapis.com/token',
  }),
  'account-key': Buffer.from('key').toString('base64'),
  'connection-string': `DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.windows.net`,
  'oci.pem': pem,
  id: 'ID',
  secret: 'SECRET',
  hostile: HOSTILE,
};

/** What the clients that know no proxy say that they asked. */
const ASKED: Record<string, string> = {
  oss: 'Get "https://thanos.oss.example.com/?',
  bos: 'Get "https://bos.example.com/thanos?',
};

/** The host that each must ask first over TLS, and whether its own `ca_file` is what makes that work. */
const FIRST: Record<string, { host: string; byCaFile: boolean }> = {
  'gcs with a key': { host: 'oauth2.googleapis.com', byCaFile: false },
  'azure with the account key': { host: 'acc.blob.core.windows.net', byCaFile: true },
  'azure with a connection string': { host: 'acc.blob.core.windows.net', byCaFile: true },
  'azure with a principal': { host: 'login.microsoftonline.com', byCaFile: false },
  'swift with a password': { host: 'keystone.example.com', byCaFile: true },
  'swift with an application credential': { host: 'keystone.example.com', byCaFile: true },
  'cos by region': { host: 'thanos-125.cos.ap-test.myqcloud.com', byCaFile: true },
  'cos by endpoint': { host: 'thanos-125.cos.ap-test.myqcloud.com', byCaFile: true },
  obs: { host: 'thanos.obs.example.com', byCaFile: true },
  'oci with an API key': { host: 'objectstorage.eu-frankfurt-1.oraclecloud.com', byCaFile: false },
};

describeThanos('every object store', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(CERTIFICATES);
  });
  afterAll(() => stub.stop());

  function podOf(storage: ObjectStorage, extra: Json[] = []): PodOnDisk {
    const scope = chart();
    new StoreGateway(scope, 'store', { objstore: ObjstoreConfig.fromStorage(scope, 'objstore', storage) });
    const objects = [...render(scope), ...extra];
    return new PodOnDisk(objects, find(objects, 'StatefulSet'), { 'store-keys': KEYS });
  }

  async function list(storage: ObjectStorage, roots?: string, extra: Json[] = []): Promise<Ended> {
    const pod = podOf(storage, extra);
    const flag = pod.args.find((arg) => arg.startsWith('--objstore.config-file='))!;
    const file = path.join(pod.directory, 'roots.crt');
    // no public roots: what is trusted is trusted by ca_file, or by this file
    writeFileSync(file, roots ?? serverCertificates([]).ca);
    const trust = { SSL_CERT_FILE: file, SSL_CERT_DIR: pod.directory + '/none' };
    stub.seen.length = 0;
    const ended = await runThanos(['tools', 'bucket', 'ls', '--timeout=8s', flag], {
      ...stub.env,
      ...trust,
      ...pod.env,
    });
    pod.remove();
    return ended;
  }

  test('each has a case', () =>
    expect([...Object.keys(FIRST), ...Object.keys(ASKED)].sort()).toEqual(Object.keys(everyStore()).sort()));

  test.each(Object.entries(ASKED))('%s: its config is read, and it would ask its store', async (name, asked) => {
    const { output } = await list(everyStore()[name]);
    expect(output.replaceAll('\\', '')).toContain(asked);
  });

  test.each(Object.entries(FIRST))(
    '%s: its config is read, and it asks its store',
    async (name, { host, byCaFile }) => {
      const storage = everyStore(byCaFile ? S3Ca.fromPem(CERTIFICATES.ca) : undefined)[name];
      const { output } = await list(storage, byCaFile ? undefined : CERTIFICATES.ca);
      expect(output).not.toMatch(/yaml:|unmarshal|unknown authority|unable to use specified CA/);
      const [first] = stub.seen;
      expect(first.host.replace(/:\d+$/, '')).toBe(host);
      expect(first.tls).toBe(true);
    },
  );

  test.each(Object.entries(FIRST).filter(([, { byCaFile }]) => byCaFile))(
    '%s: without the CA nothing reaches the store (control)',
    async (name) => {
      const { output } = await list(everyStore()[name]);
      expect(output).toContain('certificate signed by unknown authority');
      expect(stub.seen).toEqual([]);
    },
  );

  test('a secret arrives as it is, whatever characters it has', async () => {
    await list(everyStore(S3Ca.fromPem(CERTIFICATES.ca))['swift with a password']);
    const { auth } = JSON.parse(stub.seen[0].body);
    expect(auth.identity.password.user).toEqual({ name: 'thanos', password: HOSTILE, domain: { name: 'Default' } });
  });

  test('a volume is a bucket, for reading and writing', async () => {
    const storage = ObjectStorage.filesystem({ claimName: 'blocks' });
    const pod = podOf(storage);
    const flag = pod.args.find((arg) => arg.startsWith('--objstore.config-file='))!;
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const mark = ['tools', 'bucket', 'mark', `--id=${id}`, '--marker=no-compact-mark.json', '--details=d', flag];
    expect(await runThanos(mark, pod.env)).toMatchObject({ code: 0 });
    const ls = await runThanos(['tools', 'bucket', 'ls', flag], pod.env);
    expect(ls).toMatchObject({ code: 0 });
    // a block without its meta.json
    expect(ls.output).toContain('partial=1');
    pod.remove();
  });

  test('an objstore.yml of the user’s, with keys and CA from the Grant', async () => {
    const yaml = (ca: string) =>
      `type: S3\nconfig:\n  bucket: thanos\n  endpoint: s3.example.com\n  access_key: $(S3_ID)\n  secret_key: $(S3_SECRET)\n  http_config:\n    tls_config:\n      ca_file: ${ca}\n`;
    const own = (text: string): Json => ({
      kind: 'Secret',
      metadata: { name: 'own' },
      data: { 'thanos.yaml': Buffer.from(text).toString('base64') },
    });
    const storage = ObjectStorage.fromSecretName('own', {
      key: 'thanos.yaml',
      ca: S3Ca.fromPem(CERTIFICATES.ca),
      env: { S3_ID: value('id'), S3_SECRET: value('secret') },
    });
    // what the kubelet does, PodOnDisk does for texts alone
    const pod = podOf(storage, [own('')]);
    const ca = `${pod.directory}/etc/thanos/certs/ca.crt`;
    const flag = pod.args.find((arg) => arg.startsWith('--objstore.config-file='))!;
    writeFileSync(flag.slice('--objstore.config-file='.length), yaml(ca));
    stub.seen.length = 0;
    expect(await runThanos(['tools', 'bucket', 'ls', flag], { ...stub.env, ...pod.env })).toMatchObject({ code: 0 });
    expect(stub.seen[0].headers.authorization).toContain('Credential=ID/');
    pod.remove();
  });
});
