import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Yaml } from 'cdk8s';
import { ObjstoreConfig, Preflight, S3Ca, S3Credentials, StoreGateway } from '../../../src';
import { chart, type Json, render } from '../../render';
import { certificatePath } from '../../fixtures/certificates';
import { type Ended, cli, done, temporaryFolder } from '../cli';
import { Minio, ROOT_KEYS } from '../../programs/minio';
import { describeWith } from '../../programs/program';

const folder = temporaryFolder();
const NAME = 's3.minio.example.com';

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

function verify(args: string[], env: Record<string, string> = ROOT_KEYS): Promise<Ended> {
  return cli(['verify', '--timeout', '5', '--json', ...args], { env });
}

function objstore(config: string, rest = ''): string {
  return `type: S3\nconfig:\n  bucket: thanos\n  endpoint: ${NAME}:9000\n${config}${rest}`;
}

describeWith(['minio'], 'verify with the settings of the stack', () => {
  let minio: Minio;
  const ca = path.join(folder, 'ca.crt');
  beforeAll(async () => {
    await done(['ca', 'create', '--ecdsa', '--minio', '--dns', NAME, '--out', folder]);
    minio = await Minio.start(folder);
  }, 60_000);
  afterAll(() => minio?.stop());

  /** Manifests of a store whose bucket this is. */
  function rendered(instance: string, caOf = S3Ca.fromFile(ca), preflight = false): Json[] {
    const scope = chart();
    const objstore = new ObjstoreConfig(scope, 'objstore', {
      instance,
      bucket: 'thanos',
      endpoint: '10.0.0.9:9000',
      serverName: NAME,
      ca: caOf,
      prefix: 'blocks',
      credentials: S3Credentials.fromSecretName('keys'),
    });
    new StoreGateway(scope, 'store', { objstore, instance });
    if (preflight) new Preflight(scope, 'preflight', { objstore });
    return render(scope);
  }

  test('manifests that are not text are named once', async () => {
    const manifests = path.join(folder, 'binary.yaml');
    writeFileSync(manifests, Buffer.from([0xff, 0xfe, 0x80]));
    const { code, stderr } = await verify(['--manifests', manifests]);
    expect(code).toBe(2);
    expect(stderr.split(manifests)).toHaveLength(2);
  });

  test('the CA is found where an init container alone mounts it, out of a projected volume', async () => {
    const objects = rendered('thanos');
    const { spec } = objects.find(({ kind }) => kind === 'StatefulSet').spec.template;
    const at = spec.volumes.findIndex((volume: Json) => volume.secret?.secretName === 'thanos-s3-ca-cert');
    const { secret, name } = spec.volumes[at];
    spec.volumes[at] = { name, projected: { sources: [{ secret: { name: secret.secretName, items: secret.items } }] } };
    spec.initContainers = [{ ...spec.containers[0], name: 'prove' }];
    spec.containers[0].volumeMounts = [];
    const manifests = file('projected.yaml', Yaml.stringify(...objects));
    expect(await verify(['--manifests', manifests, '--connect', minio.address])).toMatchObject({ code: 0 });
  });

  test('manifests give bucket, name, prefix and the CA that the pods mount', async () => {
    const manifests = file('one.yaml', Yaml.stringify(...rendered('thanos')));
    const { code, json } = await verify(['--manifests', manifests, '--connect', minio.address]);
    expect({ code, ...json }).toMatchObject({
      code: 0,
      bucket: 'thanos',
      serverName: NAME,
      prefix: 'blocks',
      ok: true,
    });
  });

  test("a preflight's copy of the config is not mistaken for a second bucket", async () => {
    const manifests = file('preflight.yaml', Yaml.stringify(...rendered('thanos', undefined, true)));
    const { code, json } = await verify(['--manifests', manifests, '--connect', minio.address]);
    expect({ code, ...json }).toMatchObject({ code: 0, prefix: 'blocks' });
  });

  test('of several configs in a folder one is chosen by name', async () => {
    mkdirSync(path.join(folder, 'many/sub'), { recursive: true });
    file('many/a.yaml', Yaml.stringify(...rendered('thanos')));
    file('many/sub/b.yaml', Yaml.stringify(...rendered('other')));
    const args = ['--manifests', path.join(folder, 'many'), '--connect', minio.address];
    const unclear = await verify(args);
    expect(unclear.code).toBe(2);
    expect(unclear.json.error).toContain('choose one with --config');
    expect(unclear.json.error).toContain('monitoring/other-objstore-config');
    expect((await verify([...args, '--config', 'monitoring/other-objstore-config'])).code).toBe(0);
    expect((await verify([...args, '--config', 'none'])).json.error).toContain('holds no ConfigMap or Secret none');
  });

  test('a CA that is only referenced must be given', async () => {
    const manifests = file('reference.yaml', Yaml.stringify(...rendered('thanos', S3Ca.fromSecretName('elsewhere'))));
    const args = ['--manifests', manifests, '--connect', minio.address];
    expect((await verify(args)).json.error).toContain('give the same CA here with --ca FILE');
    expect((await verify([...args, '--ca', ca])).code).toBe(0);
  });

  test('an objstore.yml gives everything, its keys included; flags win', async () => {
    const keys = `  access_key: '$(ID)'\n  secret_key: ${ROOT_KEYS.AWS_SECRET_ACCESS_KEY}\n`;
    const tls = `  http_config:\n    tls_config:\n      ca_file: ${ca}\n`;
    const given = ['--objstore', file('objstore.yml', objstore(keys, tls)), '--connect', minio.address];
    const env = { ID: ROOT_KEYS.AWS_ACCESS_KEY_ID, AWS_ACCESS_KEY_ID: 'wrong', AWS_SECRET_ACCESS_KEY: 'wrong' };
    expect((await verify(given, env)).code).toBe(0);
    expect((await verify(given, {})).json.error).toContain('refers to $(ID), which is not set');
    const other = await verify([...given, '--bucket', 'missing'], env);
    expect(other.json.steps.find((step: any) => step.result === 'fail').detail).toBe('the bucket does not exist');
    expect(other.stdout).not.toContain(ROOT_KEYS.AWS_SECRET_ACCESS_KEY);
  });
});

test('a CA with a byte order mark is refused, as Thanos skips its first certificate', async () => {
  const marked = file('marked.crt', `\ufeff${readFileSync(certificatePath('ecdsa-ca'), 'utf8')}`);
  const { code, json } = await verify(['--endpoint', NAME, '--bucket', 'thanos', '--ca', marked]);
  expect({ code, ...json }).toMatchObject({ code: 2, error: expect.stringContaining('starts with a byte order mark') });
});

test.each([
  ['not YAML', 'a: [', /is not YAML: \w+, line/],
  ['a list', '- a', /is not a YAML mapping/],
  ['another type', 'type: GCS\nconfig: {}', /type is "GCS"; only S3/],
  ['no config', 'type: S3', /config is not a YAML mapping/],
  ['a scheme', objstore('').replace(NAME, `https://${NAME}`), /endpoint: .* has a scheme/],
  ['one key', objstore('  access_key: abc\n'), /only one of access_key and secret_key/],
  ['a bad lookup', objstore('  bucket_lookup_type: dns\n'), /"dns" is not one of auto, path, virtual-hosted/],
  [
    'a CA that lies in the pod',
    objstore('  http_config:\n    tls_config: { ca_file: /etc/thanos/certs/no.crt }\n'),
    /lies in the pod/,
  ],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]`,
    /aliases/,
  ],
])('a broken objstore.yml is named: %s', async (_, text, message) => {
  const { code, json, stderr } = await verify(['--objstore', file('broken.yml', text)]);
  expect(code).toBe(2);
  expect(json.error).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a secret in a broken file is not printed', async () => {
  const broken = file('secret.yml', objstore('  secret_key: "super-secret-value\n'));
  const { code, stdout, stderr } = await verify(['--objstore', broken]);
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain('super-secret');
});

const TARGET = ['--endpoint', '127.0.0.1:1', '--bucket', 'thanos'];
test.each([
  ['no endpoint', ['--bucket', 'x'], ROOT_KEYS, '--endpoint is missing'],
  ['no bucket', ['--endpoint', 'x'], ROOT_KEYS, '--bucket is missing'],
  ['a scheme', ['--endpoint', 'https://x', '--bucket', 'thanos'], ROOT_KEYS, 'has a scheme'],
  ['a bad bucket', ['--endpoint', 'x', '--bucket', 'a/b'], ROOT_KEYS, 'bucket: "a/b" is not a bucket name'],
  ['a bucket name like no other', ['--endpoint', 'x', '--bucket', 'a.-b'], ROOT_KEYS, 'no "-" beside a "."'],
  ['no keys', TARGET, {}, 'AWS_ACCESS_KEY_ID is not set in the environment'],
  ['half of the keys', TARGET, { AWS_ACCESS_KEY_ID: 'x' }, 'AWS_SECRET_ACCESS_KEY is not set'],
  [
    'a newline in a key',
    TARGET,
    { ...ROOT_KEYS, AWS_SECRET_ACCESS_KEY: 'abcdef\n' },
    'most often a newline at the end',
  ],
  [
    'no such CA',
    [...TARGET, '--ca', 'no-such-file'],
    ROOT_KEYS,
    "no-such-file can't be read: no such file or directory",
  ],
  ['a bad time', [...TARGET, '--timeout', 'soon'], ROOT_KEYS, '--timeout "soon" is not a number of seconds'],
  ['a bad lookup', [...TARGET, '--lookup', 'dns'], ROOT_KEYS, '--lookup "dns" is not one of'],
  [
    'plain HTTP and a CA',
    [...TARGET, '--insecure', '--ca', certificatePath('ecdsa-ca')],
    ROOT_KEYS,
    'insecure together with a CA',
  ],
  [
    'half a client certificate',
    [...TARGET, '--client-cert', __filename],
    ROOT_KEYS,
    'needs both --client-cert and --client-key',
  ],
  [
    'a client certificate that is none',
    [...TARGET, '--client-cert', __filename, '--client-key', __filename],
    ROOT_KEYS,
    'client certificate',
  ],
  ['two sources', ['--objstore', 'a', '--manifests', 'b'], ROOT_KEYS, '--objstore or --manifests, not both'],
  ['an unknown option', ['--secret-key', 'abc'], ROOT_KEYS, "unknown option '--secret-key'"],
])('bad usage is named: %s', async (_, args, env, message) => {
  const { code, json, stderr } = await verify(args, env as Record<string, string>);
  expect(code).toBe(2);
  expect(json).toMatchObject({ ok: false, error: expect.stringContaining(message) });
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).not.toContain('abcdef');
});

test('a virtual-hosted bucket is looked for below the endpoint, and AWS gets it by itself', async () => {
  const args = (endpoint: string, ...rest: string[]) => [
    '--endpoint',
    endpoint,
    '--bucket',
    'thanos',
    '--connect',
    '127.0.0.1:1',
    ...rest,
  ];
  const name = async (...given: string[]) => (await verify(given)).json.serverName;
  expect(await name(...args('s3.example.com'))).toBe('s3.example.com');
  expect(await name(...args('s3.example.com', '--lookup', 'virtual-hosted'))).toBe('thanos.s3.example.com');
  expect(await name(...args('s3.eu-west-1.amazonaws.com'))).toBe('thanos.s3.eu-west-1.amazonaws.com');
  expect(await name(...args('s3.eu-west-1.amazonaws.com', '--lookup', 'path'))).toBe('s3.eu-west-1.amazonaws.com');
});
