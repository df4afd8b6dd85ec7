import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { S3Ca, S3CaSecret } from '../../../src';
import { chart } from '../../render';
import { testWith } from '../../programs/program';
import { cli, done, temporaryFolder } from '../cli';

const folder = temporaryFolder();

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8' });
}

function certificate(...file: string[]): X509Certificate {
  return new X509Certificate(readFileSync(path.join(folder, ...file)));
}

describe.each([
  ['RSA, as the guide has it', 'rsa', [], ['server.crt', 'server.key'], ['rsa', 4096, 2048]],
  ['ECDSA with the names of MinIO', 'ecdsa', ['--ecdsa', '--minio'], ['public.crt', 'private.key'], ['ec']],
] as const)('ca create: %s', (_, name, flags, [crt, key], [type, caBits, serverBits]) => {
  const out = path.join(folder, name);
  beforeAll(async () => {
    const names = ['--dns', 's3.minio.example.com', '--dns', '*.minio.example.com', '--ip', '127.0.0.1', '--ip', '::1'];
    await done(['ca', 'create', ...names, ...flags, '--out', out]);
  });

  testWith(['openssl'], 'OpenSSL verifies the server against the CA, strictly', () => {
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'a.minio.example.com'];
    expect(openssl(...args, '-CAfile', path.join(out, 'ca.crt'), path.join(out, crt))).toContain(': OK');
    const other = ['verify', '-verify_hostname', 'other.example.com', '-CAfile', path.join(out, 'ca.crt')];
    expect(() => execFileSync('openssl', [...other, path.join(out, crt)], { stdio: 'pipe' })).toThrow('mismatch');
  });

  test('keys have the promised type and size', () => {
    const details = (file: string) => certificate(name, file).publicKey.asymmetricKeyDetails;
    expect(certificate(name, 'ca.crt').publicKey.asymmetricKeyType).toBe(type);
    expect(details('ca.crt')?.modulusLength).toBe(caBits);
    expect(details(crt)?.modulusLength).toBe(serverBits);
  });

  testWith(['openssl'], 'extensions are those of a CA and of a server', () => {
    const ca = openssl('x509', '-noout', '-text', '-in', path.join(out, 'ca.crt'));
    expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE/);
    expect(ca).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
    const server = openssl('x509', '-noout', '-text', '-in', path.join(out, crt));
    expect(server).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(server).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication/);
    expect(server).toContain('DNS:s3.minio.example.com, DNS:*.minio.example.com, IP Address:127.0.0.1');
    const id = (text: string, kind: string) =>
      new RegExp(`${kind} Key Identifier: \\s+(?:keyid:)?([0-9A-F:]+)`).exec(text)?.[1];
    expect(id(server, 'Authority')).toBe(id(ca, 'Subject'));
    expect(id(server, 'Subject')).not.toBe(id(ca, 'Subject'));
  });

  test('private keys are for the owner alone, and git does not see them', () => {
    for (const file of ['ca.key', key]) expect(statSync(path.join(out, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(out, '.gitignore'), 'utf8')).toBe('*.key\n');
    expect(readdirSync(out).sort()).toEqual(['.gitignore', 'ca.crt', 'ca.key', key, crt].sort());
  });

  test('a TLS client that trusts the CA alone gets through, by name and by address', async () => {
    const read = (file: string) => readFileSync(path.join(out, file));
    const server = tls.createServer({ cert: read(crt), key: read(key) }, (socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const greeting = (servername?: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = tls.connect({ host: '127.0.0.1', port, servername, ca: read('ca.crt') });
        socket.once('data', (data) => {
          socket.destroy();
          resolve(data.toString());
        });
        socket.once('error', reject);
      });
    await expect(greeting('s3.minio.example.com')).resolves.toBe('hello');
    await expect(greeting()).resolves.toBe('hello');
    await expect(greeting('other.example.com')).rejects.toThrow("does not match certificate's altnames");
    server.close();
  });

  test('the library takes the CA', () => {
    const ca = S3Ca.fromFile(path.join(out, 'ca.crt'), { validAt: new Date() });
    expect(new S3CaSecret(chart(), 'ca', { ca }).pem).toBe(readFileSync(path.join(out, 'ca.crt'), 'utf8'));
  });
});

test('nothing is overwritten without --force, and with it everything is new', async () => {
  const out = path.join(folder, 'force');
  const args = ['ca', 'create', '--ecdsa', '--dns', 'a.example.com', '--out', out];
  mkdirSync(out);
  writeFileSync(path.join(out, '.gitignore'), 'manifests/');
  writeFileSync(path.join(out, 'server.key'), 'precious');
  const refused = await cli(args);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('server.key exists already; nothing was written');
  expect(readdirSync(out)).toEqual(['.gitignore', 'server.key']);
  await done([...args, '--force']);
  const first = certificate('force', 'ca.crt').serialNumber;
  await done([...args, '--force']);
  expect(certificate('force', 'ca.crt').serialNumber).not.toBe(first);
  expect(readFileSync(path.join(out, '.gitignore'), 'utf8')).toBe('manifests/\n*.key\n');
});

test('subject and days are as asked, and the clock of a late client is thought of', async () => {
  const subject = '/CN=Prüf-CA/O=Ein\\/Zwei GmbH/C=DE';
  const args = ['--ecdsa', '--dns', 'a.example.com', '--subject', subject, '--days', '20000'];
  const { json } = await done(['ca', 'create', ...args, '--out', path.join(folder, 'subject'), '--json']);
  expect(json.ca).toMatchObject({ subject: 'CN=Prüf-CA, O=Ein/Zwei GmbH, C=DE', ca: true, selfSigned: true });
  expect(json.server).toMatchObject({ subject: 'CN=a.example.com, O=Ein/Zwei GmbH, C=DE', ca: false });
  // beyond 2049 the date has another form
  expect(new Date(json.ca.notAfter).getUTCFullYear()).toBeGreaterThan(2050);
  expect(Date.parse(json.ca.notBefore)).toBeLessThan(Date.now() - 1000_000);
  expect(JSON.stringify(json)).not.toContain('PRIVATE');
});

test.each([
  ['no name', [], 'give the names of the S3 server'],
  ['a blank in a name', ['--dns', 'a b'], '--dns "a b" is not a DNS name'],
  ['a wildcard inside', ['--dns', 's3.*.example.com'], 'is not a DNS name'],
  ['an address as a name', ['--dns', '10.0.0.1'], 'is an IP address; use --ip'],
  ['a name as an address', ['--ip', 'minio'], 'is not an IP address; use --dns'],
  ['no common name', ['--dns', 'a.b', '--subject', '/O=x'], 'needs exactly one CN'],
  ['an unknown attribute', ['--dns', 'a.b', '--subject', '/CN=x/FOO=y'], '"FOO" is not one of CN'],
  ['a long country', ['--dns', 'a.b', '--subject', '/CN=x/C=Germany'], 'a country is two capital letters'],
  ['a long common name', ['--dns', 'a.b', '--subject', `/CN=${'x'.repeat(65)}`], 'CN has 65 characters; it holds 64'],
  ['days in words', ['--dns', 'a.b', '--days', 'ten'], '--days "ten" is not a whole number'],
  ['no days', ['--dns', 'a.b', '--days', '0'], '--days "0" is not a whole number'],
  ['days without end', ['--dns', 'a.b', '--days', '1e9'], '--days "1e9" is not a whole number'],
])('bad usage is named and nothing is written: %s', async (_, args, message) => {
  const out = path.join(folder, 'never');
  const ended = await cli(['ca', 'create', '--ecdsa', ...args, '--out', out]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(existsSync(out)).toBe(false);
});

test('a folder that can not be made is named', async () => {
  const file = path.join(folder, 'a-file');
  writeFileSync(file, '');
  const ended = await cli(['ca', 'create', '--ecdsa', '--dns', 'a.b', '--out', path.join(file, 'below')]);
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.stderr).toContain(`${file}/below can't be made: a part of the path is not a directory`);
});
