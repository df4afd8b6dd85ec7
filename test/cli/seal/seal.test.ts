import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse, parseDocument } from 'yaml';
import { S3Ca, SecretDelivery } from '../../../src';
import { type Ended, cli, done, temporaryFolder } from '../cli';
import { certificatePath, rsaCa } from '../../fixtures/certificates';
import { open } from './opener';

const DATA = path.join(__dirname, '../../fixtures/sealed-secrets');
const CERTIFICATE = path.join(DATA, 'controller.crt');
const vectors: any[] = JSON.parse(readFileSync(path.join(DATA, 'vectors.json'), 'utf8'));
const key = createPrivateKey(readFileSync(path.join(DATA, 'controller-key.pem')));
const folder = temporaryFolder();
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
let count = 0;

function file(content: string | Buffer): string {
  const name = path.join(folder, `value-${count++}`);
  writeFileSync(name, content);
  return name;
}

function newOut(extension = 'yaml'): string {
  return path.join(folder, `sealed-${count++}.${extension}`);
}

const TARGET = ['--name', 'thanos-s3-credentials', '--namespace', 'monitoring'];

function seal(out: string, args: string[], input: string | Buffer = ''): Promise<Ended> {
  return cli(['seal', '--cert', CERTIFICATE, ...TARGET, '--out', out, '--json', ...args], { input });
}

/** The ciphertexts of a file. */
function sealed(out: string): Record<string, string> {
  return parse(readFileSync(out, 'utf8')).spec.encryptedData;
}

describe("kubeseal's own values", () => {
  test.each(vectors.map((v) => [`${v.scope} ${v.item}`, v]))('%s is opened', (_, v) => {
    expect(open(v.ciphertext, key, v.scope, v.namespace, v.name).toString()).toBe(v.plaintext);
  });

  test.each(vectors.map((v) => [`${v.scope} ${v.item}`, v]))('%s opens elsewhere as far as its scope says', (_, v) => {
    const at = (namespace: string, name: string) => () => open(v.ciphertext, key, v.scope, namespace, name).toString();
    if (v.scope === 'strict') expect(at(v.namespace, 'other')).toThrow();
    else expect(at(v.namespace, 'other')()).toBe(v.plaintext);
    if (v.scope === 'cluster-wide') expect(at('other', v.name)()).toBe(v.plaintext);
    else expect(at('other', v.name)).toThrow();
  });
});

describe('what seal makes', () => {
  test.each(['strict', 'namespace-wide', 'cluster-wide'])(
    'opens with scope %s, and elsewhere as far as the scope says',
    async (scope) => {
      const out = newOut();
      const bytes = Buffer.from([0, 255, 10, 13, 128, 10]);
      const values = ['--from-file', `a=${file(SECRET)}`, '--from-file', `b=${file(bytes)}`, '--from-stdin', 'ca.crt'];
      await seal(out, [...values, '--scope', scope], readFileSync(certificatePath('ecdsa-ca')));
      const at = (item: string, namespace = 'monitoring', name = 'thanos-s3-credentials') =>
        open(sealed(out)[item], key, scope, namespace, name);
      expect(at('a').toString()).toBe(SECRET);
      expect(at('b')).toEqual(bytes);
      expect(at('ca.crt')).toEqual(readFileSync(certificatePath('ecdsa-ca')));
      if (scope === 'strict') expect(() => at('a', 'monitoring', 'other')).toThrow();
      else expect(at('a', 'monitoring', 'other').toString()).toBe(SECRET);
      if (scope === 'cluster-wide') expect(at('a', 'other').toString()).toBe(SECRET);
      else expect(() => at('a', 'other')).toThrow();
    },
  );

  test('is a SealedSecret that names its scope where the controller and the library look', async () => {
    const out = newOut();
    await seal(out, [
      '--from-file',
      `ca.crt=${certificatePath('ecdsa-ca')}`,
      '--scope',
      'namespace-wide',
      '--type',
      'example.com/x',
    ]);
    const manifest = parse(readFileSync(out, 'utf8'));
    const scope = { 'sealedsecrets.bitnami.com/namespace-wide': 'true' };
    expect(manifest).toMatchObject({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'thanos-s3-credentials', namespace: 'monitoring', annotations: scope },
      spec: { template: { type: 'example.com/x', metadata: { annotations: scope } } },
    });
    const source = SecretDelivery.sealedManifest(out)._source();
    expect(source).toMatchObject({
      kind: 'sealed',
      scope: 'namespace-wide',
      namespace: 'monitoring',
      encryptedData: sealed(out),
    });
    expect(S3Ca.fromDelivery(SecretDelivery.sealedManifest(out)).caSource.key).toBe('ca.crt');
  });

  test('holds no plain text, and neither does the output', async () => {
    const out = newOut();
    const { stdout, stderr } = await seal(out, ['--from-stdin', 'key', '--trim'], `${SECRET}\n`);
    expect(readFileSync(out, 'utf8') + stdout + stderr).not.toContain(SECRET);
    expect(open(sealed(out).key, key, 'strict', 'monitoring', 'thanos-s3-credentials').toString()).toBe(SECRET);
  });
});

describe('sealing again', () => {
  const values = (id: string, secret: string) => [
    '--from-file',
    `id=${file(id)}`,
    '--from-file',
    `secret=${file(secret)}`,
  ];

  test.each(['yaml', 'json'])('changes no byte while nothing changed (%s)', async (extension) => {
    const out = newOut(extension);
    await seal(out, values('an-access-key-id', SECRET));
    const before = readFileSync(out, 'utf8');
    const { json } = await seal(out, values('an-access-key-id', SECRET));
    expect(json.values).toEqual({ id: 'kept', secret: 'kept' });
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  test('changes the value that changed, and no other', async () => {
    const out = newOut();
    await seal(out, values('an-access-key-id', SECRET));
    const before = sealed(out);
    expect((await seal(out, values('an-access-key-id', `${SECRET}x`))).json.values).toEqual({
      id: 'kept',
      secret: 'sealed',
    });
    expect(sealed(out).id).toBe(before.id);
    expect(sealed(out).secret).not.toBe(before.secret);
  });

  test('keeps what is not given, and drops what it is told to', async () => {
    const out = newOut();
    await seal(out, values('an-access-key-id', SECRET));
    const before = sealed(out);
    await seal(out, ['--from-file', `token=${file('a-session-token')}`, '--drop', 'id']);
    expect(Object.keys(sealed(out))).toEqual(['secret', 'token']);
    expect(sealed(out).secret).toBe(before.secret);
    expect((await seal(out, ['--drop', 'nothing'])).json.error).toContain('has no such key');
  });

  test('with another scope, name or certificate everything must be given, and is sealed anew', async () => {
    const out = newOut();
    await seal(out, values('an-access-key-id', SECRET));
    const before = readFileSync(out, 'utf8');
    const half = await seal(out, ['--from-file', `id=${file('an-access-key-id')}`, '--name', 'other']);
    expect(half).toMatchObject({
      code: 2,
      json: { error: expect.stringContaining('Give secret too, or --drop them') },
    });
    expect(readFileSync(out, 'utf8')).toBe(before);
    const whole = await seal(out, [...values('an-access-key-id', SECRET), '--scope', 'namespace-wide']);
    expect(whole.json.values).toEqual({ id: 'sealed', secret: 'sealed' });
    expect(
      (await seal(out, [...values('an-access-key-id', SECRET), '--scope', 'namespace-wide', '--name', 'renamed'])).json
        .values,
    ).toEqual({ id: 'kept', secret: 'kept' });
  });

  describe("after the controller's key was renewed", () => {
    const renewed = file(rsaCa());
    const fingerprint = (of: string) => new X509Certificate(readFileSync(of)).fingerprint256;
    const stateOf = (out: string) =>
      JSON.parse(parse(readFileSync(out, 'utf8')).metadata.annotations['cdk8s-thanos-seal']);

    test('one value is updated alone, and the file says which are of the earlier key', async () => {
      const out = newOut();
      await seal(out, values('an-access-key-id', SECRET));
      const before = sealed(out);
      const { json, code } = await seal(out, ['--from-file', `secret=${file(`${SECRET}x`)}`, '--cert', renewed]);
      expect({ code, ...json }).toMatchObject({
        code: 0,
        values: { id: 'kept', secret: 'sealed' },
        warnings: [expect.stringMatching(/^id was sealed with another certificate/)],
      });
      expect(sealed(out).id).toBe(before.id);
      expect(() => open(sealed(out).secret, key, 'strict', 'monitoring', 'thanos-s3-credentials')).toThrow();
      expect(stateOf(out)).toMatchObject({
        certificate: fingerprint(renewed),
        earlier: { id: fingerprint(CERTIFICATE) },
      });
    });

    test('a value that is given is sealed with the new key, though it is the same', async () => {
      const out = newOut();
      await seal(out, values('an-access-key-id', SECRET));
      await seal(out, ['--from-file', `secret=${file(SECRET)}`, '--cert', renewed]);
      const again = await seal(out, [...values('an-access-key-id', SECRET), '--cert', renewed]);
      expect(again.json).toMatchObject({ values: { id: 'sealed', secret: 'kept' }, warnings: [] });
      expect(stateOf(out)).not.toHaveProperty('earlier');
    });
  });

  test('an updated file keeps its mode', async () => {
    const out = newOut();
    await seal(out, values('an-access-key-id', SECRET));
    chmodSync(out, 0o600);
    await seal(out, ['--from-file', `token=${file('a-session-token')}`]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  test('keeps labels and annotations that someone added, also to a file of kubeseal', async () => {
    const out = newOut();
    await seal(out, ['--from-file', `id=${file('an-access-key-id')}`, '--no-verifier']);
    const document = parseDocument(readFileSync(out, 'utf8'));
    document.setIn(['metadata', 'labels'], { team: 'a' });
    document.setIn(['metadata', 'annotations'], { 'argocd.argoproj.io/sync-wave': '-1' });
    document.setIn(['spec', 'template', 'metadata', 'labels'], { team: 'b' });
    writeFileSync(out, document.toString());
    const before = sealed(out).id;
    await seal(out, ['--from-file', `secret=${file(SECRET)}`]);
    const manifest = parse(readFileSync(out, 'utf8'));
    expect(manifest.metadata).toMatchObject({
      labels: { team: 'a' },
      annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
    });
    expect(manifest.spec.template.metadata).toMatchObject({ labels: { team: 'b' } });
    expect(manifest.spec.encryptedData.id).toBe(before);
  });

  test('without verifiers nothing in the file helps to guess, and it is sealed anew each time', async () => {
    const out = newOut();
    const args = ['--from-file', `password=${file('hunter2')}`];
    expect((await seal(out, args)).json.warnings).toEqual([expect.stringContaining('password is short')]);
    expect(readFileSync(out, 'utf8')).toContain('scrypt$17$8$1$');
    const { json } = await seal(out, [...args, '--no-verifier']);
    expect(json).toMatchObject({ values: { password: 'sealed' }, warnings: [] });
    expect(readFileSync(out, 'utf8')).not.toContain('scrypt');
  });

  test('a damaged verifier only costs the kept ciphertext', async () => {
    const out = newOut();
    const args = ['--from-file', `secret=${file(SECRET)}`];
    await seal(out, args);
    writeFileSync(out, readFileSync(out, 'utf8').replace('scrypt$17', 'scrypt$1'));
    expect((await seal(out, args)).json.values).toEqual({ secret: 'sealed' });
  });
});

test('an empty value is sealed, as kubeseal does, and warned of', async () => {
  const out = newOut();
  expect((await seal(out, ['--from-stdin', 'k'])).json).toMatchObject({ ok: true, warnings: ['k is empty'] });
  expect(open(sealed(out).k, key, 'strict', 'monitoring', 'thanos-s3-credentials')).toHaveLength(0);
});

test.each(['secret', 'sealed', 'thanos-s3-credentials', 'wrote'])(
  'the value %s makes no stars of the words of the output, which would tell it',
  async (value) => {
    const out = newOut();
    const args = ['--cert', CERTIFICATE, ...TARGET, '--out', out, '--from-stdin', 'secret'];
    expect((await done(['seal', ...args], { input: value })).stdout).toContain('sealed secret\n');
    const { stdout, stderr } = await cli(['seal', ...args, '--drop', 'secret'], { input: value });
    expect(stdout + stderr).not.toContain('*');
  },
);

test.each(['__proto__', 'constructor', 'toString'])('a key called %s is kept', async (name) => {
  const out = newOut();
  const args = ['--from-file', `${name}=${file(SECRET)}`];
  const first = await seal(out, args);
  expect(Object.entries(first.json.values)).toEqual([[name, 'sealed']]);
  const before = Object.entries(sealed(out));
  expect(before).toEqual([[name, expect.stringMatching(/^[A-Za-z0-9+/]{300,}/)]]);
  expect(Object.entries((await seal(out, args)).json.values)).toEqual([[name, 'kept']]);
  await seal(out, ['--from-file', `other=${file(SECRET)}`]);
  expect(Object.entries(sealed(out)).sort()).toEqual([...before, ['other', expect.anything()]].sort());
});

test('a line break at the end of a value is warned of, but not at the end of PEM', async () => {
  const { json } = await seal(newOut(), [
    '--from-file',
    `k=${file(`${SECRET}\n`)}`,
    '--from-file',
    `ca.crt=${certificatePath('ecdsa-ca')}`,
  ]);
  expect(json.warnings).toEqual([expect.stringContaining('k ends with a line break')]);
});

const SOME = ['--from-file', `k=${__filename}`];
test.each([
  ['nothing to seal', [], 'there is nothing to seal'],
  ['a missing file', ['--from-file', 'k=no/such.txt'], `k": there is no file "no/such.txt" in ${process.cwd()}`],
  ['a value in its place', ['--from-file', 'k=hunter2'], '--from-file "k": there is no file of the name that is given'],
  ['a directory', ['--from-file', `k=${__dirname}`], 'is a directory'],
  ['an endless file', ['--from-file', 'k=/dev/zero'], 'is larger than 1 MiB'],
  ['no certificate given', [...SOME, '--cert'], "option '--cert <file>' argument missing"],
  ['a bad key', ['--from-file', 'a b=x'], 'is not a key of a Secret'],
  ['a key twice', [...SOME, '--from-file', `k=${__filename}`], 'the key "k" is given twice'],
  ['a value as argument', ['--from-literal', 'k=v'], "unknown option '--from-literal'"],
  ['a bad scope', [...SOME, '--scope', 'galaxy-wide'], '--scope "galaxy-wide" is not one of'],
  ['a bad name', [...SOME, '--name', 'A_B'], '--name: "A_B" is not an object name'],
  ['a bad namespace', [...SOME, '--namespace', 'a.b'], '--namespace: "a.b" is not a DNS label'],
  ['an ECDSA certificate', [...SOME, '--cert', certificatePath('ecdsa-ca')], 'has no RSA key'],
  ['no certificate', [...SOME, '--cert', __filename], 'holds no PEM certificate'],
  [
    'an output that is something else',
    [...SOME, '--out', path.join(__dirname, '../../../package.json')],
    'is not a SealedSecret; nothing was written',
  ],
])('bad usage is named, and nothing is written: %s', async (_, args, message) => {
  const out = newOut();
  const before = readdirSync(folder);
  const { code, json, stderr } = await seal(out, args);
  expect(code).toBe(2);
  expect(json.error).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(readdirSync(folder)).toEqual(before);
});

test.each([
  ['where a file is wanted', ['--from-file', `k=${SECRET}`]],
  ['where a key is wanted', ['--from-file', `${SECRET}=`]],
  ['as a key from stdin', ['--from-stdin', SECRET]],
  ['as a key that is gone', [...SOME, '--drop', SECRET]],
  ['as the name', [...SOME, '--name', SECRET]],
  ['as an option', [...SOME, `--from-literal=${SECRET}`]],
])('a secret %s is not repeated', async (_, args) => {
  const { code, stdout, stderr } = await seal(newOut(), args);
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(SECRET.slice(0, 8));
});

test('an expired certificate of the controller is refused', async () => {
  const old = file(rsaCa({ notAfter: new Date('2026-01-01T00:00:00Z') }));
  expect((await seal(newOut(), [...SOME, '--cert', old])).json.error).toContain('expired on 2026-01-01');
  await done(['seal', '--help']);
});
