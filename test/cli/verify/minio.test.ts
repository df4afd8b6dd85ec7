import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { type Ended, cli, done, temporaryFolder } from '../cli';
import { createdCa, issued, minioFolder } from '../issued';
import { Minio, ROOT_KEYS } from '../../programs/minio';
import { describeWith } from '../../programs/program';

const NAME = 's3.minio.example.com';

/** What opens one bucket only. */
function only(bucket: string, Action: string | string[] = 's3:*'): object {
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  return { Effect: 'Allow', Action, Resource };
}

describeWith(['minio'], 'verify against a real MinIO', () => {
  const folder = temporaryFolder();
  const ca = path.join(folder, 'ca.crt');
  let minio: Minio;
  let plain: Minio;

  beforeAll(async () => {
    await done(['ca', 'create', '--ecdsa', '--minio', '--dns', NAME, '--ip', '127.0.0.1', '--out', folder]);
    minio = await Minio.start(folder);
    plain = await Minio.start();
  }, 60_000);
  afterAll(async () => {
    await minio?.stop();
    await plain?.stop();
  });

  /** Verifies s3.minio.example.com:9000 at the real server. */
  function verify(args: string[] = [], env: Record<string, string> = ROOT_KEYS, port = minio.port): Promise<Ended> {
    const target = ['--endpoint', `${NAME}:9000`, '--connect', `127.0.0.1:${port}`];
    return cli(['verify', '--bucket', 'thanos', ...target, '--json', ...args], { env });
  }

  /** The step that failed, after it asserted that all before it passed, and all behind it were not tried. */
  function failedStep({ code, json, stdout }: Ended): { step: string; cause: string; fix: string; thanos: string } {
    expect(code).toBe(1);
    expect(stdout).not.toContain(ROOT_KEYS.AWS_SECRET_ACCESS_KEY);
    const at = json.steps.findIndex((step: any) => step.result === 'fail');
    expect(json.steps.slice(0, at).filter((step: any) => step.result === 'fail')).toEqual([]);
    expect(json.steps.slice(at + 1).every((step: any) => step.result === 'skip')).toBe(true);
    return { step: json.steps[at].step, ...json.steps[at].finding };
  }

  test('every step passes with the right CA, name and keys', async () => {
    const { code, json } = await verify(['--ca', ca]);
    expect(json.steps.map((s: any) => `${s.step} ${s.result}`)).toEqual(
      ['dns', 'tcp', 'tls', 'chain', 'name', 'signature', 'bucket', 'write'].map((step) => `${step} pass`),
    );
    expect(code).toBe(0);
  });

  test.each([
    ['with a region', ['--region', 'eu-central-1']],
    ['below a prefix with odd characters', ['--prefix', '/a b+c&d=ü/(1)*!/']],
    ['by address', ['--endpoint', '127.0.0.1:9000']],
    ['with path style', ['--lookup', 'path']],
  ])('it passes %s', async (_, args) => {
    expect(await verify(['--ca', ca, ...args])).toMatchObject({ code: 0, stderr: '' });
  });

  test('the leaf itself, or old and new CA together, are trusted as Thanos does', async () => {
    const bundle = path.join(folder, 'bundle.crt');
    writeFileSync(bundle, (await issued({ name: 'Old CA' })).certificate + readFileSync(ca, 'utf8'));
    expect((await verify(['--ca', bundle])).code).toBe(0);
    expect((await verify(['--ca', path.join(folder, 'public.crt')])).code).toBe(0);
  });

  test('no CA, or a wrong one, is an unknown authority', async () => {
    const wrong = path.join(folder, 'wrong.crt');
    writeFileSync(wrong, (await issued({ name: 'Wrong CA' })).certificate);
    for (const args of [[], ['--ca', wrong]]) {
      const failed = failedStep(await verify(args));
      expect(failed).toMatchObject({ step: 'chain', thanos: 'x509: certificate signed by unknown authority' });
      expect(failed.cause).toContain("the server's chain ends at CN=MinIO-CA, O=My Organization, C=US");
    }
  });

  test('a CA of the same name that was made anew is told from a stranger', async () => {
    const out = path.join(folder, 'anew');
    await done(['ca', 'create', '--ecdsa', '--dns', NAME, '--out', out]);
    const failed = failedStep(await verify(['--ca', path.join(out, 'ca.crt')]));
    expect(failed).toMatchObject({
      step: 'chain',
      cause: expect.stringContaining('but another key: it was made anew'),
    });
  });

  test('a certificate for another name is a name mismatch, in whatever way the name comes about', async () => {
    for (const args of [
      ['--server-name', 'minio.storage.svc'],
      ['--lookup', 'virtual-hosted'],
      ['--endpoint', '127.0.0.2:9000'],
    ]) {
      const failed = failedStep(await verify(['--ca', ca, ...args]));
      expect(failed.step).toBe('name');
      expect(failed.cause).toContain(`the certificate is for DNS:${NAME}, IP Address:127.0.0.1, not for`);
    }
  });

  test('an expired server certificate is told with its date', async () => {
    const notAfter = new Date('2026-01-02T03:04:05Z');
    const old = await issued({
      name: NAME,
      names: [NAME],
      issuer: createdCa(folder),
      notBefore: new Date(0),
      notAfter,
    });
    const expired = await Minio.start(minioFolder(path.join(folder, 'expired'), old));
    try {
      const failed = failedStep(await verify(['--ca', ca], ROOT_KEYS, expired.port));
      expect(failed).toMatchObject({ step: 'chain', thanos: 'x509: certificate has expired or is not yet valid' });
      expect(failed.cause).toBe(`the certificate of CN=${NAME} expired on 2026-01-02T03:04:05.000Z`);
    } finally {
      await expired.stop();
    }
  });

  test('TLS on a plain HTTP port, and the reverse', async () => {
    const tls = failedStep(await verify(['--ca', ca], ROOT_KEYS, plain.port));
    expect(tls).toMatchObject({ step: 'tls', cause: 'the port answers plain HTTP, not TLS' });
    const reverse = failedStep(await verify(['--insecure']));
    expect(reverse).toMatchObject({ step: 'signature', thanos: 'Client sent an HTTP request to an HTTPS server.' });
    expect((await verify(['--insecure'], ROOT_KEYS, plain.port)).code).toBe(0);
  });

  test('a wrong access key id, a wrong secret, and no keys', async () => {
    const wrongId = failedStep(await verify(['--ca', ca], { ...ROOT_KEYS, AWS_ACCESS_KEY_ID: 'nobodyatall' }));
    expect(wrongId).toMatchObject({ step: 'signature', cause: 'the server does not know the access key id' });
    const secret = 'not-the-secret-of-anybody';
    const wrongSecret = await verify(['--ca', ca], { ...ROOT_KEYS, AWS_SECRET_ACCESS_KEY: secret });
    expect(failedStep(wrongSecret)).toMatchObject({
      step: 'signature',
      cause: expect.stringContaining('the secret access key is wrong'),
    });
    expect(wrongSecret.stdout + wrongSecret.stderr).not.toContain(secret);
    const anonymous = failedStep(await verify(['--ca', ca, '--anonymous'], {}));
    expect(anonymous).toMatchObject({ step: 'signature', cause: expect.stringContaining('was not signed (no keys)') });
  });

  test('a bucket that is not there', async () => {
    for (const region of [[], ['--region', 'us-east-1']]) {
      const failed = failedStep(await verify(['--ca', ca, '--bucket', 'missing', ...region]));
      expect(failed).toMatchObject({ step: 'bucket', thanos: 'The specified bucket does not exist' });
    }
  });

  test('good keys that may not list the bucket; with temporary keys the session token counts', async () => {
    const denied = await plain.temporaryKeys(only('another-bucket'));
    const failed = failedStep(await verify(['--insecure'], denied, plain.port));
    expect(failed).toMatchObject({ step: 'bucket', cause: 'the keys are good, but may not list the bucket' });
    const allowed = await plain.temporaryKeys(only('thanos'));
    expect((await verify(['--insecure'], allowed, plain.port)).code).toBe(0);
    const half = { ...allowed, AWS_SESSION_TOKEN: '' };
    expect(failedStep(await verify(['--insecure'], half, plain.port)).cause).toContain(
      'session token (AWS_SESSION_TOKEN) is wrong or missing',
    );
  });

  describe('what a component needs beyond listing', () => {
    const may = (...actions: string[]) => plain.temporaryKeys(only('thanos', actions));
    const READ = ['s3:ListBucket', 's3:GetBucketLocation', 's3:GetObject'];

    test.each([
      [READ, 'put', 's3:PutObject'],
      [['s3:ListBucket', 's3:GetBucketLocation', 's3:PutObject', 's3:DeleteObject'], 'get', 's3:GetObject'],
      [[...READ, 's3:PutObject'], 'delete', 's3:DeleteObject'],
    ])('keys that may %j alone fail', async (actions, verb, right) => {
      const failed = failedStep(await verify(['--insecure'], await may(...actions), plain.port));
      expect(failed).toMatchObject({ step: 'write', thanos: 'Access Denied.' });
      expect(failed.cause).toContain(`may list the bucket, but not ${verb} an object (403 AccessDenied`);
      expect(failed.fix).toContain(right);
    });

    test('those of a store gateway pass where nothing is written', async () => {
      const { code, json } = await verify(['--insecure', '--read-only'], await may(...READ), plain.port);
      expect({ code, write: json.steps.at(-1) }).toMatchObject({ code: 0, write: { step: 'write', result: 'skip' } });
    });

    test('leaves nothing behind', async () => {
      const { code, json } = await verify(['--insecure', '--prefix', 'left/over'], ROOT_KEYS, plain.port);
      expect(code).toBe(0);
      expect(json.steps.find((step: any) => step.step === 'bucket').detail).toContain('it is empty');
      const again = await verify(['--insecure', '--prefix', 'left/over'], ROOT_KEYS, plain.port);
      expect(again.json.steps.find((step: any) => step.step === 'bucket').detail).toContain('it is empty');
    });
  });

  test('the console port is not taken for S3', async () => {
    const failed = failedStep(await verify(['--ca', ca], ROOT_KEYS, minio.consolePort));
    expect(failed).toMatchObject({ step: 'signature', fix: expect.stringContaining("MinIO's console (9001)") });
  });

  test('text for people names cause and fix', async () => {
    const target = ['--endpoint', `${NAME}:9000`, '--connect', minio.address, '--bucket', 'missing', '--ca', ca];
    const { stdout, code } = await cli(['verify', ...target], { env: ROOT_KEYS });
    expect(code).toBe(1);
    expect(stdout).toContain('pass signature');
    expect(stdout).toContain('fail bucket    the bucket does not exist\n     to do: make the bucket');
    expect(stdout).not.toContain('\u001b');
  });
});
