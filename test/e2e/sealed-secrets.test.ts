import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parse } from 'yaml';
import { describeOnCluster } from '../programs/cluster';
import { kubectl } from './support/kubectl';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { step, until } from './support/progress';
import { SealedSecretsController } from './support/sealed-secrets';

const ROOT = path.join(__dirname, '../..');
const NAMESPACE = 'thanos-e2e-sealed';
const NAME = 'thanos-s3-credentials';
const ID = 'AKIAIOSFODNN7EXAMPLE';
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describeOnCluster('what seal writes, before the real sealed-secrets controller', () => {
  const controller = new SealedSecretsController(NAMESPACE);
  const folder = mkdtempSync(path.join(tmpdir(), 'thanos-e2e-'));
  const inFolder = (name: string): string => path.join(folder, name);
  const sealed = inFolder('sealed.yaml');

  beforeAll(async () => {
    await makeNamespace(NAMESPACE);
    await step('the controller runs', () => controller.start());
    await fetchCertificate();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await controller.remove();
    await dropNamespaces();
  });

  async function fetchCertificate(): Promise<void> {
    writeFileSync(inFolder('controller.crt'), await controller.certificate());
  }

  function run(...args: string[]): { status: number | null; said: string } {
    const node = ['-r', 'ts-node/register/transpile-only', path.join(ROOT, 'src/cli/main.ts')];
    const options = { cwd: ROOT, env: { ...process.env }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, 'seal', ...args], options);
    return { status, said: stdout + stderr };
  }

  /** Seals values into a file, for the certificate that was fetched last. */
  function seal(out: string, name: string, values: Record<string, string>, ...more: string[]): string {
    const files = Object.entries(values).flatMap(([key, value]) => {
      writeFileSync(inFolder(key), value);
      return ['--from-file', `${key}=${inFolder(key)}`];
    });
    const place = ['--name', name, '--namespace', NAMESPACE, '--out', out];
    const { status, said } = run('--cert', inFolder('controller.crt'), ...place, ...files, ...more);
    if (status !== 0) throw new Error(said);
    return said;
  }

  function ciphertexts(file = sealed): Record<string, string> {
    return parse(readFileSync(file, 'utf8')).spec.encryptedData;
  }

  /** Applies a file, and waits until its Secret has these values. */
  async function opens(file: string, name: string, values: Record<string, string>): Promise<void> {
    await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
    await until(`the Secret ${name} has the values`, async () => {
      const { data } = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'secret', name, '-o', 'json']));
      const found = Object.entries<string>(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
      expect(Object.fromEntries(found)).toEqual(values);
      return true;
    });
  }

  test.each(['strict', 'namespace-wide', 'cluster-wide'])('is opened in scope %s', async (scope) => {
    const [file, name] = [inFolder(`${scope}.yaml`), `of-${scope}`];
    const values = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: KEY, empty: '', unicode: 'é“😀\n' };
    seal(file, name, values, '--scope', scope);
    await opens(file, name, values);
  });

  test('is valid for the controller, but not under another name', () => {
    seal(sealed, NAME, { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: 'the first key, which is long' });
    expect(run('--validate', sealed, ...controller.options)).toMatchObject({ status: 0 });
    const other = inFolder('other.yaml');
    writeFileSync(other, readFileSync(sealed, 'utf8').replaceAll(`name: ${NAME}`, 'name: another'));
    expect(run('--validate', other, ...controller.options)).toMatchObject({ status: 1 });
  });

  test('has one value updated alone after the key was renewed, and the controller opens both', async () => {
    const [before, certificate] = [ciphertexts(), readFileSync(inFolder('controller.crt'), 'utf8')];
    await step('the key is renewed', () => controller.renewKey());
    await fetchCertificate();
    expect(readFileSync(inFolder('controller.crt'), 'utf8')).not.toBe(certificate);
    const said = seal(sealed, NAME, { AWS_SECRET_ACCESS_KEY: KEY });
    expect(said).toContain('AWS_ACCESS_KEY_ID was sealed with another certificate');
    expect(ciphertexts().AWS_ACCESS_KEY_ID).toBe(before.AWS_ACCESS_KEY_ID);
    expect(ciphertexts().AWS_SECRET_ACCESS_KEY).not.toBe(before.AWS_SECRET_ACCESS_KEY);
    expect(run('--validate', sealed, ...controller.options)).toMatchObject({ status: 0 });
    await opens(sealed, NAME, { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: KEY });
  });

  test('is sealed anew with the newest key, so that the old one is needed no more', async () => {
    const old = inFolder('old.yaml');
    writeFileSync(old, readFileSync(sealed));
    expect(run('--re-encrypt', sealed, ...controller.options)).toMatchObject({ status: 0 });
    expect(seal(sealed, NAME, { AWS_SECRET_ACCESS_KEY: KEY })).not.toContain('another certificate');
    await step('the old key is gone', () => controller.forgetOldKeys());
    expect(run('--validate', old, ...controller.options)).toMatchObject({ status: 1 });
    expect(run('--validate', sealed, ...controller.options)).toMatchObject({ status: 0 });
    await opens(sealed, NAME, { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: KEY });
  });
});
